"""Emulsion gone down to the paper over 40 to 300 px, with a thin dark or yellow rim.

A network that had seen holes of some 30 px alone found the rims of wide losses and took what
lies inside for white cloth: half of a loss filled is worse than none.
"""

import numpy as np

from training.augmentation.cracks import coin, contrast
from training.augmentation.layers import HOLE, Layer
from training.augmentation.noise import Plane, ar1, cloud, log_uniform, soft_noise
from training.augmentation.strokes import Points, polygon, soften, stroke

from .outlines import across, jagged, middle

Shape = tuple[int, int]
Range = tuple[float, float]
Rng = np.random.Generator
ACROSS = (40.0, 300.0)  # px
PAPER, TINTED = 0.68, 0.14  # shares of white paper and of brown board; the rest is dark
THINNED = 0.2  # share of losses through which the picture still shows


def loss(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """A wide flake off, anywhere or at the border, with smaller ones beside it."""
    diameter = across(rng, shape, *ACROSS, shrink)
    centre = middle(rng, shape)
    outlines = [jagged(rng, centre, diameter)]
    for _ in range(int(rng.poisson(0.7))):
        away = rng.normal(0, 0.5, 2) * diameter
        outlines.append(jagged(rng, centre + away, diameter * log_uniform(rng, 0.08, 0.4)))
    cover: Plane = np.zeros(shape, np.float32)
    for outline in outlines:
        np.maximum(cover, polygon(shape, outline), out=cover)
    if rng.random() < 0.5:
        cover = cover * _without_islands(rng, shape, diameter)
    cover = soften(cover, rng.uniform(0.3, 0.9))
    if rng.random() < THINNED:
        layers = [Layer(HOLE, cover, coin(rng) * contrast(rng, 0.2, (30, 60)), additive=True)]
    else:
        layers = [Layer(HOLE, cover, _bed(rng, shape))]
    return layers + _rims(rng, shape, outlines, shrink)


def _without_islands(rng: Rng, shape: Shape, diameter: float) -> Plane:
    """0 where a crumb of emulsion is left inside, else 1."""
    field = cloud(rng, shape, max(4.0, diameter * rng.uniform(0.05, 0.15)))
    return np.asarray(field < rng.uniform(1.5, 2.5), np.float32)


def _bed(rng: Rng, shape: Shape) -> Plane:
    """Flat paper, brown board or a dark bed, H x W levels: hardly any texture, soft shades."""
    kind = rng.random()
    low, high = (185, 255) if kind < PAPER else (90, 180) if kind < PAPER + TINTED else (0, 55)
    plane = np.float32(rng.uniform(low, high)) + rng.uniform(0, 5) * cloud(rng, shape, 90, 2)
    return np.asarray(plane + rng.uniform(0, 4) * soft_noise(rng, shape, 0.7), np.float32)


def _rims(rng: Rng, shape: Shape, outlines: list[Points], shrink: float) -> list[Layer]:
    """The broken emulsion's thickness along most of the outline: dark, seldom light."""
    if rng.random() < 0.25:
        return []
    cover = np.zeros(shape, np.float32)
    wide = max(0.7, log_uniform(rng, 0.8, 4.5) / shrink)
    for outline in outlines:
        widths = np.maximum(0.5, wide * np.exp(0.4 * ar1(rng, len(outline), 0.9)))
        strengths = np.clip(0.75 + 0.4 * ar1(rng, len(outline), 0.95), 0, 1)
        np.maximum(cover, stroke(shape, outline, widths, strengths), out=cover)
    tone = -rng.uniform(30, 120) if rng.random() < 0.8 else rng.uniform(20, 70)
    return [Layer(HOLE, soften(cover, rng.uniform(0.3, 0.7)), float(tone), additive=True)]
