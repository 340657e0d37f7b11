"""Photos come in and are read; an album of them gets another name."""

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from config.errors import Refused
from config.registry import Registry
from config.words.said import said
from jobs.job_context import Precedence, Work
from jobs.job_functions import job
from photos import storage
from photos.decoding import scans
from photos.models import Album, Blob, Origin, Photo
from photos.models.photos import PhotoQuerySet

OVERLAP_PERCENT = 10
NAME_LENGTH = 500
results_of: Registry[Callable[[PhotoQuerySet], int]] = Registry("belongings")
"""How many of the photos have a result that can be handed out."""
renamed: Registry[Callable[[Album, str], None]] = Registry("belongings")
"""Called with an album under its new name, and its old name: whatever kept that follows."""


def drawn(percent: int) -> bool:
    """A draw that nobody can foresee."""
    return secrets.randbelow(100) < percent


def keep_original(file: storage.Readable | bytes | Path | Blob) -> Blob:
    """The file byte for byte, hashed and stored; one that is stored already is taken as it is."""
    if isinstance(file, Blob):
        return file
    return storage.put(file, "application/octet-stream", limit=settings.SCAN_MAX_BYTES)


def twins(digest: str) -> PhotoQuerySet:
    """Photos of this very file that the lab may know of."""
    rows = Photo.objects.filter(original_id=digest, page=1).with_leave()
    return rows.exclude(state=Photo.State.ERASED).exclude(origin=Origin.PRACTICE)


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
    salvage: bool = False,
    page: int = 1,
    page_of: Photo | None = None,
    framed_of: Photo | None = None,
    reading: Mapping[str, Any] | None = None,
    original_name: str = "",
    read_later: bool = True,
) -> Photo:
    """Keeps the file byte for byte; a worker reads it. Nothing is decoded here.

    ``original_name`` is the file's name with its ending and, where it is known, its folder; a
    visitor's is kept with leave only. ``read_later=False`` where another job is about to read it:
    two would do the same work.
    """
    original = keep_original(file)
    if not original.size:
        raise Refused(said("scan.empty"))
    with transaction.atomic():
        photo = Photo.objects.create(
            original=original,
            title=title[:200] or "Untitled",
            original_name=kept_name(original_name, origin, training_allowed),
            origin=origin,
            created_by=created_by,
            wants_mask=wants_mask,
            masks_wanted=2 if wants_mask and drawn(OVERLAP_PERCENT) else 1,
            training_allowed=training_allowed,
            album=album[:120],
            source=source[:300],
            licence=licence[:120],
            true_mask=true_mask,
            salvage=salvage,
            page=page,
            page_of=page_of,
            framed_of=framed_of,
            reading=dict(reading) if reading else None,
        )
        if read_later:
            _prepare_later(photo)
    return photo


def kept_name(name: str, origin: str, leave: bool) -> str:
    """The end of a path of any system; nothing of a visitor's without leave."""
    if origin == Origin.VISITOR and not leave:
        return ""
    return name.replace("\\", "/").replace("\x00", "").lstrip("/")[-NAME_LENGTH:]


def read_photo_again(*, photo: Photo, salvage: bool, read_later: bool = True) -> None:
    """A refused scan is read once more; with ``salvage`` a truncated file gives what it has."""
    with transaction.atomic():
        if not photo.read_again(salvage=salvage):
            raise Refused("Only a refused photo can be read again.")
        if read_later:
            _prepare_later(photo)


def _prepare_later(photo: Photo) -> None:
    reading = prepare_photo.using(
        title=said("job.read", photo=photo.name_in_logs), created_by=photo.created_by
    )
    reading.later(photo_id=str(photo.pk))


@job(Precedence.PREVIEW)
def prepare_photo(work: Work, photo_id: str) -> None:
    """Reads a new scan. A refusal is written on the photo and is the job's reason as well."""
    photo = Photo.objects.get(pk=UUID(photo_id))
    work.progress(0.1, said("scan.reading"))
    read_photo(photo)
    if photo.state == Photo.State.REFUSED:
        raise Refused(photo.reason)


def read_photo(photo: Photo) -> Photo:
    """Decodes a received photo and writes READY or REFUSED; the one call for workers."""
    if photo.state != Photo.State.RECEIVED or photo.original is None:
        return photo
    within = scans.limits(salvage=photo.salvage, page=photo.page, **(photo.reading or {}))
    try:
        with (
            storage.local_file(photo.original) as source,
            scans.decoded(source, within=within) as result,
        ):
            if result.facts.pop("sha256") != photo.original.digest:
                raise scans.RefusedScan(said("scan.not-the-one"))
            files = _keep(result)
    except scans.RefusedScan as reason:
        photo.refuse_scan(reason.said)
        return photo
    facts = {name: value for name, value in result.facts.items() if not name.startswith("has_")}
    if not photo.accept_scan(**facts, **files):
        _drop(files)  # the photo was erased while it was being read
        return photo
    add_other_pages(photo)
    return photo


def add_other_pages(photo: Photo) -> None:
    """Each further photograph of the file becomes one, as if it had been sent by itself."""
    if photo.original is None or photo.page != 1 or photo.framed_of_id:
        return
    count = int(photo.transform.get("pages", 1))
    left_out = {
        1,
        photo.transform.get("infrared_page"),
        *photo.pages.values_list("page", flat=True),
    }
    name, file_name = PurePath(photo.title), PurePath(photo.original_name)
    for number in (number for number in range(1, count + 1) if number not in left_out):
        add_photo(
            file=photo.original,
            title=f"{name.stem}.p{number}{name.suffix}",
            original_name=str(file_name.with_name(f"{file_name.stem}.p{number}{file_name.suffix}"))
            if photo.original_name
            else "",
            origin=photo.origin,
            created_by=photo.created_by,
            wants_mask=photo.wants_mask,
            training_allowed=photo.training_allowed,
            album=photo.album,
            source=photo.source,
            licence=photo.licence,
            salvage=photo.salvage,
            page=number,
            page_of=photo,
            reading=photo.reading,
            read_later=photo.origin != Origin.VISITOR,
        )


def _drop(files: dict[str, Blob | None]) -> None:
    for blob in files.values():
        if blob is not None:
            storage.erase(blob)


def _keep(result: scans.Decoded) -> dict[str, Blob | None]:
    folder = result.folder
    return {
        "working": storage.put(folder / "working.png", "image/png"),
        "display": storage.put(folder / "display.jpg", "image/jpeg"),
        "preview": storage.put(folder / "preview.jpg", "image/jpeg"),
        "thumbnail": storage.put(folder / "thumbnail.jpg", "image/jpeg"),
        "cost_map": storage.put(result.cost, "image/png") if result.cost else None,
        "tiles": storage.put(result.tiles, "application/zip") if result.tiles else None,
        "infrared": storage.put(result.infrared, "image/png") if result.infrared else None,
    }


def count_results(photos: PhotoQuerySet) -> int:
    return sum(count(photos) for count in results_of.all())


@transaction.atomic
def rename_album(album: Album, name: str) -> None:
    """Its photos and whatever names it follow. Raises Refused for a name that is taken.

    Two albums never become one so: a split of a training set keeps an album on one side.
    """
    old = Album.objects.select_for_update().get(pk=album.pk).name
    name = name.strip()
    if name == old:
        return
    taken = Album.objects.filter(name=name).exists() or Photo.objects.filter(album=name).exists()
    if not name or taken:
        raise Refused("Another album has this name; give one that is free.")
    Album.objects.filter(pk=album.pk).update(name=name)
    Photo.objects.filter(album=old).update(album=name)
    album.name = name
    for follow in renamed.all():
        follow(album, old)
