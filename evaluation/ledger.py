"""The vote log: the hash chain of a study's rows, and which votes may be counted."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from evaluation import replay
from evaluation.judgements import Judgement
from evaluation.models import Study, Vote

OUTCOMES = tuple(replay.OUTCOMES)


def digest(value: Any) -> str:
    return hashlib.sha256(replay.canonical(value).encode()).hexdigest()


def first_break(start: str, rows: Iterable[tuple[Mapping[str, Any], str, str]]) -> int | None:
    """The place (from 1) of the first (record, previous hash, hash) that does not follow."""
    previous = start
    for place, (record, before, found) in enumerate(rows, start=1):
        if before != previous or replay.link(previous, record) != found:
            return place
        previous = found
    return None


def chain_break(study: Study) -> int | None:
    """Where the study's stored chain breaks; None while it is whole to its end."""
    rows = list(study.votes.order_by("sequence"))
    broken = first_break(study.digest, [(v.record, v.previous_hash, v.hash) for v in rows])
    if broken is not None:
        return broken
    for vote in rows:
        if vote.outcome != vote.record["outcome"]:
            return int(vote.sequence)
    end = rows[-1].hash if rows else study.digest
    return None if end == study.last_hash else len(rows) + 1


def counted(study: Study) -> list[Vote]:
    """Standing votes in their order, up to the first that can still be taken back.

    A replay sees the same order, and no elimination is ever undone. A closed study waits for
    nobody.
    """
    votes = list(study.votes.standing().order_by("sequence"))
    if not study.is_open:
        return votes
    latest = {vote.voter_pseudonym: vote.sequence for vote in votes}
    now = timezone.now()
    for index, vote in enumerate(votes):
        if vote.undo_ends > now and latest[vote.voter_pseudonym] == vote.sequence:
            return votes[:index]
    return votes


def judgements(votes: Iterable[Vote], names: Sequence[str]) -> list[Judgement]:
    """Votes of ordinary ballots as judgements; `names` are the candidates by position."""
    records = replay.standing([vote.record for vote in votes])
    return [replay.judgement(record, names) for record in records]


def seconds(votes: Iterable[Vote]) -> dict[str, list[float]]:
    """How long each voter looked, where her page told."""
    found: dict[str, list[float]] = {}
    for vote in votes:
        if vote.seconds is not None:
            found.setdefault(vote.voter_pseudonym, []).append(vote.seconds)
    return found
