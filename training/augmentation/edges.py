"""What is missing at a print's rim: torn corners and torn edges, with the bed behind them."""

import numpy as np

from .cracks import bed, coin
from .layers import HOLE, Layer
from .noise import Plane, ar1, log_uniform
from .strokes import Points, polygon, soften, stroke

Shape = tuple[int, int]
Range = tuple[float, float]
Rng = np.random.Generator


def torn_corner(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """A corner of the picture torn off along a rough line; some show a rim of paper fibre."""
    height, width = shape
    corner = np.array([int(rng.integers(2)) * width, int(rng.integers(2)) * height], float)
    inward = np.where(corner > 0, -1.0, 1.0)
    along, down = rng.uniform(0.08, 0.5, 2) * min(shape) * inward
    line = _rough(rng, corner + np.array([along, 0]), corner + np.array([0, down]))
    x, y = corner - 20 * inward
    outline = np.vstack([line, [[x, line[-1, 1]], [x, y], [line[0, 0], y]]])
    return _gone(rng, shape, line, outline)


def torn_edge(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """A bite out of one side, or the whole side gone, along a rough line."""
    width = shape[1]
    depth = rng.uniform(0.03, 0.25) * min(shape)
    first, last = (0.0, float(width)) if rng.random() < 0.4 else np.sort(rng.uniform(0, width, 2))
    line = _rough(rng, np.array([first, depth]), np.array([last, depth * rng.uniform(0.3, 1.5)]))
    line[0, 1], line[-1, 1] = (line[0, 1], line[-1, 1]) if last - first >= width else (0, 0)
    outline = np.vstack([line, [[last, -20], [first, -20]]])
    turned = int(rng.integers(4))
    return _gone(rng, shape, _turned(line, shape, turned), _turned(outline, shape, turned))


def _turned(points: Points, shape: Shape, side: int) -> Points:
    """From the upper side to any of the four; crops are square enough for that."""
    height, width = shape
    x, y = points[:, 0], points[:, 1]
    sides = ((x, y), (x, height - y), (y, x * height / width), (width - y, x * height / width))
    return np.stack(sides[side], axis=1)


def _rough(rng: Rng, start: Points, end: Points, count: int = 60) -> Points:
    """A torn line: a slow wander and fibres, both growing with its length."""
    t = np.linspace(0, 1, count)
    along = end - start
    length = float(np.hypot(*along))
    across = np.array([-along[1], along[0]]) / max(length, 1e-6)
    wander = rng.uniform(0.02, 0.08) * length * ar1(rng, count, 0.95) * np.sin(np.pi * t)
    fibre = log_uniform(rng, 0.3, 2.5) * rng.standard_normal(count)
    return np.asarray(start + np.outer(t, along) + np.outer(wander + fibre, across))


def _gone(rng: Rng, shape: Shape, line: Points, outline: Points) -> list[Layer]:
    cover = soften(polygon(shape, outline), rng.uniform(0.3, 0.9))
    sign = coin(rng)
    layers = [Layer(HOLE, cover, _flat_or_fibrous(rng, shape, sign))]
    if rng.random() < 0.6:  # the paper's own thickness, white and fibrous, along the tear
        wide = log_uniform(rng, 1.5, 9)
        widths = np.maximum(0.7, wide * np.exp(0.4 * ar1(rng, len(line), 0.8)))
        rim = soften(stroke(shape, line, widths), rng.uniform(0.3, 1))
        layers.append(Layer(HOLE, rim, bed(rng, shape, 1.0)))
    return layers


def _flat_or_fibrous(rng: Rng, shape: Shape, sign: float) -> Plane | float:
    """A scanner's bed is flat white or black; a table or an album has a texture."""
    if rng.random() < 0.4:
        return float(rng.uniform(235, 255) if sign > 0 else rng.uniform(0, 25))
    return bed(rng, shape, sign)
