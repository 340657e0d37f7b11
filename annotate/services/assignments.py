"""Who paints what: claim, keep alive, skip, hand back, free what was left behind."""

from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from annotate import places
from annotate.models import CHECKED, Assignment, DefectMask, Photo, Purpose
from annotate.services.photos import drawn
from annotate.services.reading import fold
from jobs.errors import Refused

CONTROL_PERCENT = 15
CANDIDATES = 20
LOST = (
    "Your lease on this photo ended and somebody else has it now. "
    "Your work is kept as a draft and offered to the reviewers."
)


class Lost(Refused):
    """Somebody else has the photo now; ``revision`` is what was kept of the painter's work."""

    def __init__(self, revision: int | None = None) -> None:
        super().__init__(LOST)
        self.revision = revision


def claim_assignment(*, assessor: User) -> Assignment | None:
    """The next photo to paint: one's own first, then the most important; None when all is done.

    Own open work, then what was returned to me, then what my ended lease left and nobody
    took, then new photos by priority and age.
    """
    mine = Assignment.objects.filter(assessor=assessor).exclude(purpose=Purpose.PRACTICE)
    for own in mine.open():
        if own.renew():
            return own
    release_leases()
    return _take_returned(assessor) or _take_up_again(assessor) or _take_new(assessor)


def _take_returned(assessor: User) -> Assignment | None:
    returned = DefectMask.objects.filter(
        state=DefectMask.State.RETURNED, assignment__assessor=assessor
    ).order_by("created_at")
    for mask in returned.select_related("assignment"):
        with transaction.atomic():
            if mask.assignment and mask.take_up() and mask.assignment.reopen():
                return mask.assignment
    return None


def _take_up_again(assessor: User) -> Assignment | None:
    left = Assignment.objects.filter(
        assessor=assessor,
        state=Assignment.State.EXPIRED,
        purpose=Purpose.WORK,
        mask__state=DefectMask.State.DRAFT,
        photo__state=Photo.State.READY,
    )
    for assignment in left.select_related("photo").order_by("-created_at")[:CANDIDATES]:
        if _regain(assignment):
            return assignment
    return None


def _take_new(assessor: User) -> Assignment | None:
    for photo_id in places.waiting_for_painter(assessor).values_list("pk", flat=True)[:CANDIDATES]:
        if assignment := _assign(photo_id, assessor):
            return assignment
    return None


def _assign(photo_id: UUID, assessor: User) -> Assignment | None:
    """Takes one place on a photo; the locked rows make the counts hold where rows can lock."""
    try:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=assessor.pk)
            already = Assignment.objects.open().filter(assessor=assessor)
            if twice := already.exclude(purpose=Purpose.PRACTICE).first():
                return twice  # by a double click
            photo = Photo.objects.select_for_update().get(pk=photo_id)
            if not places.has_free_place(photo):
                return None
            assignment = Assignment.objects.create(
                photo=photo,
                assessor=assessor,
                lease_until=Assignment.lease_end(),
                with_suggestion=not drawn(CONTROL_PERCENT),
            )
            _start_mask(assignment)
    except IntegrityError:
        return None
    assignment.refresh_from_db()
    return assignment


def _start_mask(assignment: Assignment) -> DefectMask:
    """An empty mask, or a copy of the draft that somebody handed back for the next person."""
    passed_on = (
        DefectMask.objects.kept_drafts()
        .filter(photo=assignment.photo, assignment__passes_draft_on=True)
        .first()
    )
    return DefectMask.objects.create(
        photo=assignment.photo,
        assignment=assignment,
        author=assignment.assessor,
        parent=passed_on,
        tiles=fold(passed_on) if passed_on else None,
    )


def heartbeat(*, assignment: Assignment) -> Assignment:
    hold(assignment)
    return assignment


def hold(assignment: Assignment) -> None:
    """Extends the lease, and takes it back when it ended but nobody took the photo."""
    if assignment.renew() or _regain(assignment):
        return
    assignment.refresh_from_db()
    if assignment.state == Assignment.State.EXPIRED:
        raise Lost(assignment.mask.revision)
    raise Refused(_why_not(assignment))


def _regain(assignment: Assignment) -> bool:
    with transaction.atomic():
        photo = Photo.objects.select_for_update().get(pk=assignment.photo_id)
        expired = Assignment.objects.filter(pk=assignment.pk, state=Assignment.State.EXPIRED)
        free = assignment.purpose in CHECKED or places.has_free_place(photo)
        return expired.exists() and free and assignment.reopen()


def _why_not(assignment: Assignment) -> str:
    assignment.refresh_from_db()
    return {
        Assignment.State.SUBMITTED: "This mask is submitted; it cannot be changed any more.",
        Assignment.State.SKIPPED: "You skipped this photo.",
        Assignment.State.RELEASED: "You handed this photo back.",
    }.get(Assignment.State(assignment.state), LOST)


def skip(*, assignment: Assignment, reason: str) -> None:
    """Needs a reason; three skips take the photo out of the queue until a reviewer looks."""
    if not reason.strip():
        raise Refused("Say why you skip this photo.")
    if not assignment.skip(reason.strip()):
        raise Refused(_why_not(assignment))


def release(*, assignment: Assignment, passes_draft_on: bool = True) -> None:
    """Hands the photo back; its draft stays, by choice for whoever comes next."""
    if not assignment.release(passes_draft_on=passes_draft_on):
        raise Refused(_why_not(assignment))


def release_leases() -> int:
    """Frees photos whose painter went away; their drafts stay."""
    return Assignment.objects.lease_ended().update(state=Assignment.State.EXPIRED)
