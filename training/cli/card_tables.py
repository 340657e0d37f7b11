"""`python -m training.cli.card_tables FILE "TITLE=REPORT.json"...`: figures into a card.

Reports are those of `training.measuring.evaluate --json`; a table of the same title is replaced.
Tensors of a shipped file stay as they are.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.networks import weights

MACHINES = {"ms"}  # figures that belong to a machine, not to weights


def table(title: str, report: dict[str, Any]) -> dict[str, Any]:
    """{title, pictures, notes, columns: methods, rows: [name, a value or None for each column]}."""
    methods: dict[str, dict[str, float | None]] = report["methods"]
    names = dict.fromkeys(name for figures in methods.values() for name in figures)
    return {
        "title": title,
        "pictures": report["pictures"],
        "notes": report["notes"],
        "columns": list(methods),
        "rows": [
            [name, *(figures.get(name) for figures in methods.values())]
            for name in names
            if name not in MACHINES
        ],
    }


def lay_in(file: Path, tables: Sequence[dict[str, Any]]) -> weights.Card:
    """Write the tables into the card of `file`; returns the card."""
    network, card = weights.load(file)
    replaced = {one["title"] for one in tables}
    kept = [one for one in card.get("tables", []) if one["title"] not in replaced]
    card["tables"] = [*kept, *tables]
    weights.save(file, network, card)
    return card


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.cli.card_tables", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("tables", nargs="+", metavar="TITLE=REPORT.json")
    options = parser.parse_args(arguments)
    try:
        named = [text.rpartition("=") for text in options.tables]
        tables = [table(title, json.loads(Path(path).read_text())) for title, _, path in named]
        card = lay_in(options.file, tables)
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{options.file}: {len(card['tables'])} tables\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
