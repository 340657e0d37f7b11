"""Patches through which the picture still shows: rubbed places and drops that dried."""

import cv2
import numpy as np

from training.augmentation.cracks import coin, contrast
from training.augmentation.layers import SCUFF, Layer
from training.augmentation.noise import Plane, log_uniform, soft_noise
from training.augmentation.strokes import polygon, soften

from .outlines import across, jagged, middle, rounded

Shape = tuple[int, int]
Range = tuple[float, float]
Rng = np.random.Generator
ACROSS = (12.0, 220.0)  # px


def rubbed(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """A place worn by a finger or a sheet: fine strokes one way, lighter or darker all over."""
    diameter = across(rng, shape, *ACROSS, shrink)
    cover = soften(
        polygon(shape, jagged(rng, middle(rng, shape), diameter)),
        rng.uniform(0.4, max(0.8, 0.04 * diameter)),
    )
    strokes = np.clip(0.65 + rng.uniform(0.2, 0.45) * _brushed(rng, shape), 0.1, 1.3)
    tone = coin(rng) * contrast(rng, faint, (25, 60)) * strokes
    return [Layer(SCUFF, cover, np.asarray(tone, np.float32), additive=True)]


def _brushed(rng: Rng, shape: Shape) -> Plane:
    """Unit-variance strokes in one direction, H x W."""
    side = int(1.5 * max(shape))
    strokes = soft_noise(rng, (side, side), 0.5)
    strokes = cv2.GaussianBlur(strokes, (0, 0), sigmaX=log_uniform(rng, 1.5, 8), sigmaY=0.6)
    centre = (side / 2, side / 2)
    turn = cv2.getRotationMatrix2D(centre, float(rng.uniform(0, 180)), 1)
    top, left = (side - shape[0]) // 2, (side - shape[1]) // 2
    turned = cv2.warpAffine(strokes, turn, (side, side), borderMode=cv2.BORDER_REFLECT_101)
    part = turned[top : top + shape[0], left : left + shape[1]]
    return np.asarray(part / max(float(part[::4, ::4].std()), 1e-6), np.float32)


def drop(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """A drop that dried: an even change with a clear outline and a stronger margin."""
    diameter = across(rng, shape, *ACROSS, shrink)
    body = polygon(shape, rounded(rng, middle(rng, shape), diameter, rng.uniform(0.03, 0.25)))
    inside = cv2.GaussianBlur(body, (0, 0), max(0.8, diameter / rng.uniform(8, 20)))
    margin = np.clip(2 * (body - inside), 0, 1) * np.float32(rng.uniform(0, 0.8))
    tone = coin(rng) * contrast(rng, faint, (22, 60)) * (0.8 + margin)
    return [
        Layer(
            SCUFF,
            soften(body, rng.uniform(0.5, 1.5)),
            np.asarray(tone, np.float32),
            additive=True,
        )
    ]
