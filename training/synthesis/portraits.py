"""Portraits with plain grounds: key the ground out, put another one behind."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .noise import cloud

Colour = NDArray[np.uint8]
MAX_DIFFERENCE = 9.0


def key_ground(photo: Colour) -> NDArray[np.float32] | None:
    """Alpha of the sitter, H x W in 0..1, of a photo before a plain ground; None without one.

    Flood fill from the upper borders in Lab with a small step, so that a soft studio gradient
    is followed; rejected when the ground is not between 8 and 85 % or reaches the chest.
    """
    height, width = photo.shape[:2]
    small = cv2.bilateralFilter(photo, 5, 12, 5)
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    mask = np.zeros((height + 2, width + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | (255 << 8)
    step = (2, 2, 2)
    for x in range(2, width - 2, max(1, width // 24)):
        _flood(lab, mask, (x, 2), step, flags)
    for y in range(2, height // 2, max(1, height // 24)):
        _flood(lab, mask, (2, y), step, flags)
        _flood(lab, mask, (width - 3, y), step, flags)
    ground = cv2.morphologyEx(mask[1:-1, 1:-1], cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    chest = ground[int(0.75 * height) :, int(0.35 * width) : int(0.65 * width)]
    face = ground[int(0.25 * height) : int(0.5 * height), int(0.42 * width) : int(0.58 * width)]
    share = float(np.mean(ground > 0))
    if not 0.08 < share < 0.85 or np.mean(chest > 0) > 0.05 or np.mean(face > 0) > 0.05:
        return None
    soft = cv2.GaussianBlur(ground, (0, 0), 1.2).astype(np.float32) / 255
    return np.asarray(1 - soft, np.float32)


def _flood(
    lab: Colour, mask: Colour, seed: tuple[int, int], step: tuple[int, ...], flags: int
) -> None:
    if not mask[seed[1] + 1, seed[0] + 1]:
        cv2.floodFill(lab, mask, seed, 0, step, step, flags)


def replace_ground(photo: Colour, alpha: NDArray[np.float32], ground: Colour) -> Colour:
    """The sitter over another ground (H x W x 3), mixed in linear light without spill.

    In the soft rim the old ground's colour is taken out: F = (C - (1 - a) G) / a.
    """
    old = _linear(photo)
    back = alpha < 0.02
    spill = np.median(old[back], axis=0) if back.any() else np.ones(3, np.float32)
    a = alpha[..., None]
    front = np.where(a > 0.98, old, (old - (1 - a) * spill) / np.maximum(a, 0.15))
    mixed = np.clip(front, 0, 1) * a + _linear(ground) * (1 - a)
    return np.clip(np.rint(255 * np.clip(mixed, 0, 1) ** (1 / 2.2)), 0, 255).astype(np.uint8)


def painted_ground(rng: np.random.Generator, shape: tuple[int, int]) -> Colour:
    """A studio's painted cloth or a blurred room, H x W x 3, of any hue, seldom saturated."""
    size = 0.5 * max(shape)
    base = rng.uniform(25, 230)
    luma = base + rng.uniform(5, 30) * cloud(rng, shape, size) + 4 * cloud(rng, shape, size / 6)
    hue, depth = rng.uniform(0, 2 * np.pi), 30 * rng.random() ** 2
    tint = depth * np.array([np.cos(hue), np.cos(hue - 2.1), np.cos(hue + 2.1)])
    vary = 1 + 0.4 * cloud(rng, shape, size)
    return np.clip(luma[..., None] + tint * vary[..., None], 0, 255).astype(np.uint8)


def _linear(photo: Colour) -> NDArray[np.float32]:
    return np.asarray((photo.astype(np.float32) / 255) ** np.float32(2.2), np.float32)
