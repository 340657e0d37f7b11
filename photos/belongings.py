"""Everything that belongs to a photo, found in the models, and what of it may outlive an erasure.

Whatever leads to a photo by its keys is found by itself, so a new table or field belongs to the
photo from its first day: it must be empty after an erasure, or stand here with its reason.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db import models

from photos.models import Blob, Photo

STAYS = {
    "photos.Erasure.digests": "what is looked for, to prove that it is gone",
    "photos.Erasure.because": "why, in the words of whoever erased it",
    "training.SnapshotItem.image_digest": "so that a run still says what it saw",
    "training.SnapshotItem.mask_digest": "so that a run still says what it saw",
    "evaluation.Ballot.token": "the address of a ballot, which opens nothing any more",
    "evaluation.Ballot.slots": "numbers: the order in which candidates were shown",
    "evaluation.BlindCopy.flaw": "a word of ours: how the copy was spoilt",
    "evaluation.BlindCopy.figures": "two numbers: what was changed beside the task",
    "evaluation.BlindCopy.pixels_sha256": "an export is checked with it",
    "evaluation.Vote.reasons": "words of ours that a voter ticked",
    "evaluation.Vote.voter_pseudonym": "of the voter, not of the photo",
    "evaluation.Vote.record": "numbers, digests and the plan's name of the photo, under the hash",
    "evaluation.Vote.previous_hash": "the chain of votes",
    "evaluation.Vote.hash": "the chain of votes",
}
"""Fields of rows that lead to an erased photo and may still hold something, with the reason."""
ANYWHERE = {
    "jobs.Job.params": "ids: what the work was about",
    "jobs.Job.key": "ids: so that work is asked for once",
    "jobs.Job.kind": "the name of a function",
    "jobs.Job.lease_owner": "the worker that did it",
    "jobs.Job.request_id": "a number in the log",
    "accounts.Notice.key": "ids: so that a thing is told once",
    "accounts.Notice.path": "ids: the page that shows it",
    "accounts.AuditEvent.of": "ids: who erased it, and who had it before",
    "evaluation.Study.plan": "the plan that was opened: ids and digests under its own digest",
    "admin.LogEntry.object_id": "ids of what was looked at in the admin site",
}
"""Fields that lead to no photo by a key and may name its id."""
EMPTY: tuple[Any, ...] = (None, "", [], {}, "Erased", "erased")  # what an erasure writes
FOLDERS = {
    "MEDIA_ROOT": "files by their digests, which rows name; in every backup",
    "RUNS_ROOT": "copies by digest while a run works, made anew, strokes; the proof looks there",
    "ENCODERS_ROOT": "published weights; nothing of a photo",
    "JOINED_ROOT": "scripts joined into one; nothing of a photo",
    "STATIC_ROOT": "scripts and styles; nothing of a photo",
}
"""Settings that name a folder of the product, and what of a photo may lie there."""


@cache
def paths() -> dict[type[models.Model], str]:
    """Every model that leads to a photo by its keys, and the shortest way there."""
    found: dict[type[models.Model], str] = {Photo: "pk"}
    left: list[type[models.Model]] = [Photo]
    for target in left:
        for relation in target._meta.get_fields(include_hidden=True):
            if not isinstance(relation, models.ManyToOneRel):
                continue
            model, name = relation.related_model, relation.field.name
            if model not in found:
                found[model] = name if target is Photo else f"{name}__{found[target]}"
                left.append(model)
    return found


def label(field: "models.Field[Any, Any]") -> str:
    return f"{field.model._meta.label}.{field.name}"


def telling(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    """Fields that can hold a picture, a place in it, or a word: files, JSON, free text."""
    return [field for field in model._meta.concrete_fields if _tells(field)]


def _tells(field: "models.Field[Any, Any]") -> bool:
    if field.is_relation:
        return field.related_model is Blob
    free_text = isinstance(field, models.CharField | models.TextField) and not field.choices
    return (free_text or isinstance(field, models.JSONField | models.FileField)) and not (
        field.primary_key
    )


def left_of(photo: Photo) -> Iterator[str]:
    """Fields that still hold something of an erased photo, and are not declared to."""
    for model, path in paths().items():
        rows = model._base_manager.filter(**{path: photo.pk})
        for field in telling(model):
            if label(field) in STAYS:
                continue
            values = rows.values_list(field.attname, flat=True)
            if count := sum(value not in EMPTY for value in values):
                yield f"{count} of {label(field)}"
