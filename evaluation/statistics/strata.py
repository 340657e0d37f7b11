"""Strengths within categories of photos, and their mean under registered weights. No Django."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from . import ranking
from .likelihood import Array, Prior
from .ranking import Options
from .records.judgements import Judgement

MOST_CATEGORIES = 8
CATEGORY_SD = 0.5
UNNAMED = "without a category"


@dataclass(frozen=True)
class Fit:
    """theta: (R, S, K) strengths by category and model; the first row is the estimate itself."""

    categories: tuple[str, ...]
    names: tuple[str, ...]
    theta: Array


def fit(
    judgements: Sequence[Judgement],
    names: Sequence[str],
    options: Options,
    rng: np.random.Generator | None = None,
) -> Fit | None:
    """theta_ks = theta_k + u_ks with u normal, sd 0.5: partial pooling in one likelihood.

    A category without evidence of its own repeats the whole. None with fewer than two
    categories or too many to show. With `rng`, bootstrap rows follow the estimate.
    """
    marked = [(judgement.category or UNNAMED, judgement) for judgement in judgements]
    categories = sorted({category for category, _ in marked})
    if not 2 <= len(categories) <= MOST_CATEGORIES:
        return None
    labels = [f"{category}\n{name}" for category in categories for name in names]
    counts = ranking.count(
        [replace(j, shown=tuple(f"{c}\n{name}" for name in j.shown)) for c, j in marked], labels
    )
    if counts.cells.size == 0:
        return None
    precision = ranking.strata_precision(
        len(names), len(categories), strength_sd=Prior.strength_sd, spread=CATEGORY_SD
    )
    found = ranking.estimate(counts, counts.tables(), options, Prior(), precision=precision)
    rows = [found.theta[:1]]
    if rng is not None:
        rows.append(ranking.bootstrap(counts, options, rng, precision=precision).theta)
    theta = np.concatenate(rows).reshape(-1, len(categories), len(names))
    return Fit(tuple(categories), tuple(names), theta)


def by_category(found: Fit | None, reference: str | None) -> dict[str, dict[str, float]]:
    """Strengths within each category against the reference, or against the mean."""
    if found is None:
        return {}
    theta = _against(found, reference)[0]
    return {
        category: dict(zip(found.names, map(float, row), strict=True))
        for category, row in zip(found.categories, theta, strict=True)
    }


def _against(found: Fit, reference: str | None) -> Array:
    if reference is None:
        return np.asarray(found.theta - found.theta.mean(axis=2, keepdims=True))
    at = found.names.index(reference)
    return np.asarray(found.theta - found.theta[:, :, [at]])


def headline(
    found: Fit | None, weights: Mapping[str, float], reference: str | None, level: float
) -> dict[str, Any] | None:
    """The mean over categories with registered weights: never with accidental counts of votes."""
    if found is None:
        return None
    share = np.array([max(0.0, float(weights.get(c, 0.0))) for c in found.categories])
    if share.sum() <= 0:
        return None
    share = share / share.sum()
    mean = np.einsum("s,rsk->rk", share, _against(found, reference))
    estimate, draws = mean[0], mean[1:]
    orders = np.argsort(np.argsort(-draws, axis=1), axis=1) + 1
    tail = 50 * (1 - level)
    low = np.percentile(orders, tail, axis=0, method="lower")
    high = np.percentile(orders, 100 - tail, axis=0, method="higher")
    names = found.names
    return {
        "weights": dict(zip(found.categories, map(float, share), strict=True)),
        "strengths": dict(zip(names, map(float, estimate), strict=True)),
        "intervals": {
            name: list(ranking.percentile_interval(draws[:, k], level))
            for k, name in enumerate(names)
        },
        "ranks": dict(zip(names, ranking.ranks(estimate.tolist()), strict=True)),
        "rank_ranges": {name: [int(low[k]), int(high[k])] for k, name in enumerate(names)},
        "jod": {
            name: ranking.jod(float(value)) for name, value in zip(names, estimate, strict=True)
        },
    }


def weights_of(photos: Sequence[Mapping[str, Any]], wanted: Mapping[str, Any]) -> dict[str, float]:
    """Registered weights by category; without any, each photo counts alike."""
    counts = Counter(photo["category"] or UNNAMED for photo in photos)
    found = {
        category: float(wanted.get(category, 0)) if wanted else float(number)
        for category, number in counts.items()
    }
    total = sum(found.values())
    return {category: value / total for category, value in sorted(found.items())}
