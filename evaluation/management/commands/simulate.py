"""How many votes a winner takes, and how often a false one is named, with made-up voters."""

import time
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluation.statistics.simulation import NEVER, RULES, Outcome, simulate, strengths, tied

SAID = {
    "thompson": "this product: top-two Thompson, evidence",
    "random": "random pairs, the same evidence",
    "naive": "random pairs, stop when the lead is significant",
}


class Command(BaseCommand):
    help = "Simulate studies under this product's rule and under two others."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--runs", type=int, default=1000)
        parser.add_argument("--models", type=int, default=6)
        parser.add_argument("--lead", type=float, default=0.65, help="best against second")
        parser.add_argument("--cap", type=int, default=10_000, help="most votes, with a lead")
        parser.add_argument("--null-cap", type=int, default=3000, help="most votes, two best")
        parser.add_argument("--seed", type=int, default=1978)

    def handle(self, *args: Any, **wanted: Any) -> None:
        runs, models, lead = wanted["runs"], wanted["models"], wanted["lead"]
        if runs < 1 or not 3 <= models <= 8 or not 0.5 < lead < 1:
            raise CommandError("runs from 1, models 3 to 8, lead between 0.5 and 1", returncode=2)
        truths = [
            (f"The best of {models} leads {lead:.0%} to {1 - lead:.0%}", strengths(models, lead)),
            (f"Two equal best of {models}", tied(models)),
        ]
        caps = (wanted["cap"], wanted["null_cap"])
        for number, ((title, theta), cap) in enumerate(zip(truths, caps, strict=True)):
            self.stdout.write(f"{title}; {runs:,} runs, at most {cap:,} votes")
            for place, rule in enumerate(RULES):
                rng = np.random.default_rng([wanted["seed"], number, place])
                start = time.perf_counter()
                found = simulate(theta, rule, runs=runs, cap=cap, rng=rng)
                seconds = time.perf_counter() - start
                self.stdout.write(f"  {in_words(rule, found, null=number == 1)}, {seconds:.0f} s")


def in_words(rule: str, found: Outcome, *, null: bool) -> str:
    decided = found.winner != NEVER
    false = decided if null else decided & (found.winner != 0)
    told = f"{SAID[rule]:<44} false winners {false.mean():6.1%}"
    if null:
        return f"{told}, undecided {1 - decided.mean():.1%}"
    low, middle, high = np.percentile(found.votes, [10, 50, 90])
    return (
        f"{told}, undecided {1 - decided.mean():.1%}, votes: median {middle:,.0f}, "
        f"mean {found.votes.mean():,.0f}, 10 to 90 % {low:,.0f} to {high:,.0f}"
    )
