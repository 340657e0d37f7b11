"""The photo to learn on: its damage is known, so a mask of it can be graded at once."""

from dataclasses import asdict
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from annotate.models import Assignment, DefectMask, Purpose
from annotate.quality.scoring import Grade, grade
from annotate.services.assignment_start import begin
from annotate.services.mask_storage import read_mask
from annotate.services.strokes import Stale
from config.errors import Refused
from photos import storage
from photos.masks.arrays import Mask
from photos.masks.tiles import assemble, read_packed
from photos.models import Origin, Photo

NOT_YET = "The photo to practise on is still being prepared; try again in a minute."


def practice_photo() -> Photo | None:
    rows = Photo.objects.filter(origin=Origin.PRACTICE, true_mask__isnull=False)
    return rows.filter(state=Photo.State.READY).order_by("created_at").first()


def start_practice(*, assessor: User, afresh: bool = False) -> Assignment:
    """One's own practice photo as one left it, or empty again."""
    photo = practice_photo()
    if photo is None:
        raise Refused(NOT_YET)
    own = Assignment.objects.filter(assessor=assessor, photo=photo, purpose=Purpose.PRACTICE)
    latest = own.filter(mask__state=DefectMask.State.DRAFT).first()
    if latest and not afresh and (latest.renew() or latest.reopen()):
        return latest
    for assignment in own.open():
        assignment.release(passes_draft_on=False)
    try:
        with transaction.atomic():
            return begin(photo.pk, assessor, purpose=Purpose.PRACTICE, with_suggestion=False)
    except IntegrityError:  # asked twice at once
        return own.open().get()


def grade_practice(*, assignment: Assignment, revision: int | None = None) -> Grade:
    """What the saved mask is worth; of the revision that the painter means, where it says one."""
    if assignment.purpose != Purpose.PRACTICE:
        raise Refused("Only the practice photo is graded.")
    mask = assignment.mask
    if revision is not None and mask.revision != revision:
        raise Stale(mask.revision)
    return grade(read_mask(mask), true_mask(assignment.photo))


def true_mask(photo: Photo) -> Mask:
    """The known damage of a synthetic photo (H x W class bits)."""
    if photo.true_mask is None:
        raise Refused("The damage of this photo is not known.")
    size = {"width": photo.width, "height": photo.height}
    return assemble(read_packed(storage.read(photo.true_mask), **size), **size)


def as_facts(result: Grade) -> dict[str, Any]:
    """The grade for the painter, figures rounded."""
    figures = {
        name: None if value != value else round(value, 4)  # NaN: nothing to recall
        for name, value in asdict(result.figures).items()
    }
    parts = {"missed": result.missed, "extra": result.extra}
    return {
        **figures,
        "found": result.found,
        "present": result.present,
        **{name: [asdict(part) for part in found] for name, found in parts.items()},
    }
