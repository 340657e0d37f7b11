"""Photos come in: kept byte for byte, and queued to be read."""

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from config.errors import Refused
from photos import storage
from photos.models import Blob, Origin, Photo
from photos.services.jobs import prepare_photo

OVERLAP_PERCENT = 10


def drawn(percent: int) -> bool:
    """A draw that nobody can foresee."""
    return secrets.randbelow(100) < percent


def keep_original(file: storage.Readable | bytes | Path | Blob) -> Blob:
    """The file byte for byte, hashed and stored; one that is stored already is taken as it is."""
    if isinstance(file, Blob):
        return file
    return storage.put(file, "application/octet-stream", limit=settings.SCAN_MAX_BYTES)


def add_photo(
    *,
    file: storage.Readable | bytes | Path | Blob,
    title: str,
    origin: str = Origin.IMPORT,
    created_by: User | None = None,
    wants_mask: bool = False,
    training_allowed: bool = False,
    album: str = "",
    source: str = "",
    licence: str = "",
    true_mask: Blob | None = None,
    read_later: bool = True,
) -> Photo:
    """Keeps the file byte for byte; a worker reads it. Nothing is decoded here.

    ``read_later=False`` where another job is about to read it: two would do the same work.
    """
    original = keep_original(file)
    if not original.size:
        raise Refused("This file is empty.")
    with transaction.atomic():
        photo = Photo.objects.create(
            original=original,
            title=title[:200] or "Untitled",
            origin=origin,
            created_by=created_by,
            wants_mask=wants_mask,
            masks_wanted=2 if wants_mask and drawn(OVERLAP_PERCENT) else 1,
            training_allowed=training_allowed,
            album=album[:120],
            source=source[:300],
            licence=licence[:120],
            true_mask=true_mask,
        )
        if read_later:
            _prepare_later(photo)
    return photo


def read_photo_again(*, photo: Photo, salvage: bool, read_later: bool = True) -> None:
    """A refused scan is read once more; with ``salvage`` a truncated file gives what it has."""
    with transaction.atomic():
        if not photo.read_again(salvage=salvage):
            raise Refused("Only a refused photo can be read again.")
        if read_later:
            _prepare_later(photo)


def _prepare_later(photo: Photo) -> None:
    reading = prepare_photo.using(title=f"Read {photo.title}", created_by=photo.created_by)
    reading.later(photo_id=str(photo.pk))
