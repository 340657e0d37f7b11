"""Anti-aliased strokes of any width as cover planes, and the paths that long damage takes."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .noise import Plane, log_uniform

Points = NDArray[np.float64]
Rng = np.random.Generator
Shape = tuple[int, int]
FINER = 4  # strokes are drawn so many times larger and averaged: widths are right to a quarter px
SHIFT = 3
WIDEST = 40.0  # px, of a line that is damage and no object


def log_width(rng: Rng, shrink: float, low: float = 1.0, high: float = WIDEST) -> float:
    """A width in px, log-uniform, of a picture that will be enlarged `shrink` times."""
    return max(0.8, log_uniform(rng, low, high) / shrink)


def stroke(
    shape: Shape,
    points: Points,
    widths: float | NDArray[np.float64],
    strengths: NDArray[np.float64] | None = None,
    *,
    closed: bool = False,
) -> Plane:
    """Cover 0..1 of an H x W picture by a line through N x 2 points (x, y), `widths` px wide."""
    wide = np.broadcast_to(np.asarray(widths, float), (len(points),))
    low, high = _box(points, float(wide.max()), shape)
    if (low >= high).any():
        return np.zeros(shape, np.float32)
    columns, rows = (high - low).tolist()
    fine = np.zeros((rows * FINER, columns * FINER), np.uint8)
    fixed = np.rint((points - low) * FINER * (1 << SHIFT)).astype(np.int32)
    if strengths is None and np.ptp(wide) < 0.2:
        thick = max(1, round(float(wide.mean()) * FINER))
        cv2.polylines(fine, [fixed], closed, 255, thick, cv2.LINE_8, SHIFT)
    else:
        _pieces(fine, fixed, wide, strengths)
    return _placed(fine, (low, high), shape)


def _pieces(
    fine: NDArray[np.uint8],
    fixed: NDArray[np.int32],
    widths: NDArray[np.float64],
    strengths: NDArray[np.float64] | None,
) -> None:
    thick = np.maximum(1, np.rint(widths * FINER)).astype(int).tolist()
    values = [255] * len(fixed) if strengths is None else (255 * strengths).astype(int).tolist()
    ends = fixed.tolist()
    for at in range(len(ends) - 1):
        cv2.line(fine, ends[at], ends[at + 1], values[at], thick[at], cv2.LINE_8, SHIFT)


def polygon(shape: Shape, corners: Points) -> Plane:
    """Cover 0..1 of an H x W picture by a filled polygon of N x 2 corners (x, y)."""
    low, high = _box(corners, 0.0, shape)
    if (low >= high).any():
        return np.zeros(shape, np.float32)
    columns, rows = (high - low).tolist()
    fine = np.zeros((rows * FINER, columns * FINER), np.uint8)
    fixed = np.rint((corners - low) * FINER * (1 << SHIFT)).astype(np.int32)
    cv2.fillPoly(fine, [fixed], 255, cv2.LINE_8, SHIFT)
    return _placed(fine, (low, high), shape)


def _box(points: Points, width: float, shape: Shape) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The corners of what a drawing can touch, x before y: the rest of the plane stays empty."""
    reach, size = width / 2 + 2, np.array(shape[::-1])
    low = np.clip(np.floor(points.min(axis=0) - reach), 0, size).astype(np.int64)
    high = np.clip(np.ceil(points.max(axis=0) + reach), 0, size).astype(np.int64)
    return low, high


def _placed(
    fine: NDArray[np.uint8], box: tuple[NDArray[np.int64], NDArray[np.int64]], shape: Shape
) -> Plane:
    (left, top), (right, bottom) = box[0].tolist(), box[1].tolist()
    plane = np.zeros(shape, np.float32)
    part = cv2.resize(fine, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
    plane[top:bottom, left:right] = part.astype(np.float32) * np.float32(1 / 255)
    return plane


def soften(cover: Plane, sigma: float) -> Plane:
    """The cover blurred by `sigma` px; below a sixth of a pixel nothing changes."""
    return np.asarray(cv2.GaussianBlur(cover, (0, 0), sigma)) if sigma > 0.15 else cover


def chord(rng: Rng, shape: Shape, *, rough: bool, count: int = 90) -> Points:
    """A path from edge to edge of an H x W picture, in any direction, straight, bent or rough."""
    size, side = np.array(shape[::-1], float), float(max(shape))
    along = _direction(rng)
    across = np.array([-along[1], along[0]])
    t = np.linspace(0, 1, count)
    bend = np.zeros(count)
    if rng.random() > 0.25:
        for k, share in ((1, 0.07), (2, 0.03), (4, 0.012)):
            bend += rng.normal(0, share) * side * np.sin(k * np.pi * t)
    if rough:
        steps = np.cumsum(rng.normal(0, log_uniform(rng, 0.2, 1.6), count))
        bend += steps - np.linspace(steps[0], steps[-1], count)
    middle = size / 2 + rng.uniform(-0.46, 0.46) * side * across
    return np.asarray(middle + 2.1 * side * np.outer(t - 0.5, along) + np.outer(bend, across))


def _direction(rng: Rng) -> NDArray[np.float64]:
    """Any angle, or nearly along a side, as prints fold."""
    turn = rng.uniform(0, np.pi)
    if rng.random() < 0.4:
        turn = int(rng.integers(2)) * np.pi / 2 + rng.normal(0, 0.06)
    return np.array([np.cos(turn), np.sin(turn)])


def normals(points: Points) -> Points:
    """Unit normals (N x 2) of a path."""
    tangent = np.gradient(points, axis=0)
    tangent /= np.maximum(np.hypot(tangent[:, 0], tangent[:, 1]), 1e-6)[:, None]
    return np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)


def blob(rng: Rng, centre: NDArray[np.float64], radius: float, corners: int = 0) -> Points:
    """Corners of an irregular, stretched patch around a centre (x, y).

    `corners` x 2 points in px (6 to 19 where it is 0); `radius` in px.
    """
    count = corners or int(rng.integers(6, 20))
    angles = np.sort(rng.uniform(0, 2 * np.pi, count))
    reach = radius * np.exp(rng.normal(0, 0.3, count))
    stretch = np.exp(rng.normal(0, 0.25, 2))
    rays = np.stack([np.cos(angles), np.sin(angles)], axis=1) * stretch
    return np.asarray(centre + reach[:, None] * rays)
