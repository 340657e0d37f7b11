"""Who paints what: claim, keep alive, skip, hand back, free what was left behind."""

from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from annotate.models import CHECKED, Assignment, DefectMask
from annotate.services import availability, honeypots
from annotate.services.assignment_start import begin, lock, locked_open, rows_lock, with_suggestion
from config.errors import Refused
from photos.models import Photo

CANDIDATES = 20
LOST = (
    "Your lease on this photo ended and somebody else has it now. "
    "Your work is kept as a draft and offered to the reviewers."
)
TAKEN_OVER = "A reviewer took over what you had left; it cannot be changed any more."


class Lost(Refused):
    """Somebody else has the photo now; ``revision`` is what was kept of the painter's work."""

    def __init__(self, revision: int | None = None) -> None:
        super().__init__(LOST)
        self.revision = revision


def claim_assignment(*, assessor: User) -> Assignment | None:
    """The next photo to paint: one's own first, then the most important; None when all is done.

    Own open work, then what was returned to me, then what my ended lease left and nobody
    took, then a honeypot where one is drawn, then new photos by priority, urgency and age.
    """
    mine = list(Assignment.objects.to_go_on_with(assessor))
    for own in mine:
        if own.state == Assignment.State.OPEN and own.renew():
            return own
    release_leases()
    return _go_on(mine) or honeypots.perhaps(assessor) or _take_new(assessor)


def take_back(assignment: Assignment) -> None:
    """A returned mask is its painter's again; taken up already, nothing changes."""
    with transaction.atomic():
        taken = assignment.mask.take_up() and assignment.reopen()
    if not taken and assignment.state != Assignment.State.OPEN:
        raise Refused("This mask did not come back to you.")


def _go_on(mine: list[Assignment]) -> Assignment | None:
    """What came back from review, the oldest first; then what an ended lease left behind."""
    returned = [own for own in mine if own.mask.state == DefectMask.State.RETURNED]
    for own in sorted(returned, key=lambda own: own.mask.created_at):
        with transaction.atomic():
            if own.mask.take_up() and own.reopen():
                return own
    left = [own for own in mine if own.state == Assignment.State.EXPIRED]
    return next((own for own in left if _regain(own)), None)


def _take_new(assessor: User) -> Assignment | None:
    """Takes one place on the most important photo that has one.

    Where rows can lock, somebody may have been quicker with each photo of the list. Each look has
    a transaction of its own: two people who keep photos locked and want each other's wait forever.
    SQLite's transaction holds the database, so that the first one is free.
    """
    waiting = availability.waiting_for_painter(assessor).values_list("pk", flat=True)
    try:
        if not rows_lock():
            with transaction.atomic():
                return _take(assessor, waiting.first())
        for photo_id in waiting[:CANDIDATES]:
            with transaction.atomic():
                if given := _take(assessor, photo_id):
                    return given
        with transaction.atomic():
            return _take(assessor, None)
    except IntegrityError:
        return None


def _take(assessor: User, photo_id: UUID | None) -> Assignment | None:
    if already := locked_open(assessor):
        return already
    if photo_id is None or (rows_lock() and not _still_free(photo_id)):
        return None
    return begin(photo_id, assessor, with_suggestion=with_suggestion())


def _still_free(photo_id: UUID) -> bool:
    lock(Photo.objects.filter(pk=photo_id))
    return availability.has_free_place(photo_id)


def heartbeat(*, assignment: Assignment) -> Assignment:
    hold(assignment)
    assignment.refresh_from_db(fields=["state", "lease_until"])
    return assignment


def hold(assignment: Assignment) -> None:
    """Extends the lease, and takes it back when it ended but nobody took the photo."""
    if assignment.renew() or _regain(assignment):
        return
    assignment.refresh_from_db()
    if assignment.state == Assignment.State.EXPIRED:
        if assignment.mask.state != DefectMask.State.DRAFT:
            raise Refused(TAKEN_OVER)
        raise Lost(assignment.mask.revision)
    raise Refused(_why_not(assignment))


def _regain(assignment: Assignment) -> bool:
    with transaction.atomic():
        lock(Photo.objects.filter(pk=assignment.photo_id))
        expired = Assignment.objects.filter(
            pk=assignment.pk, state=Assignment.State.EXPIRED, mask__state=DefectMask.State.DRAFT
        )
        free = assignment.purpose in CHECKED or availability.has_free_place(assignment.photo_id)
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
