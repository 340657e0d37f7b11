"""What the probes draw with: anti-aliased shapes, grounds and grain. Not the training's drawing.

A measure that draws as the training draws would praise what it should find out, so nothing here
comes from `training.augmentation`. Planes are H x W, coverage is float32 in 0..1, grey levels are
0..255, lengths px.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]
Generator = np.random.Generator
FINE = 4  # drawn so many times larger, then averaged: a line of 1.5 px has 1.5 px of coverage
SHIFT = 4  # fractional bits of OpenCV's drawing


class Canvas:
    """Coverage of an H x W picture by what is drawn on it, smooth to a quarter of a pixel."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.shape = shape
        self.fine = np.zeros((shape[0] * FINE, shape[1] * FINE), np.uint8)

    def line(
        self, points: Iterable[Iterable[float]], width: float, *, closed: bool = False
    ) -> None:
        """A line through the points (x, y), `width` px wide."""
        path = _fixed(points)
        cv2.polylines(
            self.fine, [path], closed, 255, max(1, round(width * FINE)), cv2.LINE_AA, SHIFT
        )

    def area(self, points: Iterable[Iterable[float]]) -> None:
        """A filled polygon."""
        cv2.fillPoly(self.fine, [_fixed(points)], 255, cv2.LINE_AA, SHIFT)

    def ellipse(
        self,
        centre: tuple[float, float],
        radii: tuple[float, float],
        width: float = 0,
        *,
        turn: float = 0,
        arc: tuple[float, float] = (0, 360),
    ) -> None:
        """The outline, `width` px wide, of an ellipse or its arc (degrees); 0: filled."""
        x, y = (round(value * FINE * 2**SHIFT) for value in centre)
        rx, ry = (max(1, round(value * FINE * 2**SHIFT)) for value in radii)
        thickness = max(1, round(width * FINE)) if width else -1
        cv2.ellipse(self.fine, (x, y), (rx, ry), turn, *arc, 255, thickness, cv2.LINE_AA, SHIFT)

    def coverage(self) -> Plane:
        """H x W: the share of each pixel that is drawn on, 0..1."""
        height, width = self.shape
        small = cv2.resize(self.fine, (width, height), interpolation=cv2.INTER_AREA)
        return np.asarray(small / np.float32(255), np.float32)


def _fixed(points: Iterable[Iterable[float]]) -> NDArray[np.int32]:
    """(x, y) in px as OpenCV's fixed-point numbers on the fine raster."""
    path = np.array([list(point) for point in points], np.float64)
    return np.asarray(np.round(((path + 0.5) * FINE - 0.5) * 2**SHIFT), np.int32)


def smooth_noise(rng: Generator, shape: tuple[int, int], scale: float) -> Plane:
    """Gaussian noise blurred by `scale` px, mean 0, standard deviation 1."""
    small = tuple(max(2, round(side / max(1.0, scale / 2))) for side in shape)
    noise = cv2.GaussianBlur(rng.normal(size=small).astype(np.float32), (0, 0), 2.0)
    plane = cv2.resize(noise, shape[::-1], interpolation=cv2.INTER_CUBIC)
    return np.asarray((plane - plane.mean()) / max(float(plane.std()), 1e-6), np.float32)


def ground(rng: Generator, shape: tuple[int, int], level: float, spread: float = 12) -> Plane:
    """H x W float levels of a softly uneven grey surface, as a wall or a sky out of focus."""
    return np.asarray(level + spread * smooth_noise(rng, shape, max(shape) / 4), np.float32)


def grained(rng: Generator, plane: NDArray[np.floating], strength: float = 3) -> Bytes:
    """With film grain about a pixel wide, rounded to 8 bits."""
    grain = cv2.GaussianBlur(rng.normal(size=plane.shape).astype(np.float32), (0, 0), 0.7)
    grain *= strength / max(float(grain.std()), 1e-6)
    return np.asarray(np.clip(np.rint(plane + grain), 0, 255), np.uint8)


def painted(plane: NDArray[Any], coverage: Plane, level: float) -> Plane:
    """H x W: `level` laid over the plane of levels where `coverage`, 0..1, says so."""
    return np.asarray(plane * (1 - coverage) + level * coverage, np.float32)


def shown(coverage: Plane) -> Mask:
    """Pixels (H x W) that belong to what was drawn: half covered, for thin lines less.

    `coverage` is 0..1.
    """
    return np.asarray(coverage >= 0.35)
