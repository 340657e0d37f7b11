"""Unfinished masks of somebody who left: to a chosen person, else back to the queue."""

from django.contrib.auth.models import User
from django.db import transaction

from annotate.models import CHECKED, Assignment, DefectMask
from annotate.services.assignment_start import lock, with_suggestion
from annotate.services.mask_storage import fold
from photos.models import Photo


def hand_over_drafts(user: User, to: User | None) -> int:
    """Answers how many masks with something painted went. Her rows stay hers."""
    rows = Assignment.objects.unfinished(user).select_related("mask", "photo")
    return sum(hand_over_one(assignment, to) for assignment in rows)


def hand_over_one(assignment: Assignment | None, to: User | None) -> bool:
    """True when a draft went on; an empty one only frees its place."""
    if assignment is None:
        return False
    with transaction.atomic():
        lock(Photo.objects.filter(pk=assignment.photo_id))
        mask = assignment.mask
        mask.take_up()  # a returned one is a draft again
        if not assignment.leave() or assignment.purpose in CHECKED or not mask.revision:
            return False
        if to is not None and _may_go_on(to, assignment.photo):
            _begin_from(mask, to)
    return True


def _may_go_on(person: User, photo: Photo) -> bool:
    """Not on a photo that she painted herself: two of one person prove no agreement."""
    if Assignment.objects.filter(photo=photo, assessor=person).exists():
        return False
    there = Photo.objects.visible_to(person).with_leave()
    return there.filter(pk=photo.pk, state=Photo.State.READY).exists()


def _begin_from(draft: DefectMask, person: User) -> None:
    assignment = Assignment.objects.create(
        photo_id=draft.photo_id,
        assessor=person,
        lease_until=Assignment.lease_end(),
        with_suggestion=with_suggestion(),
    )
    DefectMask.objects.create(
        photo_id=draft.photo_id,
        assignment=assignment,
        author=person,
        parent=draft,
        tiles=fold(draft),
    )
