"""Gold and repeated ballots: they tell how steady a voter is, and never count as evidence.

Gold is an output beside a degraded copy of itself. A repeat is an earlier ballot of the same
voter with its sides swapped. Both come at random and through the same tokens and encoder.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User

from evaluation.models import DEGRADED, Ballot, Study

GOLD_EVERY = 12
REPEAT_EVERY = 15
REPEAT_AFTER = 30  # ballots of the same voter in between
Record = Mapping[str, Any]


def draw(study: Study, voter: User) -> dict[str, Any] | None:
    """Fields of a control ballot, or None for an ordinary one."""
    if secrets.randbelow(GOLD_EVERY) == 0 and (gold := _gold(study)) is not None:
        return gold
    if secrets.randbelow(REPEAT_EVERY) == 0:
        return _repeat(study, voter)
    return None


def _gold(study: Study) -> dict[str, Any] | None:
    copies = list(study.blind_copies.filter(degraded=True).select_related("candidate"))
    if not copies:
        return None
    copy = secrets.choice(copies)
    assert copy.candidate is not None  # noqa: S101  a degraded copy is always of an output
    slots = [copy.candidate.position, DEGRADED]
    secrets.SystemRandom().shuffle(slots)
    return {"kind": Ballot.Kind.GOLD, "photo_id": copy.photo_id, "slots": slots}


def _repeat(study: Study, voter: User) -> dict[str, Any] | None:
    """The earliest ordinary ballot that lies far enough back and was not repeated yet."""
    mine = study.ballots.filter(voter=voter, state=Ballot.State.CAST).order_by("-issued_at")
    old = [ballot for ballot in mine[REPEAT_AFTER:] if ballot.kind == Ballot.Kind.ORDINARY]
    again = set(mine.exclude(repeats=None).values_list("repeats_id", flat=True))
    first = next((ballot for ballot in reversed(old) if ballot.pk not in again), None)
    if first is None:
        return None
    return {
        "kind": Ballot.Kind.REPEAT,
        "photo_id": first.photo_id,
        "slots": first.slots[::-1],
        "repeats": first,
    }


def choice(record: Record) -> object:
    """What was chosen in terms of candidates, not of sides."""
    sides = {"left": 0, "right": 1}
    outcome = record["outcome"]
    return record["slots"][sides[outcome]] if outcome in sides else outcome


def gold_counts(records: Iterable[Record]) -> dict[str, tuple[int, int]]:
    """Voter to (right ones, gold ballots), skips aside."""
    found: dict[str, tuple[int, int]] = {}
    for record in records:
        if record["kind"] == Ballot.Kind.GOLD and record["outcome"] not in ("skip", "recognised"):
            hits, shown = found.get(record["voter"], (0, 0))
            hit = choice(record) in record["slots"] and choice(record) != DEGRADED
            found[record["voter"]] = (hits + hit, shown + 1)
    return found


def repeat_counts(records: Sequence[Record]) -> dict[str, tuple[int, int]]:
    """Voter to (same choices, repeated ballots)."""
    first = {record["ballot"]: record for record in records}
    found: dict[str, tuple[int, int]] = {}
    for record in records:
        before = first.get(record["repeats"] or "")
        if before is not None:
            same, shown = found.get(record["voter"], (0, 0))
            found[record["voter"]] = (same + (choice(record) == choice(before)), shown + 1)
    return found
