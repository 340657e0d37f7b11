"""How steady voters are: right answers to gold, the same answers to repeats, time. No Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..records.vote_records import OUTCOMES

GOLD, TRAINING = "gold", "training"
Record = Mapping[str, Any]


def choice(record: Record) -> object:
    """What was chosen in terms of candidates, not of sides."""
    _, slot = OUTCOMES[record["outcome"]]
    return record["outcome"] if slot is None else record["slots"][slot]


def is_right(record: Record) -> bool:
    """Whether a ballot with a degraded copy (a negative slot) was answered right."""
    chosen = choice(record)
    return isinstance(chosen, int) and chosen >= 0


def gold_counts(records: Iterable[Record]) -> dict[str, tuple[int, int]]:
    """Voter to (right ones, gold ballots), skips aside."""
    found: dict[str, tuple[int, int]] = {}
    for record in records:
        if record["kind"] == GOLD and record["outcome"] not in ("skip", "recognised"):
            hits, shown = found.get(record["voter"], (0, 0))
            found[record["voter"]] = (hits + is_right(record), shown + 1)
    return found


def repeat_counts(records: Sequence[Record]) -> dict[str, tuple[int, int]]:
    """Voter to (same choices, repeated ballots)."""
    return {
        voter: (sum(a == b for a, b in zip(first, second, strict=True)), len(first))
        for voter, (first, second) in repeated_answers(records).items()
    }


def repeated_answers(records: Sequence[Record]) -> dict[str, tuple[list[object], list[object]]]:
    """Voter to her first and her later answers to the same ballots."""
    first = {record["ballot"]: record for record in records}
    found: dict[str, tuple[list[object], list[object]]] = {}
    for record in records:
        before = first.get(record["repeats"] or "")
        if before is not None:
            once, again = found.setdefault(record["voter"], ([], []))
            once.append(choice(before))
            again.append(choice(record))
    return found


def seconds(records: Iterable[Record]) -> dict[str, list[float]]:
    """How long each voter looked, where her page told; practice aside."""
    found: dict[str, list[float]] = {}
    for record in records:
        if record["seconds"] is not None and record["kind"] != TRAINING:
            found.setdefault(record["voter"], []).append(float(record["seconds"]))
    return found
