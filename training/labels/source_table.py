"""SOURCES.tsv beside photographs: the split and the licence of each file.

Three splits: `train` trains, `val` (or `validation`) chooses checkpoints and cuts, `test` is
looked at once for a release and neither trains nor chooses.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from photos.files import sha256

SPLITS = {"train": "train", "val": "validation", "validation": "validation", "test": "test"}
UNSTATED = re.compile(
    r"no licen[cs]e|not stated|unknown|not checked|research|non.?commercial", re.I
)
SHOTS = Path(__file__).with_name("film.tsv")


def canonical(word: str) -> str:
    """`val` and `validation` are one split; other words stay what they are."""
    return SPLITS.get(word, word)


def read_table(table: Path) -> list[dict[str, str]]:
    """The rows, their split in canonical words and film frames split by shot."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = [dict(row) for row in csv.DictReader(file, delimiter="\t")]
    shots = _shots()
    for row in rows:
        row["split"] = canonical(row.get("split") or "")
        moved = shots.get(row["file"])
        if moved and _sha256(table.parent / row["file"]) == moved["sha256"]:
            row["split"] = canonical(moved["split"])
    return rows


def _shots() -> dict[str, dict[str, str]]:
    """Frames by the path that a table gives them; neighbours of one shot share a split."""
    with SHOTS.open(encoding="utf-8", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file, delimiter="\t")}


def _sha256(path: Path) -> str:
    return sha256(path) if path.is_file() else ""


def why_left_out(row: dict[str, str]) -> str:
    """Why a run may not show the photo, in words; empty where it may.

    A licence is asked of what trains: a photo that is held out only judges, and ships nowhere.
    """
    if row["split"] == "test":
        return "of split test"
    if row["split"] not in SPLITS.values():
        return f"of split {row['split']}" if row["split"] else "of no split"
    may = row["split"] != "train" or has_licence(row)
    return "" if may else "without a stated licence"


def has_licence(row: dict[str, str]) -> bool:
    """Whether the table states a licence under which the photo may train."""
    licence = row["licence"].strip()
    return bool(licence) and not UNSTATED.search(licence)


def chosen(name: str, source: str, exclude: Iterable[str], only: Iterable[str]) -> bool:
    """Whether path or source holds a part of `only` (if any), and the path none of `exclude`."""
    wanted = list(only)
    kept = not wanted or any(part in source or part in name for part in wanted)
    return kept and not any(part in name for part in exclude)
