"""The three binomial questions that voting asks, without scipy.stats.

Importing scipy.stats costs a quarter second of processor, and every process of the site would pay.
"""

import math

import scipy


def at_most(hits: int, shown: int, rate: float) -> float:
    """The probability of `hits` or fewer among `shown` tries that succeed with `rate`."""
    return float(scipy.special.bdtr(_of(hits, shown), shown, rate))


def p_value_of_a_half(hits: int, shown: int) -> float:
    """Two-sided and exact: how often a fair coin is at least as uneven; 1 without a try."""
    if shown == 0:
        return 1.0
    return min(1.0, 2 * at_most(min(_of(hits, shown), shown - hits), shown, 0.5))


def wilson(hits: int, shown: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a rate (1927), from 0 to 1. Raises ValueError without a try."""
    if shown < 1:
        raise ValueError("a rate needs at least one try")
    z = float(scipy.special.ndtri(0.5 + confidence / 2))
    rate, spread = _of(hits, shown) / shown, z * z / shown
    middle = (rate + spread / 2) / (1 + spread)
    half = math.sqrt(spread * (rate * (1 - rate) + spread / 4)) / (1 + spread)
    return (middle - half if hits else 0.0), (middle + half if hits < shown else 1.0)


def _of(hits: int, shown: int) -> int:
    if not 0 <= hits <= shown:
        raise ValueError(f"{hits} of {shown} is no count")
    return hits
