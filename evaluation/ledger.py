"""The vote log: canonical records, the hash chain, and what may be counted."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from evaluation.judgements import BEST, BOTH_BAD, EQUAL, SKIP, Judgement
from evaluation.models import Study, Vote

OUTCOMES = {
    Vote.Outcome.LEFT: (BEST, 0),
    Vote.Outcome.RIGHT: (BEST, 1),
    Vote.Outcome.EQUAL: (EQUAL, None),
    Vote.Outcome.BOTH_BAD: (BOTH_BAD, None),
    Vote.Outcome.SKIP: (SKIP, None),
    Vote.Outcome.RECOGNISED: (SKIP, None),
}


def canonical(value: Any) -> str:
    """JSON with sorted keys, no spaces, and floats as decimal strings."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def digest(value: Any) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def link(previous: str, record: Mapping[str, Any]) -> str:
    """The hash of a record that follows the hash before it."""
    return hashlib.sha256(f"{previous}\n{canonical(record)}".encode()).hexdigest()


def first_break(start: str, rows: Iterable[tuple[Mapping[str, Any], str, str]]) -> int | None:
    """The place (from 1) of the first (record, previous hash, hash) that does not follow."""
    previous = start
    for place, (record, before, found) in enumerate(rows, start=1):
        if before != previous or link(previous, record) != found:
            return place
        previous = found
    return None


def chain_break(study: Study) -> int | None:
    """Where the study's stored chain breaks; None while it is whole to its end."""
    rows = list(study.votes.order_by("sequence"))
    broken = first_break(study.digest, [(v.record, v.previous_hash, v.hash) for v in rows])
    if broken is None and rows and not _told_alike(rows):
        return next(v.sequence for v in rows if v.outcome != v.record["outcome"])
    if broken is None and (rows[-1].hash if rows else study.digest) != study.last_hash:
        return len(rows) + 1
    return broken


def _told_alike(rows: Sequence[Vote]) -> bool:
    return all(vote.outcome == vote.record["outcome"] for vote in rows)


def counted(study: Study, *, waiting: bool = True) -> list[Vote]:
    """Standing votes in their order, up to the first that can still be taken back.

    A replay sees the same order, and no elimination is ever undone. A closed study waits for
    nobody.
    """
    votes = list(study.votes.standing().select_related("ballot").order_by("sequence"))
    if not waiting or not study.is_open:
        return votes
    latest = {vote.voter_pseudonym: vote.sequence for vote in votes}
    now = timezone.now()
    for index, vote in enumerate(votes):
        if vote.undo_ends > now and latest[vote.voter_pseudonym] == vote.sequence:
            return votes[:index]
    return votes


def judgements(votes: Iterable[Vote], names: Sequence[str]) -> list[Judgement]:
    """Votes as judgements; `names` are the candidates by position."""
    found = []
    for vote in votes:
        outcome, best = OUTCOMES[Vote.Outcome(vote.record["outcome"])]
        found.append(
            Judgement(
                shown=tuple(names[position] for position in vote.record["slots"]),
                outcome=outcome,
                best=best,
                voter=vote.voter_pseudonym,
                photo=vote.record["photo"],
                category=vote.record["category"],
            )
        )
    return found
