"""Says how far raters agree: Krippendorff's alpha, and Fleiss' kappa where it is defined."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.words.wall import for_programs, in_words
from evaluation.statistics.records.csv_tables import read_csv
from evaluation.statistics.records.judgements import BadRow
from evaluation.statistics.voters.agreement import (
    LEVELS,
    agreement,
    as_json,
    fleiss_kappa,
    unit_counts,
)

REQUIRED = ("unit", "rater", "value")
SEED = 1978


class Command(BaseCommand):
    help = "Agreement of raters, from a CSV file with the columns unit, rater, value."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--ratings", type=Path, required=True, help="CSV, one row a rating")
        parser.add_argument("--level", choices=LEVELS, default="nominal")
        parser.add_argument("--json", action="store_true", help="print every number as JSON")

    def handle(self, *args: Any, **wanted: Any) -> None:
        level = wanted["level"]
        try:
            ratings = read_ratings(wanted["ratings"])
            found = agreement(ratings, np.random.default_rng(SEED), level=level)
            kappa = fleiss_kappa(unit_counts(ratings)[0])
        except (BadRow, ValueError) as error:
            raise CommandError(str(error), returncode=2) from error
        raters = len({rater for _, rater, _ in ratings})
        result = {"level": level, "raters": raters, **as_json(found, kappa)}
        self.stdout.write(
            json.dumps(for_programs(result), indent=2) if wanted["json"] else as_lines(result)
        )


def read_ratings(path: Path) -> list[tuple[str, str, str]]:
    """(unit, rater, value); a row with an empty value is a missing rating."""
    ratings = []
    for number, row in enumerate(read_csv(path, REQUIRED), start=2):
        unit, rater, value = (row[column].strip() for column in REQUIRED)
        if not unit or not rater:
            raise BadRow(number, "unit and rater cannot be empty")
        if value:
            ratings.append((unit, rater, value))
    return ratings


def for_program(result: dict[str, Any]) -> str:
    return json.dumps(for_programs(result), indent=2)


def as_lines(result: dict[str, Any]) -> str:
    alpha, why = result["krippendorff_alpha"], result["reasons"]
    if alpha is None:
        return f"alpha ({result['level']}) is undefined: {in_words(why['krippendorff_alpha'])}"
    low, high = result["interval"]
    lines = [
        f"alpha ({result['level']}) {alpha:.3f}, 95 % interval {low:.3f} to {high:.3f}",
        f"{result['units']} units, {result['raters']} raters, {result['values']} values",
    ]
    if result["fleiss_kappa"] is not None:
        lines.append(f"Fleiss' kappa {result['fleiss_kappa']:.3f}")
    else:
        lines.append(f"Fleiss' kappa is undefined: {in_words(why['fleiss_kappa'])}")
    return "\n".join(lines)
