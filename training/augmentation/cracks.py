"""Long damage of any width, light and dark alike: cracks, folds and tears from edge to edge.

Widths are log-uniform from 1 to 40 px, so that a print scanned at 300 and at 1200 dpi is the same
to the network; each sign is drawn by coin, for a network unlearns whatever sign it sees less of.
"""

import numpy as np
from numpy.typing import NDArray

from .layers import FRACTURE, Layer
from .noise import Plane, ar1, cloud, log_uniform, soft_noise
from .strokes import Points, chord, log_width, normals, soften, stroke

Shape = tuple[int, int]
Range = tuple[float, float]
Rng = np.random.Generator


def coin(rng: Rng) -> float:
    """1 or -1: light or dark."""
    return 1.0 if rng.random() < 0.5 else -1.0


def contrast(rng: Rng, faint: float, amplitude: Range) -> float:
    """Levels of `amplitude` with the probability `faint`, else twice to thrice as strong."""
    low, high = amplitude
    return log_uniform(rng, low, high) if rng.random() < faint else rng.uniform(high, 2.2 * high)


def bed(rng: Rng, shape: Shape, sign: float) -> Plane:
    """What shows where paper is gone: white fibre, or the black behind, H x W levels."""
    base = rng.uniform(175, 252) if sign > 0 else rng.uniform(0, 75)
    fibre = soft_noise(rng, shape, 0.7) * np.float32(rng.uniform(1, 9))
    return np.asarray(np.float32(base) + fibre + 5 * cloud(rng, shape, 24), np.float32)


def crack(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """One smooth or rough line from edge to edge, or a part of one."""
    rough = rng.random() < 0.5
    points = chord(rng, shape, rough=rough)
    if rng.random() < 0.3:
        first = int(rng.integers(0, 60))
        points = points[first : first + int(rng.integers(15, 60))]
    width = log_width(rng, shrink)
    widths: NDArray[np.float64] | float = width
    if rough or rng.random() < 0.3:
        uneven = 0.12 if width > 10 else 0.3
        widths = np.maximum(0.6, width * np.exp(uneven * ar1(rng, len(points), 0.9)))
    strengths = None
    if rough and rng.random() < 0.6:
        strengths = np.clip(0.9 + 0.2 * ar1(rng, len(points), 0.9), 0.15, 1)
    cover = stroke(shape, points, widths, strengths)
    if rough and rng.random() < 0.4:
        cover = cover * np.clip(0.85 + 0.25 * cloud(rng, shape, 6), 0.2, 1)
    cover = soften(cover, rng.uniform(0.3, max(0.8, 0.12 * width)))
    return [painted(rng, cover, coin(rng), faint, amplitude)]


def painted(
    rng: Rng, cover: Plane, sign: float, faint: float, amplitude: Range, bit: int = FRACTURE
) -> Layer:
    """The cover as change of brightness, or as paper that shows through.

    `cover` is H x W, 0..1; `amplitude` is the range of the change, in levels, `faint` the
    probability of a weak one.
    """
    shape = (cover.shape[0], cover.shape[1])
    if rng.random() < 0.3:
        return Layer(bit, cover * np.float32(rng.uniform(0.6, 1)), bed(rng, shape, sign))
    tone: Plane | float = sign * contrast(rng, faint, amplitude)
    if rng.random() < 0.5:
        tone = np.asarray(tone * (1 + 0.15 * cloud(rng, shape, 40)), np.float32)
    return Layer(bit, cover, tone, additive=True)


def fold(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """A highlight beside a shadow; both are the crease. A third have a broken core."""
    width = log_width(rng, shrink, 1.0, 20.0)
    points = chord(rng, shape, rough=rng.random() < 0.4)
    if rng.random() < 0.25:
        first = int(rng.integers(0, 50))
        points = points[first : first + int(rng.integers(20, 60))]
    away = normals(points) * width * rng.uniform(0.5, 1.0) / 2
    sides = [(1.0, 0.25), (rng.uniform(0.7, 1.5), 0.4)]
    covers = [
        soften(
            stroke(shape, points + way * away, width * wide),
            rng.uniform(0.3, max(0.5, soft * width)),
        )
        for way, (wide, soft) in zip((1, -1), sides, strict=True)
    ]
    sign = coin(rng)
    tones = (sign * contrast(rng, faint, amplitude), -sign * contrast(rng, faint, amplitude))
    layers = [
        Layer(FRACTURE, cover, tone, additive=True)
        for cover, tone in zip(covers, tones, strict=True)
    ]
    return layers + _broken_core(rng, shape, points, width, sign)


def _broken_core(rng: Rng, shape: Shape, points: Points, width: float, sign: float) -> list[Layer]:
    if rng.random() > 0.35:
        return []
    widths = np.maximum(0.8, 0.5 * width * np.exp(0.3 * ar1(rng, len(points), 0.8)))
    there = np.clip(0.7 + 0.5 * ar1(rng, len(points), 0.85), 0, 1)
    core = soften(stroke(shape, points, widths, there), 0.4)
    tone = rng.uniform(200, 255) if sign > 0 else rng.uniform(0, 50)
    return [Layer(FRACTURE, core, float(tone))]


def tear(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """A rough gap that shows the paper's fibre or the dark behind it, often with a curled edge."""
    width = max(2.0, log_width(rng, shrink, 6.0, 40.0))
    points = chord(rng, shape, rough=True)
    if rng.random() < 0.5:
        points = points[int(rng.integers(10, 60)) :]
    widths = np.maximum(0.6, width * np.exp(0.22 * ar1(rng, len(points), 0.9)))
    widths *= np.linspace(1, rng.uniform(0.2, 1), len(points))
    cover = soften(stroke(shape, points, widths), rng.uniform(0.3, max(0.8, 0.15 * width)))
    sign = coin(rng)
    if rng.random() < 0.3:
        return [painted(rng, cover, sign, faint, amplitude)]
    layers = [Layer(FRACTURE, cover * np.float32(rng.uniform(0.7, 1)), bed(rng, shape, sign))]
    if rng.random() < 0.6:
        layers.append(_curled_edge(rng, shape, points, widths, sign))
    return layers


def _curled_edge(rng: Rng, shape: Shape, points: Points, widths: Plane, sign: float) -> Layer:
    """The lit or shaded lip beside a gap: part of the tear."""
    beside = points + normals(points) * ((widths * 0.5 + 1) * coin(rng))[:, None]
    lip = soften(stroke(shape, beside, max(1.0, 0.15 * float(widths.mean()))), rng.uniform(0.5, 2))
    way = -sign if rng.random() < 0.7 else sign
    return Layer(FRACTURE, lip, way * log_uniform(rng, 15, 90), additive=True)
