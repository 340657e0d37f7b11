"""Stripes, braid and contours of clothes: lines that belong to the sitter."""

import numpy as np

from training.augmentation.cracks import coin
from training.augmentation.noise import Plane, ar1, cloud, log_uniform
from training.augmentation.patches.outlines import rounded
from training.augmentation.strokes import Points, normals, polygon, soften, stroke

Rng = np.random.Generator
Shape = tuple[int, int]


def stripes(luma: Plane, rng: Rng) -> Plane:
    """Three to eight parallel stripes on a piece of cloth, bent or with a corner as on a collar.

    `luma` and the answer are H x W levels, as of all look-alikes.
    """
    shape = (luma.shape[0], luma.shape[1])
    cloth = _piece_of_cloth(rng, shape)
    tone = rng.uniform(10, 90) if rng.random() < 0.65 else rng.uniform(150, 240)
    shade = tone + 0.35 * (luma - 128) + rng.uniform(2, 14) * cloud(rng, shape, 60, 2)
    dressed = luma + cloth * (shade - luma)
    lines = np.zeros(shape, np.float32)
    pitch = log_uniform(rng, 4, max(8.0, 0.12 * min(shape)))
    width = max(0.8, pitch * rng.uniform(0.15, 0.55))
    path, outward = _braid(rng, shape)
    across = outward * normals(path)
    for number in range(int(rng.integers(3, 9))):
        np.maximum(lines, stroke(shape, path + number * pitch * across, width), out=lines)
    change = log_uniform(rng, 35, 170) * (1 if tone < 128 else -1)
    fainter = np.clip(0.85 + 0.15 * cloud(rng, shape, 50, 2), 0.4, 1.1)
    return np.asarray(dressed + soften(lines, rng.uniform(0.3, 1.0)) * cloth * change * fainter)


def _piece_of_cloth(rng: Rng, shape: Shape) -> Plane:
    """Cover 0..1 of most of the picture or of a rounded piece of it."""
    if rng.random() < 0.3:
        return np.ones(shape, np.float32)
    centre = rng.uniform(0.2, 0.8, 2) * (shape[1], shape[0])
    outline = rounded(rng, centre, rng.uniform(0.5, 1.3) * min(shape), 0.3)
    return soften(polygon(shape, outline), rng.uniform(0.4, 1.2))


def _braid(rng: Rng, shape: Shape) -> tuple[Points, float]:
    """(a path through the picture's middle part, the side away from its bend: 1 or -1).

    An arc, seldom one with a corner; lines laid on the outer side never cross.
    """
    size, side = np.array(shape[::-1], float), float(max(shape))
    t = np.linspace(-0.9, 0.9, 60)
    heading = rng.uniform(0, 2 * np.pi)
    bend = rng.normal(0, 0.5) * t
    if rng.random() < 0.35:
        bend = np.where(t > rng.uniform(-0.2, 0.2), rng.uniform(0.8, 1.7), 0.0)
    steps = np.stack([np.cos(heading + bend), np.sin(heading + bend)], axis=1) * side * 0.03
    path = np.cumsum(steps, axis=0)
    moved = size * rng.uniform(0.3, 0.7, 2) + path - path[len(path) // 2]
    return np.asarray(moved), -1.0 if bend[-1] > bend[0] else 1.0


def garments(luma: Plane, rng: Rng) -> Plane:
    """Lapels, ears, petals, sleeves: two tones meet along a smooth contour with a lit rim.

    H x W levels.
    """
    shape = (luma.shape[0], luma.shape[1])
    for _ in range(int(rng.integers(1, 3))):
        centre = rng.uniform(0, 1, 2) * (shape[1], shape[0])
        outline = rounded(rng, centre, log_uniform(rng, 0.3, 1.6) * min(shape), 0.35)
        luma = _worn(rng, luma, outline)
    return luma


def _worn(rng: Rng, luma: Plane, outline: Points) -> Plane:
    """One opaque shape, softly shaded; its rim is lighter or darker here and there."""
    shape = (luma.shape[0], luma.shape[1])
    inside = soften(polygon(shape, outline), rng.uniform(0.4, 1.6))
    behind = float(luma.mean())
    tone = np.clip(behind + coin(rng) * log_uniform(rng, 25, 120), 8, 220)
    cloth = tone + rng.uniform(3, 16) * cloud(rng, shape, 0.3 * max(shape), 3)
    if rng.random() < 0.5:  # a fold of the same stuff, an ear: its tone fades away from the contour
        near = 1 - soften(inside, 0.08 * min(shape))
        cloth = cloth + coin(rng) * rng.uniform(10, 50) * np.clip(1.6 * near, 0, 1)
    strengths = np.clip(0.5 + 0.5 * ar1(rng, len(outline), 0.97), 0, 1)
    rim = stroke(shape, outline, log_uniform(rng, 1, 6), strengths, closed=True)
    worn = luma + inside * (cloth - luma)
    return np.asarray(worn + soften(rim, rng.uniform(0.4, 1.2)) * coin(rng) * rng.uniform(15, 90))
