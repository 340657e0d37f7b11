"""What must hold before a winner may be promoted; each guard says why. No Django."""

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
from .records.said import Said, said
from .tally import hold_contest

BOTH_BAD_LIMIT = 0.20
LEAST_VOTERS = 5
LARGEST_SHARE = 0.35


@dataclass(frozen=True)
class Guard:
    """One condition, whether it holds, and why (a sentence from older releases)."""

    name: str
    passed: bool
    text: Said | str


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
    why = said("guard.both-bad", rate=rate, limit=limits.both_bad)
    return Guard("both bad", rate <= limits.both_bad, why)


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
                return Guard("categories", False, _against(category, rival, wins, losses))
    return Guard("categories", True, said("guard.categories-hold"))


def _against(category: str, rival: str, wins: int, losses: int) -> Said:
    if not category:
        return said("guard.study-against", rival=rival, wins=wins, losses=losses)
    return said("guard.category-against", category=category, rival=rival, wins=wins, losses=losses)


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
    if flagged:
        why = said("guard.sides-preferred", left=left, pairs=len(shown))
    else:
        why = said("guard.sides-even", left=left, pairs=len(shown))
    return Guard("sides", not (flagged and uneven), why)


def structure(result: Mapping[str, Any], winner: str) -> Guard:
    """Connected, and neither misfit nor a cycle touches the winner. Separation is no obstacle."""
    flags = result["flags"]
    if "disconnected" in flags:
        return Guard("comparisons", False, flags["disconnected"]["text"])
    for name in ("misfit", "cycle"):
        if name in flags and winner in flags[name]["names"]:
            return Guard("comparisons", False, flags[name]["text"])
    return Guard("comparisons", True, said("guard.scale-holds"))


def crowd(judgements: Sequence[Judgement], result: Mapping[str, Any], limits: Limits) -> Guard:
    """Passes where enough unflagged voters took part and none cast too large a share."""
    votes = Counter(j.voter for j in judgements if j.ranks and j.kind != AUTOMATIC)
    steady = [voter for voter in votes if voter not in result["flagged_voters"]]
    share = max(votes.values(), default=0) / max(1, sum(votes.values()))
    if len(steady) < limits.least_voters:
        needed = limits.least_voters
        few = said("guard.few-voters", count=len(steady), share=share, needed=needed)
        return Guard("voters", False, few)
    if share > limits.largest_share:
        limit = limits.largest_share
        busy = said("guard.busy-voter", count=len(steady), share=share, limit=limit)
        return Guard("voters", False, busy)
    return Guard("voters", True, said("guard.voters-hold", count=len(steady), share=share))


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
            why = said("guard.one-voter-leads", number=number, name=best)
            return Guard("one voter", False, why)
        contest = hold_contest(rest, names, limits.alpha)
        for rival in names:
            if rival != winner and contest.log_evidence(rival, winner) >= bar:
                why = said("guard.one-voter-beats", number=number, name=rival)
                return Guard("one voter", False, why)
    return Guard("one voter", True, said("guard.one-voter-holds"))
