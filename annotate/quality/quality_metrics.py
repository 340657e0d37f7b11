"""Arithmetic about masks and the people who paint them. No Django."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from photos.masks.arrays import Mask, Plane
from photos.masks.classes import CLASSES
from photos.masks.components import components, met_components

RESAMPLES = 2000
MANY = 100  # values; from here on the mean is as good as normal, and resampling would take seconds


@dataclass(frozen=True)
class Mean:
    """A mean with its 95 % interval; the interval needs three values to say anything."""

    count: int
    value: float
    low: float | None = None
    high: float | None = None


def class_areas(mask: Mask) -> dict[str, int]:
    """Pixels of each class in H x W class bits; a pixel of two classes counts in both."""
    return {name: int(np.count_nonzero(mask & bit)) for name, bit in CLASSES.items()}


SIZES = {"under 50 px": (1, 50), "50 to 500 px": (50, 500), "over 500 px": (500, 2**31)}


def parts_by_size(judged: Plane, truth: Plane) -> dict[str, list[int]]:
    """{size: [met, of]} of the true 8-connected components; half within 2 px is met."""
    pixels, met = met_components(judged, *components(truth))
    return {
        name: [int(met[chosen].sum()), int(chosen.sum())]
        for name, (least, below) in SIZES.items()
        for chosen in [(pixels >= least) & (pixels < below)]
    }


def difference(
    first: Sequence[float], second: Sequence[float], rng: np.random.Generator
) -> Mean | None:
    """Mean of the first less that of the second; the interval resamples each on its own.

    Many values: Welch's normal interval instead, as in `mean_of`.
    """
    if not first or not second:
        return None
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    value, count = float(a.mean() - b.mean()), min(a.size, b.size)
    if count < 3:
        return Mean(count, value)
    if count >= MANY:
        return _normal(count, value, a.var(ddof=1) / a.size + b.var(ddof=1) / b.size)
    draws = rng.choice(a, (RESAMPLES, a.size)).mean(1) - rng.choice(b, (RESAMPLES, b.size)).mean(1)
    low, high = np.percentile(draws, [2.5, 97.5])
    return Mean(count, value, float(low), float(high))


def mean_of(values: Sequence[float], rng: np.random.Generator) -> Mean | None:
    """Mean and percentile bootstrap interval (Efron 1979); None without values.

    Of `MANY` values and more, the normal interval, to which the bootstrap's tends: on 100 skewed
    values (exponential) both ends lie within a tenth of its width of each other.
    """
    if not values:
        return None
    found = np.asarray(values, np.float64)
    if found.size < 3:
        return Mean(found.size, float(found.mean()))
    if found.size >= MANY:
        return _normal(found.size, float(found.mean()), found.var(ddof=1) / found.size)
    draws = rng.choice(found, (RESAMPLES, found.size)).mean(axis=1)
    low, high = np.percentile(draws, [2.5, 97.5])
    return Mean(found.size, float(found.mean()), float(low), float(high))


def _normal(count: int, value: float, variance: float) -> Mean:
    """95 % of a normal distribution with this variance of its mean."""
    reach = 1.959964 * float(np.sqrt(variance))
    return Mean(count, value, value - reach, value + reach)
