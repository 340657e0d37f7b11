"""Five rules that flag a careless voter. None drops one: results are shown with and without."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import median

import numpy as np

from ..binomial import at_most, p_value_of_a_half
from ..likelihood import Array, Estimate, Prior, choice_probabilities, pair_probabilities
from ..ranking import Counts, Options, estimate
from ..records import rules as versions
from ..records.judgements import Judgement

GOLD_SHARE = 0.80
GOLD_EXPECTED = 0.95
GOLD_LEAST = 5
REPEATS_LEAST = 10
REPEATS_SHARE = 0.60
HASTE_SECONDS = 1.5
VOTES_LEAST = 10  # the mean of a few votes is luck
VOTERS_LEAST = 5  # quartiles of fewer voters say nothing about the odd one
E_RANDOM = 100.0  # so a voter who follows the others is flagged once in a hundred at most
PASSES = 10  # it settles in two or three

THRESHOLDS = {
    "gold": f"{GOLD_LEAST} or more, under {GOLD_SHARE}, expected {GOLD_EXPECTED}",
    "consistency": f"{REPEATS_LEAST} or more, under {REPEATS_SHARE}",
    "haste": f"median under {HASTE_SECONDS} s",
    "likelihood": f"e-value of random answers {E_RANDOM:g} or more",
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


def random_flags(judgements: Sequence[Judgement], counts: Counts, options: Options) -> set[str]:
    """Voters whose votes random answers explain E_RANDOM times better than the others' fit does.

    Whoever always answers the opposite is explained still worse. The flagged are left out of the
    fit and all voters are asked again, until nothing changes: careless voters hide each other.
    Never more than half of the voters are left out.
    """
    flagged: set[str] = set()
    for _ in range(PASSES):
        logs = random_log_e_values(judgements, counts, options, left_out=flagged)
        found = {voter for voter, log in logs.items() if log >= math.log(E_RANDOM)}
        if found == flagged or 2 * len(found) > len(logs):
            break
        flagged = found
    return flagged


def random_log_e_values(
    judgements: Sequence[Judgement],
    counts: Counts,
    options: Options,
    *,
    left_out: Collection[str] = (),
) -> dict[str, float]:
    """Natural logarithm of the e-value that a voter answers at random, for each voter.

    It is the chance of her answers when sides are even and ties as frequent as in the study, over
    their chance under the fit of everybody else but `left_out`. To a voter who follows that fit
    E >= c happens with a chance of 1/c at most (Markov's inequality; Vovk and Wang 2021). Of two
    voters nobody knows which is the odd one: no values.
    """
    judgements = [judgement for judgement in judgements if judgement.ranks]
    voters = sorted({judgement.voter for judgement in judgements if judgement.voter})
    if len(voters) <= 2:
        return {}
    own, found = _fits_without(judgements, counts, options, voters, left_out)
    logs, _ = _log_likelihood(counts, own, found)
    return dict(zip(voters, (_random_log_likelihood(counts, own) - logs).tolist(), strict=True))


def _fits_without(
    judgements: Sequence[Judgement],
    counts: Counts,
    options: Options,
    voters: Sequence[str],
    left_out: Collection[str] = (),
) -> tuple[tuple[Array, Array | None], Estimate]:
    """Each voter's tables, and the fits of everybody else's votes but those of `left_out`."""
    own = np.array(
        [[judgement.voter == voter for judgement in judgements] for voter in voters], np.float64
    )
    kept = np.array([judgement.voter not in left_out for judgement in judgements], np.float64)
    tables = counts.tables(kept * (1 - own))
    return counts.tables(own), estimate(counts, tables, options, options.prior or Prior())


def _random_log_likelihood(counts: Counts, tables: tuple[Array, Array | None]) -> Array:
    """Of each table in the batch, when nobody looks: ties as often as all have them, sides even."""
    pairs, choices = tables
    ties = pairs[..., 2].sum() / max(1.0, pairs.sum())
    chances = np.maximum([(1 - ties) / 2, (1 - ties) / 2, ties], 1e-12)
    logs = pairs.sum(axis=(1, 2)) @ np.log(chances)
    if choices is not None and counts.sets is not None:
        shown = (counts.sets.members >= 0).sum(axis=1)
        logs = logs - choices.sum(axis=2) @ np.log(shown)
    return np.asarray(logs)


def quartile_flags(judgements: Sequence[Judgement], counts: Counts, options: Options) -> set[str]:
    """Voters whose mean log-likelihood lies below Q1 - 1.5 IQR of all voters.

    The first rule, kept for the studies that were opened under it: it goes blind once a quarter of
    the voters are careless.
    """
    means = held_out_log_likelihoods(judgements, counts, options)
    if len(means) < VOTERS_LEAST:
        return set()
    low, high = np.percentile(list(means.values()), [25, 75])
    bar = low - 1.5 * (high - low) - 1e-9
    return {voter for voter, value in means.items() if value < bar}


def held_out_log_likelihoods(
    judgements: Sequence[Judgement], counts: Counts, options: Options
) -> dict[str, float]:
    """Mean log-likelihood of a voter's votes under the fit of everybody else's votes, for each
    voter with at least ten."""
    judgements = [judgement for judgement in judgements if judgement.ranks]
    voters = sorted({judgement.voter for judgement in judgements if judgement.voter})
    if len(voters) < 2:
        return {}
    own, found = _fits_without(judgements, counts, options, voters)
    logs, votes = _log_likelihood(counts, own, found)
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
    rules: int = versions.NOW,
) -> dict[str, list[str]]:
    """Voter to the rules that flag her. `gold`: (hits, shown); `repeats`: (same, shown)."""
    hasty = [voter for voter, times in (seconds or {}).items() if haste_flag(times)]
    careless = [voter for voter, (hits, shown) in (gold or {}).items() if gold_flag(hits, shown)]
    unsteady = [
        voter for voter, (same, shown) in (repeats or {}).items() if consistency_flag(same, shown)
    ]
    unlikely = quartile_flags if rules == versions.QUARTILES else random_flags
    odd = unlikely(judgements, counts, options)
    found: dict[str, list[str]] = {}
    by_rule: list[tuple[str, Iterable[str]]] = [
        ("gold", careless),
        ("likelihood", odd),
        ("side", _one_sided(judgements)),
        ("consistency", unsteady),
        ("haste", hasty),
    ]
    for rule, voters in by_rule:
        for voter in voters:
            found.setdefault(voter, []).append(rule)
    return dict(sorted(found.items()))


def _one_sided(judgements: Iterable[Judgement]) -> list[str]:
    sides: dict[str, list[int]] = {}
    for judgement in judgements:
        if judgement.voter and len(judgement.shown) == 2 and judgement.best is not None:
            sides.setdefault(judgement.voter, [0, 0])[judgement.best] += 1
    return [voter for voter, (left, right) in sides.items() if side_flag(left, right)]
