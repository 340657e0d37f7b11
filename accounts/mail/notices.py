"""What happened, told to whom it concerns: once, on the site, and by mail as each chose."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.mail import outbox
from accounts.models import MailChoice, Notice, NoticeKind, Pace
from config.registry import Registry
from config.words.said import Words

LOOK_BACK = timedelta(days=1)  # how old a thing may be when it is first told
KEPT = timedelta(days=90)
MOST_IN_A_DIGEST = 100


@dataclass(frozen=True)
class News:
    """One thing for one account: `key` tells it from every other, so that it is told once."""

    person: int
    kind: NoticeKind
    text: Words
    key: str
    path: str = ""


notice_source: Registry[Callable[[], Iterable[News]]] = Registry("notices")
"""Marks what gives a room's news of the last day; what was told before is left out by its key."""


def gather() -> int:
    """Asks all rooms and writes down what is new; answers how many notices that are."""
    news = [one for source in notice_source.all() for one in source()]
    return sum(tell(one) for one in _unknown(news))


def _unknown(news: list[News]) -> list[News]:
    keys = {one.key for one in news}
    told = set(Notice.objects.filter(key__in=keys).values_list("person_id", "key"))
    return [one for one in news if (one.person, one.key) not in told]


def tell(news: News) -> bool:
    """False when it was told already, or to an account that is closed."""
    person = User.objects.filter(pk=news.person, is_active=True).first()
    if person is None:
        return False
    with transaction.atomic():
        row, new = Notice.objects.get_or_create(
            person=person,
            key=news.key,
            defaults={"kind": news.kind, "text": news.text, "path": news.path},
        )
        if new and choice_of(person).pace == Pace.AT_ONCE:
            _mail(person, [row], subject=str(news.text))
    return new


def choice_of(person: User) -> MailChoice:
    """As she chose, or the default where she has not: not saved."""
    return MailChoice.objects.filter(person=person).first() or MailChoice(person=person, muted=[])


def _mail(person: User, rows: list[Notice], *, subject: str) -> bool:
    """One letter of all that she did not mute; a link of each leads to the page that shows it."""
    muted = choice_of(person).muted
    wanted = [row for row in rows if row.kind not in muted]
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=Now())
    if not wanted or not person.email or not outbox.mail_is_set_up():
        return False
    base = settings.PUBLIC_URL.rstrip("/")
    lines = [f"- {row.text}{f' {base}{row.path}' if row.path else ''}" for row in wanted]
    foot = f"Choose what comes by mail, or nothing: {base}/account/inbox/"
    body = "\n".join([*lines, "", foot, ""])
    outbox.post(to=person.email, person=person, kind="notices", subject=subject, body=body)
    return True


def write_digests() -> int:
    """A letter for each whose day or week is over and who has news; answers how many."""
    waiting = Notice.objects.filter(mailed_at=None, read_at=None, person__is_active=True)
    written = 0
    for person in User.objects.filter(pk__in=waiting.values("person")).distinct():
        written += _digest(person)
    return written


def _digest(person: User) -> bool:
    choice = choice_of(person)
    wait = {Pace.DAILY.value: 1, Pace.WEEKLY.value: 7}.get(choice.pace)
    if wait is None:
        return False
    since = timezone.now() - timedelta(days=wait)
    with transaction.atomic():
        MailChoice.objects.get_or_create(person=person, defaults={"muted": []})
        due = Q(digest_at=None) | Q(digest_at__lte=since)
        # Two hosts may be here: who moves the clock writes the letter.
        if not MailChoice.objects.filter(due, person=person).update(digest_at=Now()):
            return False
        rows = list(person.notices.filter(mailed_at=None, read_at=None)[:MOST_IN_A_DIGEST])
        return _mail(person, rows, subject=f"What happened: {len(rows)}")


def forget_old() -> None:
    Notice.objects.filter(created_at__lt=Now() - KEPT).delete()
