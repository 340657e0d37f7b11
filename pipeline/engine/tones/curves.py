"""Tone curves: a few knots, joined so that they rise everywhere, and read from a table.

The knots are joined by monotone cubics (Fritsch and Carlson 1980, "Monotone piecewise cubic
interpolation"; slopes as the weighted harmonic means of Fritsch and Butland 1984): a curve through
rising knots rises, never overshoots them, and so clips nothing and turns no tone over. The page's
`tones/curves.js` holds the same arithmetic.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Knots = Sequence[tuple[float, float]]
Levels = NDArray[np.float64]


def curve(knots: Knots, at: NDArray[np.floating]) -> Levels:
    """The curve through `knots`, pairs of 0..1 that rise in both, at `at`, any shape, 0..1."""
    x, y = (np.array(side, np.float64) for side in zip(*knots, strict=True))
    width = np.diff(x)
    rise = np.diff(y) / width
    slope = _slopes(width, rise)
    k = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(width) - 1)
    t = (at - x[k]) / width[k]
    start = (1 + 2 * t) * (1 - t) ** 2 * y[k] + t * (1 - t) ** 2 * width[k] * slope[k]
    end = t**2 * (3 - 2 * t) * y[k + 1] + t**2 * (t - 1) * width[k] * slope[k + 1]
    return np.asarray(start + end, np.float64)


def _slopes(width: Levels, rise: Levels) -> Levels:
    """At each knot: the harmonic mean of its two sides; at the ends that of the only side."""
    before, after = 2 * width[1:] + width[:-1], width[1:] + 2 * width[:-1]
    inner = (before + after) / (before / rise[:-1] + after / rise[1:])
    return np.concatenate([rise[:1], inner, rise[-1:]])


def table(knots: Knots, strength: float, peak: int) -> NDArray[np.float32]:
    """(peak + 1,) values 0..1, one for each stored level 0..peak: `strength` 0..1 of the way
    from the level itself (0) to the curve (1)."""
    level = np.linspace(0.0, 1.0, peak + 1)
    return np.asarray(level + strength * (curve(knots, level) - level), np.float32)


def levels_curve(
    black: float, white: float, exponent: float, to: tuple[float, float]
) -> list[tuple[float, float]]:
    """The knots that bring `black` and `white` to the two levels of `to`, all 0..1.

    Between them the curve is a power of `exponent`; beyond them it runs on to 0 and 1, so that
    nothing is cut off.
    """
    to = (max(to[0], 0.002), min(to[1], 0.998))
    inside = [
        (black + share * (white - black), to[0] + (to[1] - to[0]) * share**exponent)
        for share in (0.0, 0.125, 0.25, 0.5, 0.75, 1.0)
    ]
    return [(0.0, 0.0), *((round(x, 5), round(y, 5)) for x, y in inside), (1.0, 1.0)]
