"""What a scan shows round a print: the scanner's dark rim, an album page, a white border."""

import numpy as np

from training.augmentation.noise import Plane, cloud, log_uniform, soft_noise
from training.augmentation.strokes import soften

Rng = np.random.Generator


def scan_bed(luma: Plane, rng: Rng) -> Plane:
    """Straight bands along one, two or all sides, 2 px to an eighth of the picture deep.

    Straight to a fraction of a px: what is ragged is a torn edge. Levels H x W.
    """
    sides = rng.permutation(4)[: int(rng.choice((1, 2, 4), p=(0.4, 0.2, 0.4)))]
    album = rng.random() < 0.25
    tone = rng.uniform(60, 150) if album else rng.uniform(0, 45)
    if rng.random() < 0.12:
        tone = rng.uniform(235, 255)
    texture = soft_noise(rng, luma.shape, 0.7) * np.float32(rng.uniform(0, 7 if album else 2))
    bed = tone + texture + rng.uniform(0, 4) * cloud(rng, luma.shape, 80, 2)
    paper = rng.uniform(195, 252) + soft_noise(rng, luma.shape, 0.7)
    framed = rng.random() < 0.4
    softness, shadow = rng.uniform(0.2, 1.0), rng.random() < 0.3
    for side in sides.tolist():
        depth = _depth(rng, luma.shape, side)
        if framed:
            inner = depth + log_uniform(rng, 2, 0.08 * min(luma.shape))
            luma = _laid(luma, paper, inner, side, softness)
        if shadow:
            luma = _laid(luma, luma - 60, depth + rng.uniform(1, 6), side, 2.0)
        luma = _laid(luma, bed, depth, side, softness)
    return luma


def _depth(rng: Rng, shape: tuple[int, ...], side: int) -> Plane:
    """How deep the band is along its side, in px: a slightly slanted straight line."""
    length = shape[1] if side % 2 == 0 else shape[0]
    deep = log_uniform(rng, 2, 0.125 * min(shape))
    slant = rng.normal(0, 0.006) * (np.arange(length) - length / 2)
    return np.asarray(np.maximum(deep + slant, 0), np.float32)


def _laid(luma: Plane, over: Plane, depth: Plane, side: int, softness: float) -> Plane:
    """`over` instead of `luma` up to `depth` px from a side: 0 top, 1 left, 2 bottom, 3 right."""
    turned = luma if side % 2 == 0 else luma.T
    away = np.arange(turned.shape[0], dtype=np.float32)[:, None]
    away = away if side < 2 else away[::-1]
    cover = soften(np.clip(depth[None, :] - away + 0.5, 0, 1).astype(np.float32), softness)
    cover = cover if side % 2 == 0 else cover.T
    return np.asarray(luma + cover * (over - luma), np.float32)
