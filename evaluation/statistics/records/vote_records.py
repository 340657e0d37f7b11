"""Records of votes: their canonical form, their chain, and what they say. No Django."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from .judgements import AUTOMATIC, BEST, BOTH_BAD, EQUAL, ORDINARY, SECOND, SKIP, Judgement

OUTCOMES: dict[str, tuple[str, int | None]] = {
    "left": (BEST, 0),
    "right": (BEST, 1),
    "equal": (EQUAL, None),
    "both_bad": (BOTH_BAD, None),
    "skip": (SKIP, None),
    "recognised": (SKIP, None),
    "none": (BOTH_BAD, None),
    **{str(slot + 1): (BEST, slot) for slot in range(6)},
}
COUNTED = (ORDINARY, SECOND, AUTOMATIC)


@cache
def code_version() -> str:
    """A hash of the modules that turn votes into a decision; on every vote."""
    found = hashlib.sha256()
    for path in code_files():
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def code_files() -> list[Path]:
    """What `code_version` is a hash of: every module of evaluation/statistics, by name."""
    return sorted(Path(__file__).parents[1].rglob("*.py"))


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


def link(previous: str, record: Mapping[str, Any]) -> str:
    """The hash of a record that follows the hash before it."""
    return link_text(previous, canonical(record))


def link_text(previous: str, text: str) -> str:
    """SHA-256 that chains a record's canonical text to the link before it."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def judgement(record: Mapping[str, Any], names: Sequence[str]) -> Judgement:
    """One record of the log; `names` are the candidates by position."""
    outcome, best = OUTCOMES[record["outcome"]]
    return Judgement(
        shown=tuple(names[position] for position in record["slots"]),
        outcome=outcome,
        best=best,
        voter=record["voter"],
        photo=record["photo"],
        category=record["category"],
        kind=record["kind"],
    )


def kept(records: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Records that were not taken back, without those that took one back."""
    gone = {record["supersedes"] for record in records}
    return [r for r in records if r["outcome"] != "undo" and r["sequence"] not in gone]


def standing(records: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The kept ones that rank: neither gold, repeated nor practice."""
    return [record for record in kept(records) if record["kind"] in COUNTED]
