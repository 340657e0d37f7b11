"""Erases a person's photograph: every file, every mask, and what other rooms made of it.

The row of the photo stays to say that it was erased; snapshots and votes keep digests and numbers,
which show nobody. Other rooms have their say in functions marked
`@eraser` in their `erasure` modules.
"""

import logging
from collections.abc import Callable, Iterable

from django.contrib.auth.models import User
from django.db import models, transaction

from config.registry import Registry
from config.words.said import said
from jobs.models import Job, JobLine
from photos import storage
from photos.models import Album, Blob, Erasure, Photo

log = logging.getLogger(__name__)
NAMES = (
    "original", "working", "display", "preview", "thumbnail", "cost_map", "tiles", "infrared",
    "true_mask",
)  # fmt: skip
eraser: Registry[Callable[[Photo], Iterable[str]]] = Registry("erasure")
"""Marks what a room forgets of a photo; it answers the digests of files that may go too."""


def erase_photo(*, photo: Photo, erased_by: User | None = None, because: str = "") -> None:
    """One transaction for the rows, then the files at once.

    Raises Refused, and changes nothing, where another room has a reason (an open study).
    """
    photo.refresh_from_db()
    for framing in photo.framings.exclude(state=Photo.State.ERASED):  # the same picture, cut
        erase_photo(photo=framing, erased_by=erased_by, because=because)
    gone = {getattr(photo, f"{name}_id") for name in NAMES}
    album = photo.album
    with transaction.atomic():
        # First, so that a worker who still makes something of it waits here and then finds it gone.
        Photo.objects.filter(pk=photo.pk).update(
            state=Photo.State.ERASED,
            title="Erased",
            original_name="",
            search_text="erased",
            reason="",
            source="",
            album="",
            licence="",
            reading=None,
            note="",
            marks=[],
            wants_mask=False,
            meant_for=None,
            transform={},
            **dict.fromkeys(NAMES),
        )
        for erase in reversed(eraser.all()):  # a study refuses before anything else is touched
            gone |= set(erase(photo))
        Album.forget_empty(album)
        forget_words(Job.objects.filter(params__photo_id=str(photo.pk)))
        forget_words(Job.objects.filter(params__photo=str(photo.pk)))
        gone -= {None, ""}
        Erasure.objects.create(
            photo=photo, by=erased_by, because=because[:300], digests=sorted(map(str, gone))
        )
    for blob in Blob.objects.filter(pk__in=gone):
        storage.erase(blob)
    photo.refresh_from_db()
    log.info("photo %s erased by %s", photo.pk, erased_by.pk if erased_by else "the system")


def forget_words(jobs: models.QuerySet[Job]) -> None:
    """Titles and log lines of work may hold a file's name, and so a person's."""
    JobLine.objects.filter(job__in=jobs).delete()
    jobs.update(title=said("job.erased"), message="", error="")
