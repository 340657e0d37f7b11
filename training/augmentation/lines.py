"""Line-like defects: fractures, scratches, film verticals and hairs."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from .cracks import coin
from .layers import FRACTURE, Layer
from .noise import ar1, log_uniform
from .random_walks import Walk, draw, walk_points
from .strokes import log_width

Shape = tuple[int, int]
Range = tuple[float, float]
Rng = np.random.Generator


def fracture(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """A crack with branches that narrow along their way, as in plates and dry emulsion."""
    plane = np.zeros(shape, np.uint8)
    size = log_width(rng, shrink, 1.0, 12.0)
    start = rng.uniform(-0.1, 1.1, 2) * (shape[1], shape[0])
    straight = rng.random() < 0.4
    for walk in _branching(
        rng, start, rng.uniform(0, 2 * np.pi), size, turn=0.12 if straight else 0.4
    ):
        draw(plane, walk)
    return [_line_layer(rng, plane, faint, amplitude)]


def _branching(
    rng: Rng,
    start: NDArray[np.float64],
    heading: float,
    size: float,
    *,
    turn: float,
    depth: int = 2,
) -> Iterator[Walk]:
    steps = int(np.clip(rng.lognormal(4.5, 0.6), 12, 400)) // (1 if depth == 2 else 2)
    points = walk_points(
        rng,
        start,
        heading,
        steps=steps,
        step=rng.uniform(3, 4),
        turn=turn,
        drift=rng.normal(0, 0.003),
    )
    jitter = rng.normal(0, 0.35, points.shape)
    widths = size * np.exp(0.35 * ar1(rng, steps, 0.92)) * np.linspace(1, 0.35, steps)
    strengths = np.clip(0.84 + 0.16 * ar1(rng, steps, 0.9), 0.15, 1)
    yield Walk(points + jitter, widths, strengths)
    if depth == 0:
        return
    for _ in range(int(rng.poisson(steps / 60))):
        at = int(rng.integers(steps // 8, steps))
        side = float(rng.choice((-1, 1)) * rng.uniform(0.4, 1.2))
        direction = points[at] - points[at - 1]
        angle = float(np.arctan2(direction[1], direction[0])) + side
        yield from _branching(
            rng, points[at], angle, 0.6 * widths[at] + 0.2, turn=turn, depth=depth - 1
        )


def scratch(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """A bundle of nearly straight parallels, as grit leaves them."""
    plane = np.zeros(shape, np.uint8)
    heading = rng.uniform(0, np.pi)
    centre = rng.uniform(0, 1, 2) * (shape[1], shape[0])
    spread, wide = log_uniform(rng, 2, 40), log_width(rng, shrink, 0.8, 6.0)
    length = log_uniform(rng, 30, 1.2 * max(shape))
    bend = rng.normal(0, 0.15) / max(length / 4, 1)
    for _ in range(1 + int(rng.geometric(0.35))):
        own = length * rng.uniform(0.3, 1)
        steps = max(4, int(own / 4))
        start = centre + rng.normal(0, spread, 2) - own / 2 * _unit(heading)
        points = walk_points(
            rng, start, heading + rng.normal(0, 0.01), steps=steps, step=4, turn=0.02, drift=bend
        )
        widths = np.full(steps, wide * rng.uniform(0.6, 1.2))
        ends = np.minimum(1, np.minimum(np.arange(steps), np.arange(steps)[::-1]) / (steps / 4))
        strengths = rng.uniform(0.4, 1) * np.clip(0.8 + 0.3 * ar1(rng, steps, 0.95), 0, 1) * ends
        draw(plane, Walk(points, widths, strengths))
    return [_line_layer(rng, plane, faint, amplitude)]


def verticals(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """Film scratches along the transport: many, over the whole height, with gaps, 0.8 to 8 px wide.

    On frames of 720 lines they measure 1 to 4 px; a finer scan shows them wider.
    """
    height, width = shape
    light, dark = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    combs = rng.uniform(0, width, 1 + int(rng.poisson(2)))
    count = 1 + int(rng.poisson(log_uniform(rng, 1.0, 16) * max(width / 400, 0.5)))
    tilt = rng.normal(0, 0.004)
    mostly_light = rng.random() < 0.5
    for _ in range(count):
        loose = rng.random() < 0.5
        x = rng.uniform(0, width) if loose else rng.choice(combs) + rng.normal(0, 9)
        walk = _vertical(rng, height, float(x), tilt, log_width(rng, shrink, 0.8, 8.0))
        draw(light if (rng.random() < 0.85) == mostly_light else dark, walk)
    style = (faint, amplitude)
    layers = [_line_layer(rng, light, *style, sign=1.0, soft=(0.3, 1.0), shaded=True)]
    if dark.any():
        layers.append(_line_layer(rng, dark, *style, sign=-1.0, soft=(0.3, 1.0), shaded=True))
    return layers


def _vertical(rng: Rng, height: int, x: float, tilt: float, width: float) -> Walk:
    steps = max(8, height // 6)
    ys = np.linspace(-3, height + 3, steps)
    xs = x + tilt * ys + 0.5 * ar1(rng, steps, 0.97)
    presence = np.clip(0.5 + rng.uniform(-0.8, 2.5) + 1.5 * ar1(rng, steps, 0.96), 0, 1)
    strengths = rng.beta(1.3, 2.2) * (1 + 0.35 * ar1(rng, steps, 0.8)) * presence
    return Walk(np.stack([xs, ys], axis=1), np.full(steps, width), strengths)


def hairs(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """Lint and hairs on the print or the scanner's glass: short, thin, smoothly curved, 0.8 to 6 px
    wide and the longer the wider."""
    plane = np.zeros(shape, np.uint8)
    for _ in range(1 + int(rng.poisson(2.5 * shape[0] * shape[1] / 2e5))):
        steps, wide = int(rng.integers(8, 50)), log_width(rng, shrink, 0.8, 6.0)
        points = walk_points(
            rng,
            rng.uniform(0, 1, 2) * (shape[1], shape[0]),
            rng.uniform(0, 2 * np.pi),
            steps=steps,
            step=rng.uniform(1.5, 3) * max(1.0, wide / 1.8),
            turn=0.3,
            drift=rng.normal(0, 0.06),
        )
        draw(plane, Walk(points, np.full(steps, wide), np.full(steps, rng.uniform(0.5, 1))))
    return [_line_layer(rng, plane, faint, amplitude)]


def _line_layer(
    rng: Rng,
    plane: NDArray[np.uint8],
    faint: float,
    amplitude: Range,
    *,
    sign: float | None = None,
    soft: Range = (0.2, 0.8),
    shaded: bool = False,
) -> Layer:
    """Additive and faint (levels of `amplitude`) with probability `faint`, else strong."""
    cover = cv2.GaussianBlur(plane, (0, 0), rng.uniform(*soft)).astype(np.float32) / 255
    sign = sign or coin(rng)
    if rng.random() < faint:
        tone = sign * log_uniform(rng, *amplitude)
        return Layer(FRACTURE, cover, tone, additive=True, shaded=shaded)
    if shaded or rng.random() < 0.5:
        tone = sign * rng.uniform(amplitude[1], 2.2 * amplitude[1])
        return Layer(FRACTURE, cover, tone, additive=True, shaded=shaded)
    tone = rng.uniform(205, 255) if sign > 0 else rng.uniform(0, 45)
    return Layer(FRACTURE, cover * np.float32(rng.uniform(0.6, 1)), float(tone))


def _unit(angle: float) -> NDArray[np.float64]:
    return np.array([np.cos(angle), np.sin(angle)])
