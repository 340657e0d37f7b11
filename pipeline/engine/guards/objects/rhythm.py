"""Seams, perforations, pearls: what changes in even steps along its way is no crease."""

import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.components import Component

LONGEST_STEP, STEPS = 40, 4  # px, and how many of them a mark has at least
ALIKE, UNLIKE = 0.5, -0.1  # correlation with itself a step on, and half a step on
SLIM = 5.0  # times its thickness long
SWING = 3.0  # levels: standard deviation along the way


def has_rhythm(mark: Component, grey: NDArray[np.uint8]) -> bool:
    """Does the tone of a slim mark repeat in even steps along it?

    `grey` is H x W, levels 0..255.
    """
    shape = mark.shape
    if shape.length < 4 * STEPS or shape.length < SLIM * mark.thickness:
        return False
    return _repeats(_along(mark, grey))


def _along(mark: Component, grey: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean level at each px along its axis, without its slow changes."""
    cos, sin = np.cos(mark.shape.angle), np.sin(mark.shape.angle)
    place = np.rint(cos * mark.columns + sin * mark.rows).astype(int)
    place -= place.min()
    count = np.bincount(place)
    total = np.bincount(place, weights=grey[mark.rows, mark.columns])
    at = np.flatnonzero(count)
    line = np.interp(np.arange(len(count)), at, total[at] / count[at])
    wide = min(LONGEST_STEP, len(line) // 2)
    slow = np.convolve(np.pad(line, wide, mode="edge"), np.ones(wide) / wide, mode="same")
    return np.asarray(line - slow[wide:-wide])


def _repeats(line: NDArray[np.float64]) -> bool:
    if line.std() < SWING:
        return False
    power = float(line @ line) / len(line)
    longest = min(LONGEST_STEP, len(line) // STEPS)
    like = np.array(
        [float(line[k:] @ line[: len(line) - k]) / (len(line) - k) for k in range(longest + 1)]
    )
    like /= max(power, 1e-6)
    return any(
        like[k] >= ALIKE and like[: k + 1].min() <= UNLIKE and like[k] == like[k - 2 : k + 3].max()
        for k in range(4, longest - 1)
    )
