"""The count of one study: from judgements in their order to the decision and every number."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from . import diagnostics as doubts
from . import ranking, strata
from .diagnostics import Flag
from .e_values import Contest, log_evidence
from .likelihood import Array, Estimate, Prior
from .ranking import Counts, Options
from .records import rules as versions
from .records.judgements import (
    AUTOMATIC,
    BEST,
    BOTH_BAD,
    EQUAL,
    ORDINARY,
    SKIP,
    Judgement,
    names_of,
)
from .records.said import Said, said
from .voters.screening import flagged_voters

SEED = 1978
LARGEST_EXPONENT = 700.0  # exp beyond it is no float; the logarithm stands beside it


def tally(
    judgements: Sequence[Judgement],
    *,
    options: Options | None = None,
    names: Sequence[str] = (),
    reference: str | None = None,
    alpha: float = 0.05,
    band: tuple[float, float] | None = (0.45, 0.55),
    seed: int = SEED,
    seconds: Mapping[str, Sequence[float]] | None = None,
    gold: Mapping[str, tuple[int, int]] | None = None,
    repeats: Mapping[str, tuple[int, int]] | None = None,
    rules: int = versions.NOW,
) -> dict[str, Any]:
    """Everything the votes say, as JSON-ready values; the same votes give the same numbers.

    Strengths are natural logarithms against `reference` (None: against the mean). Names of
    models without a vote may be given. `seconds`, `gold` (hits, shown) and `repeats` (same,
    shown) by voter feed the rules that flag voters, as they stood in version `rules`. Raises
    ValueError for an unknown reference.
    """
    options = options or Options()
    names = tuple(sorted({*names, *names_of(judgements)}))
    if reference is not None and reference not in names:
        raise ValueError(f"reference {reference!r} is not among the candidates: {', '.join(names)}")
    counts = ranking.count(judgements, names)
    contest = hold_contest(judgements, names, alpha, band)
    result = _numbers(counts, options, reference, np.random.default_rng(seed))
    result |= {
        "counts": ballot_counts(judgements, names),
        "both_bad_rates": both_bad_rates(judgements, names),
        "evidence": evidence_matrix(contest),
        "eliminated": {item.name: _elimination(item) for item in contest.eliminated},
        "winner": contest.winner,
        "decided_at": contest.eliminated[-1].at_vote if contest.winner else None,
        "reasons": reasons(contest, judgements),
        "flagged_voters": flagged_voters(
            judgements, counts, options, gold=gold, repeats=repeats, seconds=seconds, rules=rules
        ),
        "categories": strata.by_category(strata.fit(judgements, names, options), reference),
    }
    return result if rules == versions.QUARTILES else result | _doubted(result, contest)


def _doubted(result: Mapping[str, Any], contest: Contest) -> dict[str, Any]:
    """`withheld`: why the one who is left alone is named no winner (null where it is, or is none).

    Who beat all others in turn may still stand in a circle with them, or lie behind one whom a
    third threw out.
    """
    alone = contest.winner
    doubt = None if alone is None else _doubt(result, contest, alone)
    if doubt is None:
        return {"withheld": None}
    told = [*result["reasons"][:-1], doubt, said("verdict.left-alone", name=alone)]
    return {"withheld": doubt, "winner": None, "decided_at": None, "reasons": told}


def _doubt(result: Mapping[str, Any], contest: Contest, alone: str) -> Said | None:
    for rival in contest.names:
        if rival != alone and contest.log_evidence(rival, alone) >= -math.log(contest.alpha):
            wins, losses = contest.wins[rival, alone], contest.wins.get((alone, rival), 0)
            return said("verdict.beat", by=rival, name=alone, wins=wins, losses=losses)
    flags = (result["flags"].get(name) for name in ("cycle", "misfit"))
    return next((flag["text"] for flag in flags if flag and alone in flag["names"]), None)


def hold_contest(
    judgements: Sequence[Judgement],
    names: Sequence[str],
    alpha: float = 0.05,
    band: tuple[float, float] | None = (0.45, 0.55),
) -> Contest:
    """Play the decisive ballots in their order; a second look was chosen knowing the past."""
    contest = Contest(tuple(names), alpha, band)
    for judgement in judgements:
        if judgement.winner is not None and judgement.kind == ORDINARY:
            contest.add(judgement.winner, judgement.losers)
    return contest


def _numbers(
    counts: Counts, options: Options, reference: str | None, rng: np.random.Generator
) -> dict[str, Any]:
    """The ranking and its flags; null numbers where the data do not define them."""
    names = counts.names
    tables = counts.tables()
    pairs, choices = tables
    flags = _graph_flags(counts, pairs[0], None if choices is None else choices[0])
    result: dict[str, Any] = {
        "candidates": list(names),
        "reference": reference,
        "ties": options.ties,
        "prior": options.prior is not None,
    }
    undefined = "degenerate" in flags or (
        options.prior is None and ("separation" in flags or "disconnected" in flags)
    )
    if not undefined:
        found = ranking.estimate(counts, tables, options, options.prior)
        undefined = not _identified(found)
    if undefined:
        return result | _undefined(names) | {"flags": _flags_json(flags)}
    at = None if reference is None else names.index(reference)
    errors, left_error, _ = ranking.standard_errors(found, at)
    if found.side:
        _put(flags, "left_effect", doubts.left_effect(float(found.left[0]), left_error))
    # Two streams, so that the intervals do not depend on the order of the candidates' names.
    for_misfit, for_bootstrap = rng.spawn(2)
    result["misfit_p"] = _misfit(counts, pairs[0], options, flags, for_misfit)
    result |= _strengths(names, found, errors, left_error, at)
    result |= _intervals(
        names, ranking.bootstrap(counts, options, for_bootstrap), options, found, at
    )
    return result | {"flags": _flags_json(flags)}


def _graph_flags(counts: Counts, pairs: Array, choices: Array | None) -> dict[str, Flag]:
    members = None if counts.sets is None else counts.sets.members
    wins = doubts.beat_matrix(pairs, choices, members)
    ties = pairs[..., 2] + pairs[..., 2].T
    flags: dict[str, Flag] = {}
    _put(flags, "degenerate", doubts.degenerate(wins, ties))
    _put(flags, "disconnected", doubts.disconnected(counts.names, wins, ties))
    _put(flags, "separation", doubts.separation(counts.names, wins, ties))
    _put(flags, "cycle", doubts.cycle(counts.names, wins))
    return flags


def _put(flags: dict[str, Flag], name: str, flag: Flag | None) -> None:
    if flag is not None:
        flags[name] = flag


def _flags_json(flags: dict[str, Flag]) -> dict[str, dict[str, Any]]:
    return {name: {"text": f.said, "names": list(f.names)} for name, f in flags.items()}


def _identified(found: Estimate) -> bool:
    eigenvalues = np.linalg.eigvalsh(found.information[0])
    return bool(found.converged[0] and eigenvalues[0] > 1e-8 * max(1.0, eigenvalues[-1]))


def _misfit(
    counts: Counts,
    pairs: Array,
    options: Options,
    flags: dict[str, Flag],
    rng: np.random.Generator,
) -> float | None:
    """Always of the Davidson model: half wins have no likelihood to misfit."""
    if not pairs.any():
        return None
    whole = Options(side=options.side, prior=options.prior)
    only_pairs = Counts(counts.names, counts.cells, None, counts.voters, counts.photos)
    found = ranking.estimate(only_pairs, (pairs[None], None), whole, Prior())
    p, flag = doubts.misfit(counts.names, pairs, found, rng, side=options.side, prior=Prior())
    _put(flags, "misfit", flag)
    return p


def _undefined(names: Sequence[str]) -> dict[str, Any]:
    nothing = dict.fromkeys(names)
    keys = ("strengths", "standard_errors", "intervals", "ranks", "rank_ranges", "jod")
    empty: dict[str, Any] = {key: dict(nothing) for key in keys}
    for key in ("left_effect", "left_effect_standard_error", "left_effect_interval", "tie"):
        empty[key] = None
    return empty | {"tie_interval": None, "log_likelihood": None, "misfit_p": None}


def _strengths(
    names: Sequence[str], found: Estimate, errors: Array, left_error: float, at: int | None
) -> dict[str, Any]:
    theta = found.theta[0] if at is None else found.theta[0] - found.theta[0, at]
    nu = float(np.exp(found.log_tie[0]))
    return {
        "strengths": _by_name(names, theta),
        "standard_errors": _by_name(names, errors),
        "ranks": dict(zip(names, ranking.ranks(theta.tolist()), strict=True)),
        "jod": _by_name(names, np.array([ranking.jod(value) for value in theta])),
        "left_effect": float(found.left[0]) if found.side else None,
        "left_effect_standard_error": left_error if found.side else None,
        "tie": nu if nu > 0 else None,
    }


def _by_name(names: Sequence[str], values: Array) -> dict[str, float]:
    return {name: float(value) for name, value in zip(names, values, strict=True)}


def _intervals(
    names: Sequence[str],
    draws: ranking.Resamples,
    options: Options,
    found: Estimate,
    at: int | None,
) -> dict[str, Any]:
    strengths, orders = draws.strengths(at), draws.ranks()
    tail = 50 * (1 - options.level)
    low = np.percentile(orders, tail, axis=0, method="lower")
    high = np.percentile(orders, 100 - tail, axis=0, method="higher")
    tied = bool(np.isfinite(found.log_tie[0])) and bool(np.isfinite(draws.log_tie).all())
    return {
        "intervals": {
            name: list(ranking.percentile_interval(strengths[:, k], options.level))
            for k, name in enumerate(names)
        },
        "rank_ranges": {name: [int(low[k]), int(high[k])] for k, name in enumerate(names)},
        "left_effect_interval": list(ranking.percentile_interval(draws.left, options.level))
        if found.side
        else None,
        "tie_interval": list(ranking.percentile_interval(np.exp(draws.log_tie), options.level))
        if tied
        else None,
    }


def ballot_counts(
    judgements: Sequence[Judgement], names: Sequence[str]
) -> dict[str, dict[str, int]]:
    """How often each model was shown (skips aside), won, lost, tied, and shared a both-bad."""
    counts = {
        name: dict.fromkeys(("shown", "wins", "losses", "ties", "both_bad"), 0) for name in names
    }
    for judgement in judgements:
        if judgement.outcome == SKIP or judgement.kind == AUTOMATIC:
            continue
        for slot, name in enumerate(judgement.shown):
            counts[name]["shown"] += 1
            if judgement.outcome == BEST:
                counts[name]["wins" if slot == judgement.best else "losses"] += 1
            else:
                counts[name]["ties" if judgement.outcome == EQUAL else BOTH_BAD] += 1
    return counts


def both_bad_rates(
    judgements: Sequence[Judgement], names: Sequence[str]
) -> dict[str, float | None]:
    """Share of a model's ballots (skips aside) that were called both bad; None without ballots."""
    return {
        name: count["both_bad"] / count["shown"] if count["shown"] else None
        for name, count in ballot_counts(judgements, names).items()
    }


def evidence_matrix(contest: Contest) -> dict[str, dict[str, dict[str, Any]]]:
    """First over second: wins, losses, log E and E (null where it is beyond a float)."""
    matrix: dict[str, dict[str, dict[str, Any]]] = {}
    for first in contest.names:
        matrix[first] = {}
        for second in contest.names:
            if first == second:
                continue
            wins = contest.wins.get((first, second), 0)
            losses = contest.wins.get((second, first), 0)
            log_e = log_evidence(wins, losses)
            e = math.exp(log_e) if log_e < LARGEST_EXPONENT else None
            matrix[first][second] = {"wins": wins, "losses": losses, "log_e": log_e, "e": e}
    return matrix


def _elimination(item: Any) -> dict[str, Any]:
    return {
        "by": item.by,
        "wins": item.wins,
        "losses": item.losses,
        "log_e": item.log_evidence,
        "at_vote": item.at_vote,
    }


def reasons(contest: Contest, judgements: Sequence[Judgement]) -> list[Said]:
    """Why it was decided so, the verdict last."""
    told = [item.said for item in contest.eliminated]
    if contest.winner is not None:
        return [*told, said("verdict.wins", winner=contest.winner)]
    if contest.equal is not None:
        first, second = contest.equal
        told.append(said("verdict.equal", first=first, second=second))
    elif not any(judgement.winner for judgement in judgements):
        told.append(said("verdict.no-vote"))
    elif contest.alive:
        told.append(said("verdict.still-in", names=list(contest.alive)))
    return [*told, said("verdict.unclear")]
