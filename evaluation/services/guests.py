"""Guests of a study: a link for one browser, a deadline, a quota, and a share not to exceed."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F
from django.urls import reverse
from django.utils import timezone

from accounts.personal.forgetting import forget_person
from config.errors import Refused
from evaluation.models import Ballot, Guest, Study, Vote
from evaluation.statistics.promotion_checks import LARGEST_SHARE

MOST_DAYS = 30
SHARE_FROM = 60  # counted votes under which a share says little: as many as these are the measure
USED = (
    "This link was opened in another browser, and it opens once. Go on in that browser, or ask "
    "whoever sent it for another."
)
OVER = "Your time as a guest of this study is over. Thank you for your votes."
WITHDRAWN = "This invitation was withdrawn."
ENOUGH = "You have cast all the votes you were invited for. Thank you."
SHARE = (
    "You have cast as many votes as a guest may for now: {share:.0%} of all. "
    "Come back when others have voted."
)
UNRANKED = (Vote.Outcome.BOTH_BAD, Vote.Outcome.NONE, Vote.Outcome.SKIP, Vote.Outcome.RECOGNISED)


def address(secret: str) -> str:
    """The whole address, for whoever passes it on."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('guest-link', args=[secret])}"


def most_votes(study: Study) -> int:
    """The largest quota: a voter's largest share of the most votes the study takes."""
    return int(_share(study) * study.cap)


def _share(study: Study) -> float:
    """As registered at opening; a draft's is what it would be opened with."""
    return float(study.plan.get("largest_share", LARGEST_SHARE))


def invite(*, study: Study, by: User, name: str, quota: int, days: int) -> tuple[Guest, str]:
    """The row, and the secret of a link that is shown this once."""
    if not study.is_open:
        raise Refused("Guests are invited to an open study.")
    if not name.strip():
        raise Refused("Give the guest a name.")
    if not 1 <= quota <= most_votes(study):
        raise Refused(f"A guest of this study may have 1 to {most_votes(study)} votes.")
    if not 1 <= days <= MOST_DAYS:
        raise Refused(f"A guest has 1 to {MOST_DAYS} days.")
    ends = timezone.now() + timedelta(days=days)
    return Guest.make(study=study, name=name.strip(), quota=quota, expires_at=ends, made_by=by)


def why_closed(guest: Guest) -> str:
    """Why a link opens nothing; empty while it does."""
    if guest.withdrawn_at is not None:
        return WITHDRAWN
    if guest.is_over:
        return "This invitation has ended. Ask whoever sent it for another."
    if guest.opened_at is not None:
        return USED
    return "" if guest.study.is_open else "This study takes no votes now."


@transaction.atomic
def open_link(guest: Guest) -> str:
    """The secret for the browser that opens it. The account has no password and no role, and is
    closed: it lets nobody in, it only keeps her votes together."""
    if reason := why_closed(guest):
        raise Refused(reason)
    account = User(username=f"guest-{secrets.token_hex(8)}", is_active=False)
    account.set_unusable_password()
    account.save()
    secret = guest.open(account)
    if not secret:
        raise Refused(USED)
    return secret


def check(study: Study, voter: User) -> None:
    """Refused for a guest of another study, and for one whose time is over."""
    guest = Guest.objects.filter(account=voter).first()
    if guest is None:
        return
    if guest.study_id != study.pk:
        raise Refused("You are a guest of another study.")
    if guest.withdrawn_at is not None:
        raise Refused(WITHDRAWN)
    if guest.is_over:
        raise Refused(OVER)


def check_more(study: Study, voter: User) -> None:
    """Refused for a guest who has her quota, or her share of the votes.

    Ballots that she holds are as good as cast. The share is the one that the guards before a
    promotion allow a voter, as registered at opening, and counts the votes that they count.
    """
    guest = Guest.objects.filter(account=voter).first()
    if guest is None:
        return
    held = study.ballots.filter(voter=voter, state=Ballot.State.ISSUED).count()
    if votes_of(guest) + held >= guest.quota:
        raise Refused(ENOUGH)
    share = _share(study)
    kinds = (Ballot.Kind.ORDINARY, Ballot.Kind.SECOND)
    counted = study.votes.standing().filter(ballot__kind__in=kinds).exclude(outcome__in=UNRANKED)
    own = counted.filter(voter_pseudonym=study.pseudonym(voter)).count() + held
    if own + 1 > share * max(counted.count() + held + 1, SHARE_FROM):
        raise Refused(SHARE.format(share=share))


def votes_of(guest: Guest) -> int:
    """Practice aside, as every voter's own number."""
    return _counts(guest.study, [guest])[0]


def _counts(study: Study, guests: list[Guest]) -> list[int]:
    """Of each guest, all in one question."""
    names = [study.pseudonym(each.account) if each.account else "" for each in guests]
    rows = Vote.objects.standing().filter(study=study, voter_pseudonym__in=names)
    told = rows.exclude(ballot__kind=Ballot.Kind.TRAINING).values_list("voter_pseudonym")
    counts = dict(told.annotate(Count("pk")))
    return [int(counts.get(name, 0)) for name in names]


def listed(study: Study) -> list[tuple[Guest, int]]:
    """Each guest with her number of votes, for admins."""
    rows = Guest.objects.filter(study=study).select_related("study", "account", "made_by")
    guests = list(rows.order_by(F("pk").desc()))
    return list(zip(guests, _counts(study, guests), strict=True))


def voted(study: Study) -> int:
    """How many guests have standing votes; forgotten ones count too."""
    marked = study.votes.standing().filter(record__guest=True)
    return int(marked.values("voter_pseudonym").distinct().count())


def forget(guest: Guest) -> None:
    """Her name goes, and so does her way in; her votes stay, under nobody's name."""
    if guest.account is None:
        guest.delete()
    else:
        forget_person(guest.account)
