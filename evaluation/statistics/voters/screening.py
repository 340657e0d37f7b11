"""Five rules that flag a careless voter. None drops one: results are shown with and without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

import numpy as np

from ..binomial import at_most, p_value_of_a_half
from ..likelihood import Array, Estimate, Prior, choice_probabilities, pair_probabilities
from ..ranking import Counts, Options, estimate
from ..records.judgements import Judgement

GOLD_SHARE = 0.80
GOLD_EXPECTED = 0.95
GOLD_LEAST = 5
REPEATS_LEAST = 10
REPEATS_SHARE = 0.60
HASTE_SECONDS = 1.5
VOTES_LEAST = 10  # the mean of a few votes is luck
VOTERS_LEAST = 5  # quartiles of fewer voters say nothing about the odd one

THRESHOLDS = {
    "gold": f"{GOLD_LEAST} or more, under {GOLD_SHARE}, expected {GOLD_EXPECTED}",
    "consistency": f"{REPEATS_LEAST} or more, under {REPEATS_SHARE}",
    "haste": f"median under {HASTE_SECONDS} s",
    "likelihood": f"below Q1 - 1.5 IQR, {VOTES_LEAST} votes, {VOTERS_LEAST} voters",
    "side": "outside the 99 % binomial interval",
}


def gold_flag(hits: int, shown: int) -> bool:
    """At least five gold ballots, under 80 % right, and too few for a voter who is right 95 %."""
    if shown < GOLD_LEAST or hits / shown >= GOLD_SHARE:
        return False
    return at_most(hits, shown, GOLD_EXPECTED) < 0.05


def side_flag(left: int, right: int) -> bool:
    """The left share of decisive votes lies outside the 99 % binomial interval around a half."""
    return p_value_of_a_half(left, left + right) < 0.01


def consistency_flag(same: int, repeats: int) -> bool:
    """Whether enough repeats were answered and too few of them the same way."""
    return repeats >= REPEATS_LEAST and same / repeats < REPEATS_SHARE


def haste_flag(seconds: Sequence[float]) -> bool:
    """Whether the median look took less than HASTE_SECONDS."""
    return len(seconds) > 0 and median(seconds) < HASTE_SECONDS


def likelihood_flags(mean_log_likelihoods: Mapping[str, float]) -> set[str]:
    """Voters whose mean log-likelihood lies below Q1 - 1.5 IQR of all voters."""
    if len(mean_log_likelihoods) < VOTERS_LEAST:
        return set()
    low, high = np.percentile(list(mean_log_likelihoods.values()), [25, 75])
    bar = low - 1.5 * (high - low) - 1e-9
    return {voter for voter, value in mean_log_likelihoods.items() if value < bar}


def held_out_log_likelihoods(
    judgements: Sequence[Judgement], counts: Counts, options: Options
) -> dict[str, float]:
    """Mean log-likelihood of a voter's votes under the fit of everybody else's votes, for each
    voter with at least ten."""
    judgements = [judgement for judgement in judgements if judgement.ranks]
    voters = sorted({judgement.voter for judgement in judgements if judgement.voter})
    if len(voters) < 2:
        return {}
    own = np.array(
        [[judgement.voter == voter for judgement in judgements] for voter in voters], np.float64
    )
    pairs, choices = counts.tables(own)
    everyone, all_choices = counts.tables()
    rest = None if choices is None or all_choices is None else all_choices - choices
    found = estimate(counts, (everyone - pairs, rest), options, options.prior or Prior())
    logs, votes = _log_likelihood(counts, (pairs, choices), found)
    return {
        voter: float(log / n)
        for voter, log, n in zip(voters, logs, votes, strict=True)
        if n >= VOTES_LEAST
    }


def _log_likelihood(
    counts: Counts, tables: tuple[Array, Array | None], found: Estimate
) -> tuple[Array, Array]:
    """Log-likelihood and number of decisive and tied votes of each table in the batch."""
    pairs, choices = tables
    p = np.maximum(pair_probabilities(found.theta, found.left, found.log_tie), 1e-12)
    logs = (pairs * np.log(p)).sum(axis=(1, 2, 3))
    votes = pairs.sum(axis=(1, 2, 3))
    if choices is not None and counts.sets is not None:
        x = np.concatenate([found.theta, found.left[:, None], np.zeros((len(logs), 1))], axis=1)
        design = counts.sets.design(len(counts.names), side=True)
        chosen = np.maximum(choice_probabilities(design, counts.sets.members, x), 1e-12)
        logs = logs + (choices * np.log(chosen)).sum(axis=(1, 2))
        votes = votes + choices.sum(axis=(1, 2))
    return np.asarray(logs), np.asarray(votes)


def flagged_voters(
    judgements: Sequence[Judgement],
    counts: Counts,
    options: Options,
    *,
    gold: Mapping[str, tuple[int, int]] | None = None,
    repeats: Mapping[str, tuple[int, int]] | None = None,
    seconds: Mapping[str, Sequence[float]] | None = None,
) -> dict[str, list[str]]:
    """Voter to the rules that flag her. `gold`: (hits, shown); `repeats`: (same, shown)."""
    hasty = [voter for voter, times in (seconds or {}).items() if haste_flag(times)]
    careless = [voter for voter, (hits, shown) in (gold or {}).items() if gold_flag(hits, shown)]
    unsteady = [
        voter for voter, (same, shown) in (repeats or {}).items() if consistency_flag(same, shown)
    ]
    odd = likelihood_flags(held_out_log_likelihoods(judgements, counts, options))
    found: dict[str, list[str]] = {}
    rules: list[tuple[str, Iterable[str]]] = [
        ("gold", careless),
        ("likelihood", odd),
        ("side", _one_sided(judgements)),
        ("consistency", unsteady),
        ("haste", hasty),
    ]
    for rule, voters in rules:
        for voter in voters:
            found.setdefault(voter, []).append(rule)
    return dict(sorted(found.items()))


def _one_sided(judgements: Iterable[Judgement]) -> list[str]:
    sides: dict[str, list[int]] = {}
    for judgement in judgements:
        if judgement.voter and len(judgement.shown) == 2 and judgement.best is not None:
            sides.setdefault(judgement.voter, [0, 0])[judgement.best] += 1
    return [voter for voter, (left, right) in sides.items() if side_flag(left, right)]
