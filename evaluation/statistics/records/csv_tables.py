"""Reading of small CSV files: the columns are checked first, and every complaint names its row."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from .judgements import BadRow

LARGEST_FILE = 200_000_000


def read_csv(path: Path, required: Sequence[str]) -> list[dict[str, str]]:
    """All rows as dictionaries. Raises BadRow for missing columns, loose cells and bad bytes."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BadRow(1, f"{path.name} is larger than {LARGEST_FILE // 10**6} MB")
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _read(csv.DictReader(file), required)
    except OSError as error:
        raise BadRow(1, f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise BadRow(1, f"{path.name} is not UTF-8 text") from error


def _read(reader: csv.DictReader[str], required: Sequence[str]) -> list[dict[str, str]]:
    try:
        columns = [name.strip().lower() for name in reader.fieldnames or []]
    except csv.Error as error:
        raise BadRow(1, str(error)) from error
    missing = [name for name in required if name not in columns]
    if missing:
        raise BadRow(1, f"the column {missing[0]!r} is missing; found {', '.join(columns) or '-'}")
    reader.fieldnames = columns
    rows = []
    try:
        for number, row in enumerate(reader, start=2):
            if None in row:
                raise BadRow(number, "has more cells than the header")
            rows.append({key: value or "" for key, value in row.items()})
    except csv.Error as error:
        raise BadRow(len(rows) + 2, str(error)) from error
    return rows
