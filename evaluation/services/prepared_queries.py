"""What the site asks of the database for every picture, ballot and vote.

A voter asks all of it every few seconds, and Django takes longer to write these statements than
the database to answer them: they are written once (config.web.prepared_queries).
"""

from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, DateTimeField, IntegerField, QuerySet, UUIDField

from config.web.prepared_queries import Find, Given
from evaluation.models import Ballot, BlindCopy, Vote
from photos.models import Photo

TOKEN, PSEUDONYM = Given("token", CharField()), Given("pseudonym", CharField())
STUDY, VOTER = Given("study", UUIDField()), Given("voter", IntegerField())
PHOTO, SINCE = Given("photo", UUIDField()), Given("since", DateTimeField())
APART = 20  # ballots before a voter may see the same photo again
AT_FIRST = [
    Ballot.Kind.ORDINARY,
    Ballot.Kind.SECOND,
    Ballot.Kind.GOLD,
]  # practice and repeats aside


def _own() -> QuerySet[Ballot]:
    return Ballot.objects.filter(token=TOKEN, voter=VOTER)


def _copies() -> QuerySet[BlindCopy]:
    return BlindCopy.objects.filter(study=STUDY, photo=PHOTO)


def _held() -> QuerySet[Ballot]:
    held = Ballot.objects.filter(study=STUDY, voter=VOTER, state=Ballot.State.ISSUED)
    return held.order_by("issued_at")


def _seen() -> QuerySet[Ballot, Any]:
    mine = Ballot.objects.filter(study=STUDY, voter=VOTER, kind__in=AT_FIRST)
    return mine.order_by("-issued_at").values_list("photo_id", flat=True)[:APART]


def _photos() -> QuerySet[Photo, Any]:
    return Photo.objects.filter(studies=STUDY).order_by().values_list("pk", flat=True)


def _votes() -> QuerySet[Vote]:
    votes: QuerySet[Vote, Any] = Vote.objects.filter(study=STUDY)
    return votes.order_by("-sequence")


def _own_votes() -> QuerySet[Vote, Any]:
    mine = Vote.objects.standing().filter(study=STUDY, voter_pseudonym=PSEUDONYM)
    mine = mine.exclude(ballot__kind=Ballot.Kind.TRAINING)
    number = mine.order_by().values("study").annotate(number=Count("pk"))
    numbers: QuerySet[Vote, Any] = number.values_list("number", flat=True)
    return numbers


def _times() -> QuerySet[Vote, Any]:
    mine = _votes().filter(voter_pseudonym=PSEUDONYM, cast_at__gt=SINCE)
    return mine.values_list("cast_at", flat=True)[:1500]


ON_SCREEN = Find(lambda: _own().filter(state=Ballot.State.ISSUED))
OWN_BALLOT = Find(lambda: _own().select_related("study"))
COPIES = Find(lambda: _copies().select_related("image", "candidate"))
SIZES = Find(lambda: _copies().values_list("width", "height")[:1])
HELD = Find(_held)
SEEN = Find(_seen)
PHOTOS = Find(_photos)
LAST = Find(lambda: _votes().values_list("sequence", flat=True)[:1])
TIMES = Find(_times)
OWN_VOTES = Find(_own_votes)


def length(study: UUID) -> int:
    """Rows in the study's log."""
    return sum(LAST(study=study))
