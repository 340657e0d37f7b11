"""What must hold before a winner may be promoted; each guard is a sentence. No Django."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from .binomial import p_value_of_a_half
from .e_values import Contest, log_bar
from .ranking import Options, count, estimate
from .records.judgements import AUTOMATIC, Judgement
from .tally import hold_contest

BOTH_BAD_LIMIT = 0.20
LEAST_VOTERS = 5
LARGEST_SHARE = 0.35


@dataclass(frozen=True)
class Guard:
    """One condition, whether it holds, and why in words."""

    name: str
    passed: bool
    text: str


@dataclass(frozen=True)
class Limits:
    """Registered with the study."""

    both_bad: float = BOTH_BAD_LIMIT
    least_voters: int = LEAST_VOTERS
    largest_share: float = LARGEST_SHARE
    alpha: float = 0.05


def limits_of(plan: Mapping[str, Any]) -> Limits:
    """The limits that were registered at opening."""
    return Limits(
        both_bad=float(plan["both_bad_limit"]),
        least_voters=int(plan["least_voters"]),
        largest_share=float(plan["largest_share"]),
        alpha=float(plan["alpha"]),
    )


def check(
    judgements: Sequence[Judgement],
    result: Mapping[str, Any],
    winner: str,
    limits: Limits | None = None,
) -> list[dict[str, Any]]:
    """All guards for a winner, JSON-ready, in their order."""
    limits = limits or Limits()
    return [
        asdict(guard)
        for guard in (
            both_bad(result, winner, limits),
            categories(judgements, winner, limits),
            sides(judgements, result, winner),
            structure(result, winner),
            crowd(judgements, result, limits),
            leave_one_out(judgements, result["candidates"], winner, limits),
        )
    ]


def both_bad(result: Mapping[str, Any], winner: str, limits: Limits) -> Guard:
    """Passes where the winner's share of ballots called both bad is within the limit."""
    rate = result["both_bad_rates"][winner] or 0.0
    text = f"{rate:.0%} of its ballots were called both bad; the limit is {limits.both_bad:.0%}."
    return Guard("both bad", rate <= limits.both_bad, text)


def categories(judgements: Sequence[Judgement], winner: str, limits: Limits) -> Guard:
    """No category in which another model has E >= 1/alpha over the winner."""
    bar = -float(np.log(limits.alpha))
    for category in sorted({judgement.category for judgement in judgements}):
        part = [judgement for judgement in judgements if judgement.category == category]
        contest = _contest(part)
        for rival in contest.names:
            if rival != winner and contest.log_evidence(rival, winner) >= bar:
                wins = contest.wins.get((rival, winner), 0)
                losses = contest.wins.get((winner, rival), 0)
                text = f"In {category or 'this study'}, {rival} beat it {wins} to {losses}."
                return Guard("categories", False, text)
    return Guard("categories", True, "No category speaks against it.")


def _contest(judgements: Sequence[Judgement]) -> Contest:
    names = sorted({name for judgement in judgements for name in judgement.shown})
    return hold_contest(judgements, names)


def sides(judgements: Sequence[Judgement], result: Mapping[str, Any], winner: str) -> Guard:
    """A left effect does harm only where the winner also stood on one side too often."""
    pairs = [j for j in judgements if len(j.shown) == 2 and j.kind != AUTOMATIC]
    shown = [j.shown.index(winner) for j in pairs if winner in j.shown]
    left = shown.count(0)
    uneven = p_value_of_a_half(left, len(shown)) < 0.01
    flagged = "left_effect" in result["flags"]
    text = f"It stood on the left in {left} of {len(shown)} pairs" + (
        ", and voters prefer one side." if flagged else "; voters prefer no side."
    )
    return Guard("sides", not (flagged and uneven), text)


def structure(result: Mapping[str, Any], winner: str) -> Guard:
    """Connected, and neither misfit nor a cycle touches the winner. Separation is no obstacle."""
    flags = result["flags"]
    if "disconnected" in flags:
        return Guard("comparisons", False, flags["disconnected"]["text"])
    for name in ("misfit", "cycle"):
        if name in flags and winner in flags[name]["names"]:
            return Guard("comparisons", False, flags[name]["text"])
    return Guard("comparisons", True, "All candidates hang together and the scale fits it.")


def crowd(judgements: Sequence[Judgement], result: Mapping[str, Any], limits: Limits) -> Guard:
    """Passes where enough unflagged voters took part and none cast too large a share."""
    votes = Counter(j.voter for j in judgements if j.ranks and j.kind != AUTOMATIC)
    steady = [voter for voter in votes if voter not in result["flagged_voters"]]
    share = max(votes.values(), default=0) / max(1, sum(votes.values()))
    text = f"{len(steady)} unflagged voters, the busiest cast {share:.0%} of the votes"
    if len(steady) < limits.least_voters:
        return Guard("voters", False, f"{text}; {limits.least_voters} voters are needed.")
    if share > limits.largest_share:
        return Guard("voters", False, f"{text}; the limit is {limits.largest_share:.0%}.")
    return Guard("voters", True, f"{text}.")


def leave_one_out(
    judgements: Sequence[Judgement], names: Sequence[str], winner: str, limits: Limits
) -> Guard:
    """Without any one voter it still ranks first, and nobody could throw it out."""
    voters = sorted({judgement.voter for judgement in judgements if judgement.voter})
    bar = log_bar(len(names), limits.alpha)
    for number, voter in enumerate(voters, start=1):
        rest = [judgement for judgement in judgements if judgement.voter != voter]
        counts = count(rest, names)
        found = estimate(counts, counts.tables(), Options(), Options().prior)
        best = names[int(found.theta[0].argmax())]
        if best != winner:
            return Guard("one voter", False, f"Without voter {number}, {best} would rank first.")
        contest = hold_contest(rest, names, limits.alpha)
        for rival in names:
            if rival != winner and contest.log_evidence(rival, winner) >= bar:
                text = f"Without voter {number}, {rival} would have thrown it out."
                return Guard("one voter", False, text)
    return Guard("one voter", True, "No single voter decides: without any one it still leads.")
