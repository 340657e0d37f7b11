"""Chroma of long pictures: in windows, so that a panorama gets what its pieces would get."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pipeline.engine.pixels import shrunk

Plane = NDArray[np.float32]
WIDEST = 2  # how often longer than high a picture may be that the network sees whole


def is_panorama(height: int, width: int) -> bool:
    """Whether a picture is coloured in several windows."""
    return max(height, width) > WIDEST * min(height, width)


def predicted(y: Plane, look: Callable[[Plane], Plane], side: int) -> Plane:
    """Chroma h x w x 2 around 0 for luma H x W in 0..1, on a copy of a bounded area.

    A picture of at most WIDEST : 1 is looked at whole, its long side at most `side` px. A longer
    one is looked at in windows of that shape, each with the pixels that it would have by itself;
    they overlap by half, and each counts the less the nearer its end is.
    """
    height, width = y.shape
    if not is_panorama(height, width):
        return look(shrunk(y, side))
    small = shrunk(y, round(side * max(y.shape) / (WIDEST * min(y.shape))))
    upright = height > width
    lying = _look_along(np.ascontiguousarray(small.T) if upright else small, look, upright=upright)
    return np.ascontiguousarray(lying.transpose(1, 0, 2)) if upright else lying


def _look_along(small: Plane, look: Callable[[Plane], Plane], *, upright: bool) -> Plane:
    """Windows from left to right over a lying picture; `upright` ones are looked at turned back."""
    height, width = small.shape
    length = WIDEST * height
    share = np.minimum(np.arange(length) + 1, length - np.arange(length)).astype(np.float32)
    sums, weights = np.zeros((height, width, 2), np.float32), np.zeros(width, np.float32)
    for start in [*range(0, width - length, max(1, length // 2)), width - length]:
        window = slice(start, start + length)
        part = small[:, window]
        seen = look(np.ascontiguousarray(part.T if upright else part))
        sums[:, window] += (seen.transpose(1, 0, 2) if upright else seen) * share[:, None]
        weights[window] += share
    return sums / weights[:, None]
