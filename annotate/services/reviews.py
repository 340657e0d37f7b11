"""Reviewers accept, return or repair."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from annotate.models import Agreement, Assignment, DefectMask, Purpose, Review
from annotate.quality.quality_metrics import class_areas
from annotate.quality.scoring import Box, component_at
from annotate.services import active_learning
from annotate.services.handing_over import hand_over_one
from annotate.services.mask_storage import fold, read_mask
from config.errors import Refused
from config.web.roles import may
from photos.masks.arrays import digest
from photos.models import Photo

MISSED = "missed"
START, ELSEWHERE = "start", "elsewhere"


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
    if reason := why_not_reviewer(reviewer, mask):
        raise Refused(reason)
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
        if returned and mask.author is not None and not mask.author.is_active:
            hand_over_one(mask.assignment, None)  # to nobody who could mend it
        return Review.objects.create(
            mask=mask,
            reviewer=reviewer,
            verdict=verdict,
            revision=mask.revision,
            comment=comment.strip(),
            marks=marks,
        )


def why_not_reviewer(reviewer: User, mask: DefectMask) -> str:
    """Nobody reviews what is his own, painted or brought in; empty for anybody else."""
    if mask.author_id == reviewer.pk:
        return "Somebody else has to review your own mask."
    if mask.brought is not None and mask.brought.created_by_id == reviewer.pk:
        return "You brought this mask in: somebody else has to review it."
    return ""


def accept_elsewhere(*, admin: User, mask: DefectMask, because: str) -> None:
    """An admin's word that a mask was checked before it came here: it trains, and is no review."""
    if not may(admin, "admin"):
        raise Refused("Only admins say that a mask was accepted elsewhere.")
    if not because.strip():
        raise Refused("Say why the mask counts as accepted without a review here.")
    if mask.origin != DefectMask.Origin.IMPORTED or mask.state != DefectMask.State.SUBMITTED:
        raise Refused("Only an imported mask that waits for a review can be accepted elsewhere.")
    with transaction.atomic():
        if not mask.accept(accepted_because=because.strip()[:300]):
            raise Refused("This mask is not waiting for a review any more.")
        active_learning.refresh_album_of(mask.photo)


def give_as_start(*, mask: DefectMask) -> None:
    """An imported mask becomes the draft of whoever paints the photo next."""
    if mask.origin != DefectMask.Origin.IMPORTED or mask.assignment_id is not None:
        raise Refused("Only an imported mask can be given to painters as their start.")
    with transaction.atomic():
        if not mask.be_start():
            raise Refused("This mask is not waiting for a review any more.")
        Photo.objects.filter(pk=mask.photo_id).update(wants_mask=True)


def decide(*, by: User, mask: DefectMask, verdict: str, comment: str) -> None:
    """One of the four words that a list of masks can be given; Refused for a reason of this one."""
    if verdict == START:
        give_as_start(mask=mask)
    elif verdict == ELSEWHERE:
        accept_elsewhere(admin=by, mask=mask, because=comment)
    else:
        review_mask(reviewer=by, mask=mask, verdict=verdict, comment=comment)


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
    """What it was compared with is void at once: a wrong mask judges nobody, and no network."""
    if mask.assignment is None and mask.origin != DefectMask.Origin.IMPORTED:
        raise Refused("Nobody painted this mask here who could mend it.")
    if not mask.send_back():
        return False
    of_mask = Q(first=mask) | Q(second=mask)
    Agreement.objects.filter(of_mask).delete()
    return True


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
