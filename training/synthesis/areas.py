"""Area defects: dust, scuffs, holes with torn rims, stains, and shapes from a folder."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .layers import HOLE, IGNORE, SCUFF, Layer
from .noise import Plane, cloud, grain, log_uniform, smooth_field

Shape = tuple[int, int]
Range = tuple[float, float]
Rng = np.random.Generator


def dust(rng: Rng, shape: Shape, *, faint: float, amplitude: Range) -> list[Layer]:
    """Specks of one sign, most of them tiny; some with the ring of a bad retouch."""
    plane = np.zeros(shape, np.uint8)
    density = log_uniform(rng, 30, 900)
    for _ in range(1 + int(rng.poisson(density * shape[0] * shape[1] / 1e6))):
        _speck(rng, plane, rng.uniform(0, 1, 2) * (shape[1], shape[0]))
    cover = cv2.GaussianBlur(plane, (0, 0), rng.uniform(0.3, 0.8)).astype(np.float32) / 255
    light = rng.random() < 0.65
    if rng.random() < 0.5 * faint:
        tone = 1.5 * log_uniform(rng, *amplitude) * (1 if light else -1)
        return [Layer(SCUFF, cover, tone, additive=True)]
    tone = rng.uniform(210, 255) if light else rng.uniform(0, 50)
    layers = [Layer(SCUFF, cover * np.float32(rng.uniform(0.7, 1)), float(tone))]
    if rng.random() < 0.2:
        ring = cv2.dilate(plane, np.ones((5, 5), np.uint8)) - plane
        soft = cv2.GaussianBlur(ring, (0, 0), 1.2).astype(np.float32) / 255
        layers.insert(0, Layer(SCUFF, soft * np.float32(0.6), 255.0 - tone, relief=True))
    return layers


def _speck(rng: Rng, plane: NDArray[np.uint8], at: NDArray[np.float64]) -> None:
    radius = float(np.clip(rng.lognormal(0.15, 0.6), 0.5, 9))
    angles = np.linspace(0, 2 * np.pi, 9)[:-1]
    radii = radius * np.clip(1 + 0.3 * rng.standard_normal(8), 0.3, 2)
    stretch = np.array([1.0, rng.uniform(0.4, 1)])
    turn = rng.uniform(0, np.pi)
    rotate = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    corners = (
        at + (radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], 1)) * stretch @ rotate
    )
    value = int(rng.uniform(120, 256))
    cv2.fillPoly(plane, [np.rint(corners * 16).astype(np.int32)], value, cv2.LINE_AA, 4)


def scuff(rng: Rng, shape: Shape, *, faint: float, amplitude: Range) -> list[Layer]:
    """Rubbed emulsion: patches of fine broken grain where something wore the surface."""
    patch = cloud(rng, shape, log_uniform(rng, 30, 120))
    stretched = rng.random() < 0.5
    fine = grain(rng, shape, 1.0, 0.5)
    if stretched:
        fine = cv2.GaussianBlur(fine, (0, 0), sigmaX=log_uniform(rng, 1.5, 6), sigmaY=0.4)
        fine /= max(float(fine.std()), 1e-6)
    where = _step(6 * (patch - rng.uniform(1.0, 1.7)))
    flecks = _step(3 * (fine - rng.uniform(0.4, 1.1)))
    cover = cv2.GaussianBlur((where * flecks).astype(np.float32), (0, 0), rng.uniform(0.4, 0.9))
    light = rng.random() < 0.75
    if rng.random() < faint:
        tone = 1.5 * log_uniform(rng, *amplitude) * (1 if light else -1)
        return [Layer(SCUFF, cover, tone, additive=True)]
    return [Layer(SCUFF, cover, float(rng.uniform(190, 255) if light else rng.uniform(0, 60)))]


def hole(rng: Rng, shape: Shape, *, faint: float, amplitude: Range) -> list[Layer]:
    """Missing emulsion with a torn rim; the bed has a paper's texture and flakes left on it."""
    centre = rng.uniform(0, 1, 2) * (shape[1], shape[0])
    if rng.random() < 0.25:
        centre = np.rint(rng.uniform(0, 1, 2)) * (shape[1], shape[0])
    radius = log_uniform(rng, 4, 0.16 * max(shape))
    outer, inner = _torn(rng, shape, centre, radius)
    light = rng.random() < 0.7
    base = rng.uniform(195, 245) if light else rng.uniform(8, 60)
    bed = base + 6 * cloud(rng, shape, 24) + grain(rng, shape, rng.uniform(3, 10), 0.7)
    flakes = cloud(rng, shape, rng.uniform(4, 10)) > rng.uniform(1.5, 2.6)
    left = cv2.GaussianBlur(flakes.astype(np.float32), (0, 0), 0.6)
    rim = np.clip(outer - inner, 0, 1)
    rim_tone = base + rng.uniform(25, 70) * (1 if light and rng.random() < 0.4 else -1)
    shadow = cv2.GaussianBlur(np.roll(outer, (2, 1), (0, 1)), (0, 0), 1.5) * np.float32(0.35)
    return [
        Layer(HOLE, np.clip(shadow - outer, 0, 1), 0.0, relief=True),
        Layer(HOLE, outer * (1 - left), np.asarray(bed, np.float32)),
        Layer(HOLE, rim, float(np.clip(rim_tone, 0, 255)), relief=True),
    ]


def _torn(
    rng: Rng, shape: Shape, centre: NDArray[np.float64], radius: float
) -> tuple[Plane, Plane]:
    """Two nested blobs 1 to 3 px apart; the radius has a 1/f^1.6 spectrum around the circle."""
    count = 96
    frequency = np.arange(1, 20)
    phases = rng.uniform(0, 2 * np.pi, len(frequency))
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    waves = np.cos(angles[:, None] * frequency + phases) / frequency**0.8
    radii = radius * np.exp(0.16 * waves.sum(axis=1))
    rough = np.clip(rng.normal(1.8, 0.8, count), 0.5, 4)
    planes = []
    for size in (radii, np.maximum(radii - rough, 0.5)):
        corners = centre + size[:, None] * np.stack([np.cos(angles), np.sin(angles)], 1)
        plane = np.zeros(shape, np.uint8)
        cv2.fillPoly(plane, [np.rint(corners * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        planes.append(plane.astype(np.float32) / 255)
    return planes[0], planes[1]


def stain(rng: Rng, shape: Shape, *, faint: float, amplitude: Range) -> list[Layer]:
    """A dried liquid, darker towards its tide line; seldom an opaque blot of ink.

    Only the blot is damage to find. Through a soft stain the picture is still there, and no
    small window can tell it from shade: those pixels are ignored, or all shade looks damaged.
    """
    field = cloud(rng, shape, log_uniform(rng, 0.2, 0.6) * max(shape))
    if rng.random() < 0.3:
        blot = _step(25 * (field - rng.uniform(1.5, 2.2)))
        return [Layer(SCUFF, blot, float(rng.uniform(5, 60)))]
    distance = np.abs(field - (level := rng.uniform(0.9, 1.6)))
    inside = _step(12 * (field - level))
    edge = np.exp(-((distance / 0.06) ** 2))
    cover = inside * rng.uniform(0.3, 0.8) + edge * rng.uniform(0.1, 0.5)
    tone = -rng.uniform(25, 80) if rng.random() < 0.8 else rng.uniform(25, 60)
    return [Layer(IGNORE, np.clip(cover, 0, 1).astype(np.float32), float(tone), additive=True)]


def _step(height: Plane) -> Plane:
    """A soft step from 0 to 1 where the field passes 0."""
    return np.asarray(1 / (1 + np.exp(-np.clip(height, -30, 30))), np.float32)


def mottle(rng: Rng, shape: Shape) -> list[Layer]:
    """Uneven development or mould in soft small clouds: never labelled, part of the ground."""
    field = smooth_field(rng, shape, log_uniform(rng, 8, 60))
    return [Layer(SCUFF, np.abs(field), float(rng.normal(0, 4)), additive=True, relief=True)]


def shapes(
    rng: Rng, shape: Shape, masks: list[NDArray[np.uint8]], bit: int, *, faint: float
) -> list[Layer]:
    """Pieces of an operator's damage masks, scaled, turned, flipped and softened."""
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
    cover = cv2.GaussianBlur(plane, (0, 0), rng.uniform(0.3, 0.9)).astype(np.float32) / 255
    sign = 1 if rng.random() < 0.7 else -1
    if rng.random() < faint:
        return [Layer(bit, cover, sign * log_uniform(rng, 15, 70), additive=True)]
    return [Layer(bit, cover, float(rng.uniform(200, 255) if sign > 0 else rng.uniform(0, 50)))]
