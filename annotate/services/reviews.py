"""Reviewers accept, return or repair."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from annotate.models import Assignment, DefectMask, Purpose, Review
from annotate.quality.quality_metrics import class_areas
from annotate.quality.scoring import Box, component_at
from annotate.services import active_learning
from annotate.services.mask_storage import fold, read_mask
from config.errors import Refused
from photos.masks.arrays import digest

MISSED = "missed"


def review_mask(
    *,
    reviewer: User,
    mask: DefectMask,
    verdict: str,
    comment: str = "",
    marks: list[Any] | None = None,
) -> Review:
    """Accepts a mask or returns it to its author, with words; never one's own.

    The verdict is for the revision that the reviewer saw (``mask.revision``).
    """
    if mask.author_id == reviewer.pk:
        raise Refused("Somebody else has to review your own mask.")
    if verdict not in Review.Verdict:
        raise Refused("A mask is either accepted or returned.")
    returned = verdict == Review.Verdict.RETURNED
    if returned and not (comment.strip() or marks):
        raise Refused("Say what is wrong with the mask, so that its author can mend it.")
    marks = _on_components(mask, marks) if marks else []
    with transaction.atomic():
        if not (_return(mask) if returned else _accept(mask)):
            raise Refused("This mask is not waiting for a review any more.")
        active_learning.refresh_album_of(mask.photo)
        return Review.objects.create(
            mask=mask,
            reviewer=reviewer,
            verdict=verdict,
            revision=mask.revision,
            comment=comment.strip(),
            marks=marks,
        )


def _on_components(mask: DefectMask, marks: list[Any]) -> list[Any]:
    """Each mark with the box of the component that it is about; none where paint is missing."""
    pixels = read_mask(mask)

    def box(mark: dict[str, Any]) -> Box | None:
        return None if mark["word"] == MISSED else component_at(pixels, mark["x"], mark["y"])

    return [{**mark, "box": box(mark)} for mark in marks]


def _accept(mask: DefectMask) -> bool:
    if mask.state == DefectMask.State.DRAFT and not mask.is_kept_draft:
        return False
    if mask.digest and mask.state == DefectMask.State.SUBMITTED:
        return mask.accept()
    fold(mask)
    pixels = read_mask(mask)
    return mask.accept(digest=digest(pixels), areas=class_areas(pixels))


def _return(mask: DefectMask) -> bool:
    if mask.assignment is None:
        raise Refused("This mask was imported: nobody painted it here who could mend it.")
    return mask.send_back()


def repair_mask(*, reviewer: User, mask: DefectMask) -> Assignment:
    """The reviewer paints on: a new revision with a parent; the old one stays as it is."""
    if mask.photo.assignments.open().filter(assessor=reviewer).exists():
        raise Refused("You are painting this photo already.")
    with transaction.atomic():
        assignment = Assignment.objects.create(
            photo=mask.photo,
            assessor=reviewer,
            lease_until=Assignment.lease_end(),
            purpose=Purpose.REPAIR,
            with_suggestion=False,
        )
        DefectMask.objects.create(
            photo=mask.photo,
            assignment=assignment,
            author=reviewer,
            parent=mask,
            tiles=fold(mask),
        )
    return assignment
