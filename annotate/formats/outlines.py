"""Lines of a width, boxes and ellipses as the pixels whose centre they hold; 0 spans 0 to 1."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import skimage

from config.words.said import said
from photos.masks.arrays import Plane

MAX_LINE_POINTS = 20_000
MOST_WORK = 200  # times the photo's pixels that the boxes of a line's pieces may hold
WIDEST = 1000.0


def numbers(values: Iterable[object], kind: str) -> list[float]:
    """Finite numbers of a shape of this kind, or a sentence."""
    try:
        found = [float(value) for value in values]  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(said("shape.no-numbers", kind=kind)) from error
    if not all(map(math.isfinite, found)):
        raise ValueError(said("shape.no-numbers", kind=kind))
    return found


def line(points: Sequence[Sequence[object]], wide: float, width: int, height: int) -> Plane:
    """H x W: within `wide` / 2 px of the line through [[x, y], ...], with round ends and joints."""
    if not 0 < wide <= WIDEST:
        raise ValueError(said("shape.too-wide", limit=WIDEST))
    if not 2 <= len(points) <= MAX_LINE_POINTS:
        raise ValueError(said("shape.line-points", limit=MAX_LINE_POINTS, count=len(points)))
    flat = [numbers(point, "line") for point in points]
    if any(len(point) != 2 for point in flat):
        raise ValueError(said("shape.no-pairs", kind="line"))
    corners = np.clip(np.array(flat), -width - height, 2 * (width + height))
    boxes = np.abs(np.diff(corners, axis=0)) + wide
    if boxes.prod(axis=1).sum() > MOST_WORK * max(width * height, 10_000):
        raise ValueError(said("shape.to-and-fro"))
    plane = np.zeros((height, width), bool)
    for begin, end in pairwise(corners):
        _piece(plane, begin, end, wide / 2)
    for x, y in corners:
        _disc(plane, (x, y), (wide / 2, wide / 2), 0.0)
    return plane


def box(
    corner: tuple[float, float],
    size: tuple[float, float],
    width: int,
    height: int,
    turned: float = 0,
) -> Plane:
    """H x W: a box from its upper left corner, turned about its middle by degrees clockwise."""
    (left, top), (wide, tall) = corner, size
    angle = math.radians(turned)
    middle = np.array([left + wide / 2, top + tall / 2])
    away = np.array([[-wide, -tall], [wide, -tall], [wide, tall], [-wide, tall]]) / 2
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    plane = np.zeros((height, width), bool)
    _fill(plane, away @ turn + middle)
    return plane


def ellipse(
    middle: tuple[float, float],
    radii: tuple[float, float],
    width: int,
    height: int,
    turned: float = 0,
) -> Plane:
    """H x W: an ellipse of two radii in pixels, turned by degrees clockwise."""
    plane = np.zeros((height, width), bool)
    _disc(plane, middle, radii, math.radians(turned))
    return plane


def _fill(plane: Plane, corners: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> None:
    low, high = -sum(plane.shape), 2 * sum(plane.shape)
    corners = np.clip(corners, low, high) - 0.5
    rows, columns = skimage.draw.polygon(corners[:, 1], corners[:, 0], plane.shape)
    plane[rows, columns] = True


def _piece(
    plane: Plane,
    begin: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]",
    end: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]",
    half: float,
) -> None:
    along = end - begin
    length = float(np.hypot(*along))
    if length:
        aside = np.array([-along[1], along[0]]) / length * half
        _fill(plane, np.array([begin + aside, end + aside, end - aside, begin - aside]))


def _disc(
    plane: Plane, middle: tuple[float, float], radii: tuple[float, float], angle: float
) -> None:
    (x, y), (across, down) = middle, radii
    if across <= 0 or down <= 0:
        return
    reach = max(across, down)
    height, width = plane.shape
    left, right = (int(np.clip(math.floor(x + side * reach), 0, width)) for side in (-1, 1))
    top, bottom = (int(np.clip(math.floor(y + side * reach), 0, height)) for side in (-1, 1))
    right, bottom = min(right + 1, width), min(bottom + 1, height)
    dy = np.arange(top, bottom)[:, None] + 0.5 - y
    dx = np.arange(left, right)[None, :] + 0.5 - x
    u = (dx * math.cos(angle) + dy * math.sin(angle)) / across
    v = (dy * math.cos(angle) - dx * math.sin(angle)) / down
    plane[top:bottom, left:right] |= u * u + v * v <= 1
