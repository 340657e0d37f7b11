"""Photos whose true mask is known, given out like any other to see how well people paint."""

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet

from annotate.models import Assignment, DefectMask, Purpose
from annotate.services.assignment_start import begin, locked_open, with_suggestion
from config.errors import Refused
from photos.models import Photo
from photos.services import drawn

HONEYPOT_PERCENT = 5


def perhaps(assessor: User) -> Assignment | None:
    """Now and then one of the honeypots that this person has not seen, the least served first."""
    if not drawn(HONEYPOT_PERCENT):
        return None
    truth = unseen_by(assessor).first()
    if truth is None:
        return None
    facts = {"purpose": Purpose.HONEYPOT, "truth": truth, "with_suggestion": with_suggestion()}
    try:
        with transaction.atomic():
            return locked_open(assessor) or begin(truth.photo_id, assessor, **facts)
    except IntegrityError:
        return None


def unseen_by(person: User) -> QuerySet[DefectMask]:
    """The honeypots whose photo this person never had, nor painted the truth of."""
    had = Assignment.objects.filter(assessor=person).values("photo")
    rows = (
        DefectMask.objects.accepted()
        .with_leave()
        .filter(is_honeypot=True, photo__state=Photo.State.READY)
    )
    rows = rows.exclude(photo__in=had).exclude(author=person)
    return rows.annotate(served=Count("tests")).order_by("served", "created_at")


def set_honeypot(*, mask: DefectMask, on: bool) -> None:
    """Any accepted mask can become one, at any time, and cease to be one."""
    if not mask.be_honeypot(on=on):
        raise Refused("Only an accepted mask can be what others are compared with.")
