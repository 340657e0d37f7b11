"""What makes a ranking doubtful: islands, separation, misfit, cycles, a left effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import scipy
from numpy.typing import NDArray

from .likelihood import Array, Estimate, Prior, fit, pair_probabilities
from .records.said import Said, said

Z99 = 2.5758293035489004


@dataclass(frozen=True)
class Flag:
    """A doubt, with the models it touches."""

    said: Said
    names: tuple[str, ...]


def beat_matrix(pairs: Array, choices: Array | None, members: NDArray[np.int64] | None) -> Array:
    """(K, K) decisive wins of row over column, sides forgotten; best-of-N over each loser."""
    wins = pairs[..., 0] + pairs[..., 1].T
    if choices is None or members is None:
        return np.asarray(wins)
    wins = wins.copy()
    for (row, place), times in np.ndenumerate(choices):
        losers = [m for at, m in enumerate(members[row]) if m >= 0 and at != place]
        if times:
            wins[members[row, place], losers] += times
    return np.asarray(wins)


def degenerate(wins: Array, ties: Array) -> Flag | None:
    """No number can be given: no decisive vote, or a single one.

    `wins` is K x K, row over column; `ties` K x K, each tie in both halves.
    """
    decisive, tied = int(wins.sum()), int(ties.sum() // 2)
    if decisive == 0:
        return Flag(said("doubt.all-ties", count=tied) if tied else said("doubt.no-votes"), ())
    if decisive + tied == 1:
        return Flag(said("doubt.single-vote"), ())
    return None


def disconnected(names: Sequence[str], wins: Array, ties: Array) -> Flag | None:
    """The graph "compared, decisive or tied" falls into more than one component.

    `wins` is K x K, row over column, in the order of `names`; so is `ties`.
    """
    groups = _groups(wins + wins.T + ties, names, strong=False)
    if len(groups) < 2:
        return None
    named = tuple(name for group in groups for name in group)
    return Flag(said("doubt.islands", groups=groups), named)


def separation(names: Sequence[str], wins: Array, ties: Array) -> Flag | None:
    """Winner -> loser (both ways for a tie) is not strongly connected: no finite maximum.

    `wins` is K x K, row over column, in the order of `names`; so is `ties`.
    """
    groups = _groups(wins + ties, names, strong=True)
    if len(groups) < 2:
        return None
    named = tuple(name for group in groups for name in group)
    return Flag(said("doubt.separation", groups=groups), named)


def _groups(edges: Array, names: Sequence[str], *, strong: bool) -> list[list[str]]:
    kind = "strong" if strong else "weak"
    number, labels = scipy.sparse.csgraph.connected_components(
        scipy.sparse.csr_matrix(edges > 0), directed=True, connection=kind
    )
    return sorted(
        [name for name, label in zip(names, labels, strict=True) if label == group]
        for group in range(number)
    )


def cycles(names: Sequence[str], wins: Array) -> list[tuple[tuple[str, str, str], float]]:
    """Triples with majorities A > B > C > A and the weakest of the three shares, strongest first.

    Each cycle is named once, starting at its alphabetically first model.

    `wins` is K x K, row over column, in the order of `names`.
    """
    total = wins + wins.T
    share = np.where(total > 0, wins / np.maximum(total, 1e-300), 0.5)
    found = []
    for triple in combinations(range(len(names)), 3):
        for a, b, c in (triple, (triple[0], triple[2], triple[1])):
            weakest = min(share[a, b], share[b, c], share[c, a])
            if weakest > 0.5:
                found.append(((names[a], names[b], names[c]), float(weakest)))
    return sorted(found, key=lambda item: (-item[1], item[0]))


def cycle(names: Sequence[str], wins: Array) -> Flag | None:
    """A flag that names up to three circles of majorities; None without one.

    `wins` is K x K, row over column, in the order of `names`.
    """
    found = cycles(names, wins)
    if not found:
        return None
    circles = [said("doubt.circle", first=a, second=b, third=c) for (a, b, c), _ in found[:3]]
    touched = sorted({name for triple, _ in found for name in triple})
    return Flag(said("doubt.circles", circles=circles), tuple(touched))


def left_effect(estimate: float, error: float) -> Flag | None:
    """The 99 % interval of the left effect excludes zero."""
    if abs(estimate) <= Z99 * error:
        return None
    share = float(1 / (1 + np.exp(-abs(estimate))))
    if estimate > 0:
        return Flag(said("doubt.left-side", share=share), ())
    return Flag(said("doubt.right-side", share=share), ())


def misfit(
    names: Sequence[str],
    pairs: Array,
    found: Estimate,
    rng: np.random.Generator,
    *,
    side: bool,
    prior: Prior | None,
    tables: int = 199,
    level: float = 0.01,
) -> tuple[float, Flag | None]:
    """G² = 2 sum n_obs log(n_obs / n_exp) over (pair, side, outcome); p by parametric bootstrap.

    pairs: (K, K, 3) counts. Returns p and a flag where p < level.
    """
    probability = pair_probabilities(found.theta, found.left, found.log_tie)
    total = np.rint(pairs.sum(axis=-1)).astype(np.int64)
    observed = _surprise(pairs[None], probability)
    drawn = rng.multinomial(total, probability[0], size=(tables, *total.shape)).astype(np.float64)
    ties = bool(np.isfinite(found.log_tie[0]))
    again = fit(drawn, side=side, ties=ties, prior=prior or Prior(100.0, 100.0, tie_sd=100.0))
    refitted = pair_probabilities(again.theta, again.left, again.log_tie)
    expected = _surprise(drawn, refitted)
    sums = expected.sum(axis=(1, 2))
    p = float((1 + (sums >= observed.sum() - 1e-9).sum()) / (tables + 1))
    if p >= level:
        return p, None
    by_pair, limit = observed[0] + observed[0].T, expected + expected.transpose(0, 2, 1)
    bar = np.quantile(limit.max(axis=(1, 2)), 0.99)
    worst = np.argwhere(np.triu(by_pair) > bar).tolist()
    worst = worst or [sorted(divmod(int(by_pair.argmax()), len(names)))]
    told = [said("doubt.pair", first=names[i], second=names[j]) for i, j in worst]
    touched = sorted({names[index] for pair in worst for index in pair})
    return p, Flag(said("doubt.misfit", p=p, pairs=told), tuple(touched))


def _surprise(pairs: Array, probability: Array) -> Array:
    """(B, K, K) share of each ordered pair in G²."""
    expected = pairs.sum(axis=-1, keepdims=True) * probability
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(pairs > 0, pairs * np.log(pairs / expected), 0.0)
    return np.asarray(2 * terms.sum(axis=-1))
