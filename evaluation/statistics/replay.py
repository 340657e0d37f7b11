"""Recomputes a study's decision from its export alone, and compares every number. No Django."""

from __future__ import annotations

import csv
import io
import json
import math
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .records.said import is_said, old_sentence
from .records.vote_records import kept, link_text
from .verdict import decide

TOLERANCE = 1e-9
NEEDED = {"digest", "last_hash", "candidates", "plan"}
COLUMNS = {"record", "previous_hash", "hash"}
UNCOMPUTED = {"last_hash"}  # stands in the decision, and is checked with the chain


class BadExport(ValueError):
    """The file is no export of a study; the message says why."""


def read(path: Path) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, str]]]:
    """study.json, decision.json and the rows of votes.csv. Raises BadExport."""
    csv.field_size_limit(1 << 24)
    try:
        with zipfile.ZipFile(path) as archive:
            study = json.loads(archive.read("study.json"))
            decision = json.loads(archive.read("decision.json"))
            rows = list(csv.DictReader(io.StringIO(archive.read("votes.csv").decode())))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, csv.Error) as error:
        raise BadExport(f"{path.name} is no export of a study: {error}") from error
    if not isinstance(study, dict) or not isinstance(decision, dict) or not study.keys() >= NEEDED:
        raise BadExport(f"{path.name} is no export of a study: study.json lacks fields")
    if rows and not rows[0].keys() >= COLUMNS:
        raise BadExport(f"{path.name} is no export of a study: votes.csv lacks columns")
    return study, decision, rows


def differences(path: Path) -> list[str]:
    """What does not match, in sentences; nothing when chain and numbers are as they were.

    Raises BadExport for a file that is no export or cannot be counted.
    """
    study, decision, rows = read(path)
    broken = chain_break(study, rows)
    if broken:
        return [broken]
    if not decision:
        return []
    try:
        again = _again(study, decision, [json.loads(row["record"]) for row in rows])
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise BadExport(f"{path.name} cannot be counted: {error!r}") from error
    before = {key: value for key, value in decision.items() if key not in UNCOMPUTED}
    return list(_differ("", before, again))


def _again(
    study: Mapping[str, Any], decision: Mapping[str, Any], records: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    found = decide(
        kept(records),
        names=study["candidates"],
        plan=study["plan"],
        reference=decision["reference"],
    )
    again: dict[str, Any] = json.loads(json.dumps(found))
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
    if isinstance(old, str) and is_said(new):  # the decision is one of an older release
        new = old_sentence(new)
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
