"""The training round: eight pairs with an answer, two of them easy; seven right to pass.

One picture of each pair is a degraded copy of the other. The answers are told at once.
"""

import secrets
from typing import Any, TypedDict

from django.contrib.auth.models import User

from evaluation.models import LESSON, Ballot, BlindCopy, Study, Vote
from evaluation.statistics.voters import voter_reliability
from evaluation.stimuli import degradations

ROUND, NEEDED = 8, 7


class Feedback(TypedDict):
    """What is told after a practice ballot; `summary` is empty in the middle of a round."""

    right: bool
    text: str
    summary: str


def answers(study: Study, voter: User) -> list[bool]:
    """Right or not, for each practice ballot in its order."""
    votes = study.votes.filter(
        voter_pseudonym=study.pseudonym(voter), ballot__kind=Ballot.Kind.TRAINING
    ).order_by("sequence")
    return [voter_reliability.is_right(record) for record in votes.values_list("record", flat=True)]


def rounds(study: Study, voter: User) -> list[int]:
    """How many were right in each finished round."""
    given = answers(study, voter)
    whole = range(0, len(given) - ROUND + 1, ROUND)
    return [sum(given[start : start + ROUND]) for start in whole]


def passed(study: Study, voter: User) -> bool:
    return any(right >= NEEDED for right in rounds(study, voter))


def number(study: Study, voter: User) -> int:
    """Which of the eight she is at, from 1."""
    return len(answers(study, voter)) % ROUND + 1


def draw(study: Study, voter: User) -> dict[str, Any] | None:
    """Fields of the next practice ballot, or None when she has passed or none is needed."""
    if not study.training:
        return None
    copies = list(study.blind_copies.filter(lesson=True).select_related("candidate"))
    if not copies or passed(study, voter):
        return None
    copy = _unseen(study, voter, copies)
    assert copy.candidate is not None  # noqa: S101  a degraded copy is always of an output
    slots = [copy.candidate.position, LESSON]
    secrets.SystemRandom().shuffle(slots)
    return {"kind": Ballot.Kind.TRAINING, "photo_id": copy.photo_id, "slots": slots}


def _unseen(study: Study, voter: User, copies: list[BlindCopy]) -> BlindCopy:
    """One that this round has not shown yet, easy ones first."""
    mine = study.ballots.filter(voter=voter, kind=Ballot.Kind.TRAINING, state=Ballot.State.CAST)
    start = (number(study, voter) - 1) % len(copies)
    latest = mine.order_by("-issued_at").values_list("photo_id", flat=True)[:start]
    shown = set(latest)
    left = [copy for copy in copies if copy.photo_id not in shown] or copies
    easy = [copy for copy in left if copy.flaw == degradations.CRUSHED]
    return secrets.choice(easy or left)


def feedback(vote: Vote, voter: User) -> Feedback | None:
    """What the voter is told after a practice ballot; nothing after any other."""
    if vote.ballot.kind != Ballot.Kind.TRAINING:
        return None
    right = voter_reliability.is_right(vote.record)
    spoilt = vote.ballot.slots.index(LESSON) + 1
    copy = vote.study.blind_copies.get(photo=vote.ballot.photo_id, lesson=True)
    said = f"Image {spoilt} is a spoilt copy: {degradations.SAID[copy.flaw]}."
    text = f"{'Right.' if right else 'Not quite.'} {said}"
    return {"right": right, "text": text, "summary": summary(vote.study, voter)}


def summary(study: Study, voter: User) -> str:
    """The end of a round in a sentence; empty in the middle of one."""
    given = answers(study, voter)
    if not given or len(given) % ROUND:
        return ""
    right = sum(given[-ROUND:])
    if right >= NEEDED:
        return f"{right} of {ROUND} right: well seen. From now on your votes count."
    return f"{right} of {ROUND} right, {NEEDED} are needed. Here is another round."
