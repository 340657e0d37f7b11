"""Random walks and how they are drawn: every line-like defect starts here."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .noise import ar1

_SHIFT = 4


@dataclass(frozen=True)
class Walk:
    """N points (N x 2, x then y, px), N widths in px, N strengths 0..1."""

    points: NDArray[np.float64]
    widths: NDArray[np.float64]
    strengths: NDArray[np.float64]


def walk_points(
    rng: np.random.Generator,
    start: NDArray[np.float64],
    heading: float,
    *,
    steps: int,
    step: float,
    turn: float,
    drift: float = 0.0,
) -> NDArray[np.float64]:
    """A path whose heading reverts to its start: heading + turn AR1(0.9) + drift per step.

    Accumulated noise in the heading would curl the path into worms.

    `steps` x 2 points (x, y) in px; `start` is (x, y), `step` in px, `heading`, `turn` and `drift`
    in radians.
    """
    angles = heading + turn * ar1(rng, steps, 0.9) + drift * np.arange(steps)
    moves = step * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return np.asarray(start + np.cumsum(moves, axis=0))


def draw(plane: NDArray[np.uint8], walk: Walk) -> None:
    """Draw by maximum into an H x W plane, anti-aliased, with sub-pixel ends."""
    reach = int(np.ceil(walk.widths.max())) + 2
    height, width = plane.shape
    low = np.maximum(np.floor(walk.points.min(axis=0)).astype(int) - reach, 0)
    high = np.minimum(np.ceil(walk.points.max(axis=0)).astype(int) + reach + 1, (width, height))
    if (low >= high).any():
        return
    scratch = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
    fixed = np.rint((walk.points - low) * (1 << _SHIFT)).astype(int).tolist()
    # below 1 px OpenCV cannot go: a finer line is a fainter one
    faint = np.minimum(walk.widths, 1.0)
    values = np.clip(walk.strengths * faint * 255, 0, 255).astype(int).tolist()
    sizes = np.maximum(1, np.rint(walk.widths)).astype(int).tolist()
    for at in range(len(fixed) - 1):
        if values[at]:
            cv2.line(scratch, fixed[at], fixed[at + 1], values[at], sizes[at], cv2.LINE_AA, _SHIFT)
    view = plane[low[1] : high[1], low[0] : high[0]]
    np.maximum(view, scratch, out=view)
