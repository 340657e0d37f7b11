"""Recomputes a study's decision from its export alone, and compares every number. No Django."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .judgements import BEST, BOTH_BAD, EQUAL, SKIP, Judgement
from .ranking import Options
from .tally import tally

TOLERANCE = 1e-9
OUTCOMES: dict[str, tuple[str, int | None]] = {
    "left": (BEST, 0),
    "right": (BEST, 1),
    "equal": (EQUAL, None),
    "both_bad": (BOTH_BAD, None),
    "skip": (SKIP, None),
    "recognised": (SKIP, None),
}
COMPARED = (
    "strengths", "standard_errors", "intervals", "ranks", "rank_ranges", "left_effect", "tie",
    "both_bad_rates", "counts", "evidence", "eliminated", "winner", "decided_at",
)  # fmt: skip


class BadExport(ValueError):
    """The file is no export of a study; the message says why."""


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
    )


def standing(records: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Records that count: not taken back, and of ordinary ballots."""
    gone = {record["supersedes"] for record in records}
    return [
        record
        for record in records
        if record["outcome"] != "undo"
        and record["sequence"] not in gone
        and record["kind"] == "ordinary"
    ]


def read(path: Path) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """study.json and the rows of votes.csv. Raises BadExport."""
    try:
        with zipfile.ZipFile(path) as archive:
            study = json.loads(archive.read("study.json"))
            rows = list(csv.DictReader(io.StringIO(archive.read("votes.csv").decode())))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BadExport(f"{path.name} is no export of a study: {error}") from error
    if not {"digest", "last_hash", "candidates", "decision", "plan"} <= study.keys():
        raise BadExport(f"{path.name} is no export of a study: study.json lacks fields")
    if rows and not {"record", "previous_hash", "hash"} <= rows[0].keys():
        raise BadExport(f"{path.name} is no export of a study: votes.csv lacks columns")
    return study, rows


def differences(path: Path) -> list[str]:
    """What does not match, in sentences; nothing when chain and numbers are as they were."""
    study, rows = read(path)
    broken = chain_break(study, rows)
    if broken:
        return [broken]
    decision = study["decision"]
    if not decision:
        return []
    try:
        records = [json.loads(row["record"]) for row in rows]
        judged = [judgement(record, study["candidates"]) for record in standing(records)]
        again = _count(study, judged)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise BadExport(f"{path.name} cannot be counted: {error!r}") from error
    return list(_differ("", {k: decision.get(k) for k in COMPARED}, again))


def _count(study: Mapping[str, Any], judged: Sequence[Judgement]) -> dict[str, Any]:
    plan, decision = study["plan"], study["decision"]
    low, high = (float(bound) for bound in plan["band"])
    found = tally(
        judged,
        options=Options(),
        names=study["candidates"],
        reference=decision["reference"],
        alpha=float(plan["alpha"]),
        band=(low, high),
        seed=plan["seed"],
    )
    again: dict[str, Any] = json.loads(json.dumps({key: found[key] for key in COMPARED}))
    return again


def chain_break(study: Mapping[str, Any], rows: Sequence[Mapping[str, str]]) -> str | None:
    """The first row that does not follow the one before, in words."""
    previous = study["digest"]
    for place, row in enumerate(rows, start=1):
        if row["previous_hash"] != previous or link_text(previous, row["record"]) != row["hash"]:
            return f"the chain of votes breaks at vote {place}"
        previous = row["hash"]
    return None if previous == study["last_hash"] else "votes are missing at the end of the chain"


def _differ(where: str, old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        for key in old:
            yield from _differ(f"{where} {key}".strip(), old[key], new[key])
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (first, second) in enumerate(zip(old, new, strict=True)):
            yield from _differ(f"{where} {index}", first, second)
    elif isinstance(old, float) and isinstance(new, (int, float)):
        if not math.isclose(old, new, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
            yield f"{where}: {old} became {new}"
    elif old != new:
        yield f"{where}: {old} became {new}"
