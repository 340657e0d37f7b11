"""One crop of a grey photograph on which somebody painted colours: known there and nowhere else."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from training.imaging.colour import luma as luma_of
from training.imaging.colour_views import SIDE
from training.imaging.painted_colours import ColourStroke, painted

from .noise import log_uniform

Bytes = NDArray[np.uint8]
Rng = np.random.Generator
SCALES = (0.625, 1.25)  # of the size at which a photograph is coloured: its views and a bit more


def hinted_sample(
    photo: Bytes, strokes: Sequence[ColourStroke], *, size: int, rng: Rng
) -> tuple[Bytes, Bytes, NDArray[np.bool_]]:
    """(luma S x S, YCbCr S x S x 3, where it is known S x S) from an RGB photo H x W x 3.

    The window holds a point of a stroke with a colour, of which there must be one. The photograph
    is old already: no fading or grain is added. Half are mirrored. Strokes lie over each other in
    their order; one without a colour takes away what it covers.
    """
    left, top, side = _window(photo.shape, strokes, size, rng)
    piece = np.asarray(luma_of(photo[top : top + side, left : left + side]), np.uint8)
    method = cv2.INTER_AREA if side > size else cv2.INTER_CUBIC
    luma = np.asarray(cv2.resize(piece, (size, size), interpolation=method), np.uint8)
    moved = [_moved(each, left, top) for each in strokes]
    at = painted((size, size), moved, (size / side, size / side))
    chroma = np.array([(*each.chroma, each.colour is not None) for each in strokes])[at]
    known = (at >= 0) & (chroma[..., 2] > 0)
    levels = np.clip(np.rint(chroma[..., :2] + 128), 0, 255).astype(np.uint8)
    levels[~known] = 128
    target = np.dstack([luma, levels])
    if rng.random() < 0.5:
        luma, target, known = luma[:, ::-1], target[:, ::-1], known[:, ::-1]
    return tuple(map(np.ascontiguousarray, (luma, target, known)))  # type: ignore[return-value]


def _window(
    shape: tuple[int, ...], strokes: Sequence[ColourStroke], size: int, rng: Rng
) -> tuple[int, int, int]:
    """(left, top, side) in px of the photograph, around a point of a coloured stroke."""
    height, width = shape[:2]
    scale = SIDE / max(height, width) * log_uniform(rng, *SCALES)
    side = min(max(1, round(size / scale)), height, width)
    coloured = [each for each in strokes if each.colour is not None]
    points = coloured[int(rng.integers(len(coloured)))].points
    x, y = points[int(rng.integers(len(points)))]
    return _start(x, side, width, rng), _start(y, side, height, rng), side


def _start(point: float, side: int, length: int, rng: Rng) -> int:
    """Where a window of `side` px begins that holds the point and lies in the photograph."""
    at = min(max(int(point), 0), length - 1)
    return int(rng.integers(max(0, at - side + 1), min(at, length - side) + 1))


def _moved(stroke: ColourStroke, left: int, top: int) -> ColourStroke:
    points = tuple((x - left, y - top) for x, y in stroke.points)
    return ColourStroke(points, stroke.width, stroke.colour)
