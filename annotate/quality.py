"""Arithmetic about masks and the people who paint them. No Django."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from annotate.masks import CLASSES, Mask

RESAMPLES = 2000


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


def mean_of(values: Sequence[float], rng: np.random.Generator) -> Mean | None:
    """Mean and percentile bootstrap interval (Efron 1979); None without values."""
    if not values:
        return None
    found = np.asarray(values, np.float64)
    if found.size < 3:
        return Mean(found.size, float(found.mean()))
    draws = rng.choice(found, (RESAMPLES, found.size)).mean(axis=1)
    low, high = np.percentile(draws, [2.5, 97.5])
    return Mean(found.size, float(found.mean()), float(low), float(high))
