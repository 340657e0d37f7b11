"""Damage so dense that it is a texture: craquelure, dendrites, flakes, showers of scratches.

A network that had seen single lines alone marked nothing on a print covered with dendrites.
"""

import cv2
import numpy as np

from .cracks import bed, coin, contrast
from .layers import FRACTURE, HOLE, SCUFF, Layer
from .noise import Plane, cloud, log_uniform
from .random_walks import walk_points
from .strokes import Points, log_width, soften, stroke

Shape = tuple[int, int]
Range = tuple[float, float]
Rng = np.random.Generator


def craquelure(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """A mesh of cracks: the borders of bent Voronoi cells, stronger here and weaker there."""
    width = log_width(rng, shrink, 1.0, 4.0)
    area = shape[0] * shape[1]
    count = int(np.clip(area / log_uniform(rng, 20, 75) ** 2, 6, 90))
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    rows = rows + cloud(rng, shape, 14) * np.float32(rng.uniform(0, 4))
    columns = columns + cloud(rng, shape, 14) * np.float32(rng.uniform(0, 4))
    seeds = rng.uniform(-0.1, 1.1, (count, 2)) * (shape[1], shape[0])
    nearest, second = np.full(shape, np.inf, np.float32), np.full(shape, np.inf, np.float32)
    for x, y in seeds.tolist():
        distance = np.hypot(columns - x, rows - y)
        second = np.minimum(second, np.maximum(nearest, distance))
        nearest = np.minimum(nearest, distance)
    cover = np.clip((width - (second - nearest)) / 1.2 + 0.5, 0, 1)
    cover *= np.clip(2 * cloud(rng, shape, 40) + rng.uniform(0, 3), 0, 1)
    return [_dense_layer(rng, np.asarray(cover, np.float32), FRACTURE, faint, amplitude)]


def dendrites(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """Cracks that grow in from an edge and branch again and again."""
    width = log_width(rng, shrink, 1.0, 5.0)
    cover = np.zeros(shape, np.float32)
    todo = [(*_at_an_edge(rng, shape), 1.6 * width, 0) for _ in range(int(rng.integers(1, 5)))]
    while todo:
        start, heading, wide, level = todo.pop()
        steps = int(rng.integers(14, 45)) >> int(level > 1)
        points = walk_points(rng, start, heading, steps=steps, step=3.5, turn=0.25)
        widths = np.maximum(0.6, wide * np.linspace(1, 0.5, steps))
        np.maximum(cover, stroke(shape, points, widths), out=cover)
        if level < 3:
            branches = int(rng.integers(2, 6)) if level < 2 else int(rng.integers(0, 3))
            todo += [_branch(rng, points, 0.75 * wide, level + 1) for _ in range(branches)]
    return [_dense_layer(rng, cover, FRACTURE, faint, amplitude)]


def _at_an_edge(rng: Rng, shape: Shape) -> tuple[Points, float]:
    """(a point on one of the four sides, the heading inwards)."""
    height, width = shape
    side = int(rng.integers(4))
    along = rng.uniform(0, 1)
    start = (
        (0, along * height),
        (width, along * height),
        (along * width, 0),
        (along * width, height),
    )
    inward = (0, np.pi, np.pi / 2, -np.pi / 2)[side]
    return np.array(start[side], float), float(inward + rng.normal(0, 0.3))


def _branch(rng: Rng, points: Points, width: float, level: int) -> tuple[Points, float, float, int]:
    at = int(rng.integers(1, len(points)))
    x, y = points[at] - points[at - 1]
    return points[at], float(np.arctan2(y, x) + coin(rng) * rng.uniform(0.3, 1)), width, level


def flakes(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """Emulsion that came off in many small pieces, denser in places."""
    scale = log_uniform(rng, 2, 10)
    field = cloud(rng, shape, scale) + 0.8 * cloud(rng, shape, 50)
    cover = np.clip((field - rng.uniform(1.1, 2.2)) * 4, 0, 1)
    bit = HOLE if scale > 5 else SCUFF
    return [_dense_layer(rng, np.asarray(cover, np.float32), bit, faint, amplitude)]


def shower(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """Dozens of short scratches, mostly one way."""
    width = log_width(rng, shrink, 1.0, 4.0)
    heading, spread = rng.uniform(0, np.pi), log_uniform(rng, 0.05, 1.5)
    count = int(rng.integers(10, 45) * np.clip(shape[0] * shape[1] / 192**2, 0.3, 8))
    cover = np.zeros(shape, np.float32)
    for _ in range(count):
        start = rng.uniform(-0.05, 1.05, 2) * (shape[1], shape[0])
        steps = int(rng.integers(3, 40))
        points = walk_points(
            rng, start, rng.normal(heading, spread), steps=steps, step=3.5, turn=0.1
        )
        strength = np.full(steps, rng.uniform(0.3, 1))
        wide = max(0.7, width * rng.uniform(0.5, 1))
        np.maximum(cover, stroke(shape, points, wide, strength), out=cover)
    return [_dense_layer(rng, cover, FRACTURE, faint, amplitude)]


def _dense_layer(rng: Rng, cover: Plane, bit: int, faint: float, amplitude: Range) -> Layer:
    cover = soften(cover, rng.uniform(0.3, 0.8))
    sign = coin(rng)
    if rng.random() < 0.35:
        shape = (cover.shape[0], cover.shape[1])
        return Layer(bit, cover * np.float32(rng.uniform(0.6, 1)), bed(rng, shape, sign))
    return Layer(bit, cover, sign * contrast(rng, faint, amplitude), additive=True)


def handling(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """Short half-moon dents of fingers: a soft highlight beside a soft shadow."""
    width = log_width(rng, shrink, 1.5, 8.0)
    radius = width * rng.uniform(3, 9)
    centre = rng.uniform(0, 1, 2) * (shape[1], shape[0])
    angles = rng.uniform(0, 2 * np.pi) + np.linspace(0, rng.uniform(0.6, 2.4), 30)
    rays = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    fade = np.sin(np.linspace(0.1, np.pi - 0.1, 30)) ** 0.7
    covers = [
        soften(stroke(shape, centre + rays * reach, width, fade), 0.3 * width)
        for reach in (radius, radius + width)
    ]
    sign, tone = coin(rng), contrast(rng, faint, amplitude)
    return [
        Layer(FRACTURE, np.asarray(cv2.min(cover, 1.0)), way * sign * tone, additive=True)
        for cover, way in zip(covers, (1.0, -rng.uniform(0.6, 1)), strict=True)
    ]
