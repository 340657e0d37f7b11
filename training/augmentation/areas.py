"""Area defects: dust, scuffs, holes with torn rims, stains, and shapes from a folder."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .cracks import coin, contrast
from .layers import HOLE, IGNORE, SCUFF, Layer
from .noise import Plane, cloud, log_uniform, smooth_field, soft_noise, step
from .strokes import blob, log_width, polygon, soften, stroke

Shape = tuple[int, int]
Range = tuple[float, float]
Rng = np.random.Generator


def dust(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """Specks of one sign, most of them tiny; some with the ring of a bad retouch."""
    plane = np.zeros(shape, np.uint8)
    density = log_uniform(rng, 30, 900)
    _specks(rng, plane, 1 + int(rng.poisson(density * shape[0] * shape[1] / 1e6)))
    cover = _share(cv2.GaussianBlur(plane, (0, 0), rng.uniform(0.3, 0.8)))
    light = rng.random() < 0.5
    if rng.random() < 0.5 * faint:
        tone = 1.5 * log_uniform(rng, *amplitude) * (1 if light else -1)
        return [Layer(SCUFF, cover, tone, additive=True)]
    tone = rng.uniform(210, 255) if light else rng.uniform(0, 50)
    layers = [Layer(SCUFF, cover * np.float32(rng.uniform(0.7, 1)), float(tone))]
    if rng.random() < 0.2:
        ring = cv2.dilate(plane, np.ones((5, 5), np.uint8)) - plane
        soft = _share(cv2.GaussianBlur(ring, (0, 0), 1.2))
        layers.insert(0, Layer(SCUFF, soft * np.float32(0.6), 255.0 - tone))
    return layers


def _share(levels: NDArray[np.uint8]) -> Plane:
    """0..255 to 0..1."""
    return levels.astype(np.float32) * np.float32(1 / 255)


def _specks(rng: Rng, plane: NDArray[np.uint8], count: int) -> None:
    """Draw irregular octagons, stretched and turned, anywhere in the plane."""
    height, width = plane.shape
    radius = np.clip(rng.lognormal(0.15, 0.6, (count, 1)), 0.5, 9)
    angles = np.linspace(0, 2 * np.pi, 9)[:-1]
    radii = radius * np.clip(1 + 0.3 * rng.standard_normal((count, 8)), 0.3, 2)
    x, y = radii * np.cos(angles), radii * np.sin(angles) * rng.uniform(0.4, 1, (count, 1))
    turn = rng.uniform(0, np.pi, (count, 1))
    places = rng.uniform(0, 1, (count, 2)) * (width, height)
    corners = np.stack(
        [
            places[:, :1] + x * np.cos(turn) - y * np.sin(turn),
            places[:, 1:] + x * np.sin(turn) + y * np.cos(turn),
        ],
        axis=-1,
    )
    fixed = np.rint(corners * 16).astype(np.int32)
    values = rng.integers(120, 256, count).tolist()
    for speck, value in zip(fixed, values, strict=True):
        cv2.fillPoly(plane, [speck], value, cv2.LINE_AA, 4)


def scuff(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """Rubbed emulsion: patches of fine broken grain where something wore the surface."""
    patch = cloud(rng, shape, log_uniform(rng, 30, 120))
    stretched = rng.random() < 0.5
    fine = soft_noise(rng, shape, 0.5)
    if stretched:
        fine = cv2.GaussianBlur(fine, (0, 0), sigmaX=log_uniform(rng, 1.5, 6), sigmaY=0.4)
        fine *= np.float32(1 / max(float(fine[::4, ::4].std()), 1e-6))
    patch -= np.float32(rng.uniform(1.0, 1.7))
    fine -= np.float32(rng.uniform(0.4, 1.1))
    where = step(patch * np.float32(6))
    where *= step(fine * np.float32(3))
    cover = cv2.GaussianBlur(where, (0, 0), rng.uniform(0.4, 0.9))
    light = rng.random() < 0.5
    if rng.random() < faint:
        tone = 1.5 * log_uniform(rng, *amplitude) * (1 if light else -1)
        return [Layer(SCUFF, cover, tone, additive=True)]
    return [Layer(SCUFF, cover, float(rng.uniform(190, 255) if light else rng.uniform(0, 60)))]


def hole(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """Missing emulsion with a torn rim and its shadow, both part of the hole; the bed has a paper's
    texture and flakes left on it."""
    centre = rng.uniform(0, 1, 2) * (shape[1], shape[0])
    if rng.random() < 0.25:
        centre = np.rint(rng.uniform(0, 1, 2)) * (shape[1], shape[0])
    radius = log_uniform(rng, 4, 0.16 * max(shape))
    outlines = _torn(rng, centre, radius)
    box = _around(outlines[0], shape)
    corner = (box[1].start, box[0].start)
    outer, inner = (
        _filled(outline - corner, (_length(box[0]), _length(box[1]))) for outline in outlines
    )
    light = rng.random() < 0.5
    base = rng.uniform(195, 245) if light else rng.uniform(8, 60)
    bed = (
        base
        + 6 * cloud(rng, outer.shape, 24)
        + rng.uniform(3, 10) * soft_noise(rng, outer.shape, 0.7)
    )
    flakes = cloud(rng, outer.shape, rng.uniform(4, 10)) > rng.uniform(1.5, 2.6)
    left = cv2.GaussianBlur(flakes.astype(np.float32), (0, 0), 0.6)
    rim = np.clip(outer - inner, 0, 1)
    rim_tone = base + rng.uniform(25, 70) * (1 if light and rng.random() < 0.4 else -1)
    shadow = cv2.GaussianBlur(_shifted(outer), (0, 0), 1.5) * np.float32(0.35)
    return [
        Layer(HOLE, _placed(np.clip(shadow - outer, 0, 1), box, shape), 0.0),
        Layer(HOLE, _placed(outer * (1 - left), box, shape), _placed(bed, box, shape)),
        Layer(HOLE, _placed(rim, box, shape), float(np.clip(rim_tone, 0, 255))),
    ]


def _around(outline: NDArray[np.float64], shape: Shape, margin: int = 12) -> tuple[slice, slice]:
    """Rows and columns that hold an outline and its shadow: the rest of the plane stays empty."""
    low = np.floor(outline.min(axis=0)).astype(int) - margin
    high = np.ceil(outline.max(axis=0)).astype(int) + margin
    columns, rows = (
        slice(max(0, int(low[k])), min(shape[1 - k], max(1, int(high[k])))) for k in (0, 1)
    )
    return rows, columns


def _shifted(plane: Plane) -> Plane:
    """Two px down and one to the right, where a torn edge throws its shadow; nothing wraps."""
    moved = np.zeros_like(plane)
    moved[2:, 1:] = plane[:-2, :-1]
    return moved


def _length(part: slice) -> int:
    return int(part.stop - part.start)


def _filled(outline: NDArray[np.float64], shape: Shape) -> Plane:
    plane = np.zeros(shape, np.uint8)
    cv2.fillPoly(plane, [np.rint(outline * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return _share(plane)


def _placed(part: Plane, box: tuple[slice, slice], shape: Shape) -> Plane:
    plane = np.zeros(shape, np.float32)
    plane[box] = part
    return plane


def _torn(
    rng: Rng, centre: NDArray[np.float64], radius: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two nested outlines 1 to 3 px apart; the radius has a 1/f^1.6 spectrum around the circle."""
    count = 96
    frequency = np.arange(1, 20)
    phases = rng.uniform(0, 2 * np.pi, len(frequency))
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    waves = np.cos(angles[:, None] * frequency + phases) / frequency**0.8
    radii = radius * np.exp(0.16 * waves.sum(axis=1))
    rough = np.clip(rng.normal(1.8, 0.8, count), 0.5, 4)
    rays = np.stack([np.cos(angles), np.sin(angles)], 1)
    inner = np.maximum(radii - rough, 0.5)
    return centre + radii[:, None] * rays, centre + inner[:, None] * rays


def stain(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """A dried liquid, darker towards its tide line; seldom an opaque blot of ink.

    Only the blot is damage to find. Through a soft stain the picture is still there, and no
    small window can tell it from shade: those pixels are ignored, or all shade looks damaged.
    """
    field = cloud(rng, shape, log_uniform(rng, 0.2, 0.6) * max(shape))
    if rng.random() < 0.3:
        field -= np.float32(rng.uniform(1.5, 2.2))
        return [Layer(SCUFF, step(field * np.float32(25)), _blot(rng))]
    field -= np.float32(rng.uniform(0.9, 1.6))
    edge = np.exp(-np.square(field * np.float32(1 / 0.06)))
    cover = step(field * np.float32(12))
    cover *= np.float32(rng.uniform(0.3, 0.8))
    cover += edge * np.float32(rng.uniform(0.1, 0.5))
    tone = -rng.uniform(25, 80) if rng.random() < 0.6 else rng.uniform(25, 60)
    return [Layer(IGNORE, np.minimum(cover, 1), float(tone), additive=True)]


def _blot(rng: Rng) -> float:
    """Ink or rust, or what bleached the print."""
    return float(rng.uniform(5, 90) if rng.random() < 0.6 else rng.uniform(200, 250))


def spots(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """Specks, drops and patches of one sign, 2 to 60 px across: foxing, rust, mould, ink."""
    largest = log_width(rng, shrink, 2.0, 60.0) / 2
    most = max(1.0, 12 * min(1.0, 6 / largest)) * shape[0] * shape[1] / 192**2
    cover = np.zeros(shape, np.float32)
    for _ in range(1 + int(rng.poisson(log_uniform(rng, 0.3, max(0.4, most))))):
        radius = max(0.7, largest * np.exp(-np.abs(rng.normal(0, 0.5))))
        centre = rng.uniform(0, 1, 2) * (shape[1], shape[0])
        if radius > 1.5:
            spot = polygon(shape, blob(rng, centre, radius))
        else:
            spot = stroke(shape, centre + rng.normal(0, 0.7, (2, 2)), 2 * radius)
        np.maximum(cover, spot, out=cover)
    cover = soften(cover, rng.uniform(0.3, max(0.9, 0.12 * largest)))
    sign, tone = coin(rng), contrast(rng, faint, amplitude)
    if rng.random() < 0.3:
        tone = rng.uniform(205, 255) if sign > 0 else rng.uniform(0, 60)
        return [Layer(SCUFF, cover * np.float32(rng.uniform(0.6, 1)), float(tone))]
    return [Layer(SCUFF, cover, 1.4 * sign * tone, additive=True)]


def pin_holes(
    rng: Rng, shape: Shape, *, faint: float, amplitude: Range, shrink: float = 1.0
) -> list[Layer]:
    """Round holes of pins and tacks, the rust or the dent of their heads around them."""
    layers: list[Layer] = []
    for _ in range(1 + int(rng.poisson(0.7))):
        radius = max(1.0, log_width(rng, shrink, 2.0, 12.0) / 2)
        centre = rng.uniform(0, 1, 2) * (shape[1], shape[0])
        angles = np.linspace(0, 2 * np.pi, 24)
        circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        hole_ = soften(polygon(shape, centre + radius * circle), 0.4)
        ring = stroke(shape, centre + 1.5 * radius * circle, 0.8 * radius, closed=True)
        ring_tone = coin(rng) * contrast(rng, faint, amplitude)
        layers.append(Layer(HOLE, soften(ring, 0.3 * radius), ring_tone, additive=True))
        bottom = rng.uniform(0, 40) if rng.random() < 0.6 else rng.uniform(225, 255)
        layers.append(Layer(HOLE, hole_, float(bottom)))
    return layers


def mottle(rng: Rng, shape: Shape) -> list[Layer]:
    """Uneven development or mould in soft small clouds: never labelled, part of the ground."""
    field = smooth_field(rng, shape, log_uniform(rng, 8, 60))
    return [Layer(SCUFF, np.abs(field), float(rng.normal(0, 4)), additive=True, relief=True)]


def shapes(
    rng: Rng, shape: Shape, masks: list[NDArray[np.uint8]], bit: int, *, faint: float
) -> list[Layer]:
    """Pieces of an operator's damage masks, scaled, turned, flipped and softened.

    `masks` are H x W uint8 of any size, 255 = damaged; covers have the picture's `shape`, H x W.
    `faint` is the probability that a piece only changes the brightness.
    """
    plane = np.zeros(shape, np.uint8)
    for _ in range(1 + int(rng.poisson(1.0))):
        piece = masks[int(rng.integers(len(masks)))]
        turn = cv2.getRotationMatrix2D(
            (piece.shape[1] / 2, piece.shape[0] / 2),
            rng.uniform(0, 360),
            log_uniform(rng, 0.25, 1.0),
        )
        turn[:, 2] += rng.uniform(0, 1, 2) * (shape[1], shape[0]) - np.array(piece.shape[::-1]) / 2
        np.maximum(plane, cv2.warpAffine(piece, turn, shape[::-1]), out=plane)
    cover = _share(cv2.GaussianBlur(plane, (0, 0), rng.uniform(0.3, 0.9)))
    sign = coin(rng)
    if rng.random() < faint:
        return [Layer(bit, cover, sign * log_uniform(rng, 15, 70), additive=True)]
    return [Layer(bit, cover, float(rng.uniform(200, 255) if sign > 0 else rng.uniform(0, 50)))]
