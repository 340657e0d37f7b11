"""How far voters agree: Krippendorff's alpha, Fleiss' kappa, a voter with herself."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..records.said import Said, said

Array = NDArray[np.float64]
LEVELS = ("nominal", "ordinal", "interval", "ratio")


@dataclass(frozen=True)
class Agreement:
    """Alpha with a bootstrap interval over units; None means undefined, and `reason` says why."""

    alpha: float | None
    interval: tuple[float, float] | None
    units: int
    values: int
    reason: Said | None = None


def unit_counts(
    ratings: Sequence[tuple[Hashable, Hashable, Hashable]], *, level: str = "nominal"
) -> tuple[Array, list[Hashable]]:
    """Counts (U, C) of units and categories from (unit, rater, value), and the C categories.

    Units with one value are left out. Raises ValueError where one rater rates a unit twice or a
    value is no number but must be.
    """
    if level not in LEVELS:
        raise ValueError(f"level {level!r} is not one of {', '.join(LEVELS)}")
    seen: set[tuple[Hashable, Hashable]] = set()
    units: dict[Hashable, list[Hashable]] = {}
    for unit, rater, value in ratings:
        if (unit, rater) in seen:
            raise ValueError(f"rater {rater!r} rated unit {unit!r} twice")
        seen.add((unit, rater))
        units.setdefault(unit, []).append(value if level == "nominal" else _number(value))
    kept = [values for values in units.values() if len(values) > 1]
    categories = sorted({value for values in kept for value in values}, key=_order)
    counts = np.zeros((len(kept), len(categories)))
    column = {value: index for index, value in enumerate(categories)}
    for row, values in enumerate(kept):
        for value in values:
            counts[row, column[value]] += 1
    return counts, categories


def _number(value: Hashable) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = float("nan")
    if not np.isfinite(number):
        raise ValueError(f"value {value!r} is not a number")
    return number


def _order(value: Hashable) -> tuple[int, float, str]:
    return (0, float(value), "") if isinstance(value, (int, float)) else (1, 0.0, str(value))


def coincidences(counts: Array) -> Array:
    """(C, C) or (B, C, C): pairs of values from different raters, each unit weighing m_u / (m_u-1)
    pairs a value (Krippendorff 2011). `counts`: (..., units, C)."""
    weights = 1.0 / (counts.sum(axis=-1) - 1.0)
    weighted = counts * weights[..., None]
    both = np.swapaxes(counts, -1, -2) @ weighted
    diagonal = weighted.sum(axis=-2)
    categories = np.arange(counts.shape[-1])
    both[..., categories, categories] -= diagonal
    return np.asarray(both)


def distances(totals: Array, values: Sequence[Hashable], level: str) -> Array:
    """(C, C) squared differences of the level; ordinal ones depend on the totals n_c."""
    if level == "nominal":
        return 1.0 - np.eye(len(values))
    if level == "ordinal":
        upto = np.cumsum(totals)
        middle = upto - totals / 2
        return np.asarray((middle[:, None] - middle[None, :]) ** 2)
    number = np.array([_number(value) for value in values])
    difference = number[:, None] - number[None, :]
    if level == "interval":
        return np.asarray(difference**2)
    total = number[:, None] + number[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(difference == 0, 0.0, (difference / total) ** 2)


def krippendorff_alpha(
    counts: Array, values: Sequence[Hashable], level: str = "nominal"
) -> float | None:
    """alpha = 1 - (n-1) sum o_ck d_ck / sum n_c n_k d_ck; None where all values are one category
    or no unit has two values.

    `counts` is (U, C), votes by unit and category; `values` are the C categories.
    """
    if counts.shape[0] == 0:
        return None
    observed = coincidences(counts)
    totals = observed.sum(axis=1)
    d = distances(totals, values, level)
    expected = float(totals @ d @ totals)
    if expected <= 0:
        return None
    return float(1.0 - (totals.sum() - 1.0) * (observed * d).sum() / expected)


def agreement(
    ratings: Sequence[tuple[Hashable, Hashable, Hashable]],
    rng: np.random.Generator,
    *,
    level: str = "nominal",
    resamples: int = 1000,
) -> Agreement:
    """Alpha of (unit, rater, value) with a 95 % bootstrap interval over units."""
    counts, values = unit_counts(ratings, level=level)
    found = krippendorff_alpha(counts, values, level)
    units, rated = counts.shape[0], int(counts.sum())
    if found is None:
        reason = said("agreement.one-category") if units else said("agreement.no-pairs")
        return Agreement(None, None, units, rated, reason)
    draws = [
        krippendorff_alpha(counts[rng.integers(units, size=units)], values, level)
        for _ in range(resamples)
    ]
    defined = [draw for draw in draws if draw is not None]
    low, high = np.percentile(defined, [2.5, 97.5]) if defined else (found, found)
    return Agreement(found, (float(low), float(high)), units, rated)


def fleiss_kappa(counts: Array) -> float | None:
    """Fleiss' kappa of counts (U, C); None where the units differ in votes or chance is 1.

    Fleiss 1971: (mean P_i - P_e) / (1 - P_e).
    """
    votes = counts.sum(axis=1)
    if counts.shape[0] == 0 or votes.min() != votes.max() or votes[0] < 2:
        return None
    m = votes[0]
    observed = ((counts**2).sum(axis=1) - m) / (m * (m - 1))
    chance = float(((counts.sum(axis=0) / counts.sum()) ** 2).sum())
    return None if chance >= 1 else float((observed.mean() - chance) / (1 - chance))


def self_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """Cohen's kappa of a voter's first and repeated answers; None where undefined."""
    n = len(first)
    if n == 0 or n != len(second):
        return None
    same = sum(a == b for a, b in zip(first, second, strict=True)) / n
    values = set(first) | set(second)
    chance = sum(list(first).count(v) * list(second).count(v) for v in values) / n**2
    return None if chance >= 1 else (same - chance) / (1 - chance)


def as_json(found: Agreement, kappa: float | None) -> dict[str, object]:
    """Both measures; `reasons` says why one of them is null."""
    reasons: dict[str, Said | None] = {}
    if found.alpha is None:
        reasons["krippendorff_alpha"] = found.reason
    if kappa is None:
        reasons["fleiss_kappa"] = found.reason or said("agreement.uneven")
    return {
        "krippendorff_alpha": found.alpha,
        "interval": None if found.interval is None else list(found.interval),
        "fleiss_kappa": kappa,
        "units": found.units,
        "values": found.values,
        "reasons": reasons,
    }
