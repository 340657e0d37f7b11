"""What is left of a photo that was erased, in any room."""

from collections.abc import Collection, Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models

from evaluation.models import BlindCopy
from photos import storage
from photos.belongings import left_of
from photos.models import Blob, Photo
from training.run_folder import RunError, RunFolder

# Rows that may go on naming an erased photo: they hold digests and numbers, no picture.
MAY_STAY = {"SnapshotItem", "Ballot", "BlindCopy", "Study_photos", "Erasure"}


def remains(photo: Photo) -> Iterator[str]:
    """What is still there of a photo that was erased; nothing, if all is well.

    Every row of every room that points at it, every file it had, and every run's folder.
    """
    for relation in Photo._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.field.remote_field:
            model, field = relation.related_model, relation.field.name
            rows = model._base_manager.filter(**{field: photo})
            count = 0 if model.__name__ in MAY_STAY else rows.count()
            yield from [f"{count} rows of {model._meta.verbose_name_plural}"] if count else []
    yield from left_of(photo)
    yield from _pictures_left(photo)


def _pictures_left(photo: Photo) -> Iterator[str]:
    photo.refresh_from_db()
    if photo.state != Photo.State.ERASED or photo.title != "Erased":
        yield "the photo itself"
    if BlindCopy.objects.filter(photo=photo).exclude(image=None).exists():
        yield "blind copies"
    digests = {name for row in photo.erasures.all() for name in row.digests}
    shared = {digest for digest in digests if _somebody_elses(digest)}
    for digest in digests - shared:
        if Blob.objects.filter(pk=digest).exists() or _stored(digest):
            yield f"the file {digest}"
        for path in Path(settings.RUNS_ROOT).rglob(f"*{digest}*"):
            yield f"a copy in a training folder: {path.name}"
    yield from _told_by_runs(digests - shared)


def _somebody_elses(digest: str) -> bool:
    """Whether somebody else sent the very same bytes."""
    blob = Blob.objects.filter(pk=digest).first()
    return blob is not None and storage.is_referenced(blob)


def _stored(digest: str) -> bool:
    return bool(default_storage.exists(storage.key_of(digest)))


def _told_by_runs(digests: Collection[str]) -> Iterator[str]:
    for lines in Path(settings.RUNS_ROOT).glob("*/items.jsonl"):
        name = lines.parent.name
        try:
            if RunFolder(lines.parent).telling_of(digests):
                yield f"what a training folder says of it: {name}"
        except RunError:
            yield f"a training folder that cannot be read: {name}"
