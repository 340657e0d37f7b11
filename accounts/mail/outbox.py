"""Letters wait in the database and are sent by a routine: no page waits for a mail server."""

import logging
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Letter
from config.errors import Refused

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 6
MINUTES = (1, 5, 15, 60, 240)  # until it is tried again
AT_A_TIME = 50
KEPT = timedelta(days=30)


def mail_is_set_up() -> bool:
    return bool(settings.MAIL_IS_SET_UP)


def post(*, to: str, kind: str, subject: str, body: str, person: User | None = None) -> Letter:
    """Puts a letter into the outbox, in the caller's transaction."""
    if not mail_is_set_up():
        raise Refused("Mail is not set up on this site.")
    # A line break in a subject would be a header of its own.
    return Letter.objects.create(
        to=to, kind=kind, subject=" ".join(subject.split())[:150], body=body, person=person
    )


def posted_lately(person: User, kind: str, *, minutes: int) -> bool:
    since = Now() - timedelta(minutes=minutes)
    return Letter.objects.filter(person=person, kind=kind, created_at__gt=since).exists()


def send_due() -> int:
    """Sends what is due; answers how many went. A letter that fails waits longer each time."""
    if not mail_is_set_up():
        return 0
    # Of the future: written before the clock was put back.
    ahead = Q(attempt=0, created_at__gt=Now() + timedelta(minutes=1))
    due = Letter.objects.filter(Q(available_at__lte=Now()) | ahead, state=Letter.State.WAITING)
    sent = 0
    for letter in due[:AT_A_TIME]:
        if _take(letter):
            sent += _send(letter)
    return sent


def _take(letter: Letter) -> bool:
    """Two hosts may look at once: who moves the attempt sends. A killed one is tried again."""
    minutes = MINUTES[min(letter.attempt, len(MINUTES) - 1)]
    mine = Letter.objects.filter(pk=letter.pk, attempt=letter.attempt, state=Letter.State.WAITING)
    later = Now() + timedelta(minutes=minutes)
    return mine.update(attempt=F("attempt") + 1, available_at=later) == 1


def _send(letter: Letter) -> bool:
    """False when it failed; what the server said may quote the letter, so only its kind is kept."""
    mail = EmailMessage(
        settings.EMAIL_SUBJECT_PREFIX + letter.subject,
        letter.body,
        settings.DEFAULT_FROM_EMAIL,
        [letter.to],
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        connection=get_connection(timeout=20),
    )
    rows = Letter.objects.filter(pk=letter.pk, state=Letter.State.WAITING)
    try:
        mail.send()
    except Exception as error:
        reason = type(error).__name__
        log.warning("letter %s (%s) was not sent: %s", letter.pk, letter.kind, reason)
        rows.update(error=reason)
        if letter.attempt + 1 >= MOST_ATTEMPTS:
            rows.update(state=Letter.State.FAILED, body="", ended_at=Now())
        return False
    rows.update(state=Letter.State.SENT, body="", error="", ended_at=Now())
    return True


def forget_old() -> None:
    """What was sent or given up is of no use to anybody after a month."""
    ended = Letter.objects.exclude(state=Letter.State.WAITING)
    ended.filter(ended_at__lt=Now() - KEPT).delete()
