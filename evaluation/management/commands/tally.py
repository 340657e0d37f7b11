"""Counts a vote file: strengths, evidence, flags and the decision."""

import json
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.words.wall import for_programs, in_words
from evaluation import services
from evaluation.models import Study
from evaluation.statistics.ranking import WEAK, Options
from evaluation.statistics.records.csv_tables import read_csv
from evaluation.statistics.records.judgements import REQUIRED, BadRow, names_of, read_rows
from evaluation.statistics.tally import tally


class Command(BaseCommand):
    help = (
        "Rank candidates from a vote file with the columns left, right, outcome (left, right, "
        "equal, both_bad, skip) and, if known, voter, photo, category, ballot, options."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--votes", type=Path, help="CSV file, one row a vote")
        source.add_argument("--study", type=int, help="number of a study of this site")
        parser.add_argument(
            "--as", metavar="USER", help="who looks, for an open study: she cannot vote in it then"
        )
        parser.add_argument("--json", action="store_true", help="print every number as JSON")
        parser.add_argument("--no-prior", action="store_true", help="plain maximum likelihood")
        parser.add_argument("--ties", choices=("davidson", "half"), default="davidson")
        parser.add_argument("--no-side", action="store_true", help="leave out the left effect")
        parser.add_argument("--reference", help="whose strength is zero (the first name)")
        parser.add_argument("--alpha", type=float, default=0.05, help="error rate of the decision")
        parser.add_argument("--resamples", type=int, default=1000, help="bootstrap resamples")

    def handle(self, *args: Any, **wanted: Any) -> None:
        if wanted["study"] is not None:
            result = of_study(wanted["study"], wanted["as"])
            self.stdout.write(
                json.dumps(for_programs(result), indent=2) if wanted["json"] else as_table(result)
            )
            return
        if not 0 < wanted["alpha"] < 1:
            raise CommandError("--alpha must lie between 0 and 1", returncode=2)
        if wanted["resamples"] < 2:
            raise CommandError("--resamples must be 2 or more", returncode=2)
        options = Options(
            ties=wanted["ties"],
            side=not wanted["no_side"],
            prior=None if wanted["no_prior"] else WEAK,
            resamples=wanted["resamples"],
        )
        try:
            judgements = read_rows(read_csv(wanted["votes"], REQUIRED))
            result = tally(
                judgements,
                options=options,
                reference=wanted["reference"] or next(iter(names_of(judgements)), None),
                alpha=wanted["alpha"],
            )
        except (BadRow, ValueError) as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(
            json.dumps(for_programs(result), indent=2) if wanted["json"] else as_table(result)
        )


def of_study(number: int, looker: str | None) -> dict[str, Any]:
    """State and evidence of a study; a look at an open one is logged like any other."""
    study = Study.objects.filter(number=number).first()
    if study is None or not study.digest:
        raise CommandError(f"there is no study {number} that was ever open", returncode=2)
    if study.is_open:
        return services.peek(study=study, by=_looker(looker)) | {"state": study.state}
    return services.told(study) | {"state": study.state}


def _looker(name: str | None) -> User:
    if name is None:
        raise CommandError("the study is open: say who looks, with --as USER", returncode=2)
    found = User.objects.filter(username=name).first()
    if found is None:
        raise CommandError(f"--as: there is no user {name}", returncode=2)
    return found


def as_json(result: dict[str, Any]) -> str:
    return json.dumps(for_programs(result), indent=2)


def as_table(result: dict[str, Any]) -> str:
    """The result as a table for people, the verdict last."""
    against = result["reference"] or "the mean"
    lines = [f"strength against {against}, standard error, 95 % interval, ranks, both bad"]
    order = sorted(result["candidates"], key=lambda name: (result["ranks"][name] or 0, name))
    width = max((len(name) for name in order), default=4)
    for name in order:
        rate = result["both_bad_rates"][name]
        tail = "-" if rate is None else f"{rate:.1%}"
        if result["strengths"][name] is None:
            lines.append(f"{name:<{width}}  undefined  {tail}")
            continue
        low, high = result["intervals"][name]
        best, worst = result["rank_ranges"][name]
        ranks = str(best) if best == worst else f"{best}-{worst}"
        lines.append(
            f"{name:<{width}}  {result['strengths'][name]:+.4f}  "
            f"{result['standard_errors'][name]:.4f}  [{low:+.3f}, {high:+.3f}]  {ranks}  {tail}"
        )
    if result["left_effect"] is not None:
        lines.append(f"left effect {result['left_effect']:+.4f}")
    if result["tie"] is not None:
        lines.append(f"tie weight {result['tie']:.4f}")
    lines += [f"{name}: {in_words(flag['text'])}" for name, flag in result["flags"].items()]
    lines += [
        f"voter {voter}: flagged for {', '.join(rules)}"
        for voter, rules in result["flagged_voters"].items()
    ]
    return "\n".join([*lines, *map(in_words, result["reasons"])])
