"""Portraits with plain grounds: key the ground out, put another one behind."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .noise import cloud

Colour = NDArray[np.uint8]


def key_ground(photo: Colour) -> NDArray[np.float32] | None:
    """Alpha of the sitter, H x W in 0..1, of a photo before a plain ground; None without one.

    Flood fill from the upper borders in Lab with a small step, so that a soft studio gradient
    is followed. Rejected unless one piece is left that reaches the bottom and fills the places
    of face and chest.
    """
    height, width = photo.shape[:2]
    scale = min(1.0, 260 / max(height, width))
    small = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ground = _flood_ground(cv2.bilateralFilter(small, 5, 12, 5))
    if not _is_sitter(ground == 0):
        return None
    # the rim is moved half a small pixel into the sitter: better lose a hair than keep a halo
    soft = cv2.resize(ground, (width, height), interpolation=cv2.INTER_LINEAR)
    soft = cv2.GaussianBlur(soft, (0, 0), 1.0).astype(np.float32) / 255
    return np.asarray(1 - np.clip(1.25 * soft, 0, 1), np.float32)


def _flood_ground(photo: Colour) -> NDArray[np.uint8]:
    """255 where the ground is connected to the top or the upper sides by small steps."""
    height, width = photo.shape[:2]
    lab = cv2.cvtColor(photo, cv2.COLOR_RGB2LAB)
    mask = np.zeros((height + 2, width + 2), np.uint8)
    for x in range(2, width - 2, max(1, width // 24)):
        _flood(lab, mask, (x, 1))
    for y in range(2, height // 2, max(1, height // 24)):
        _flood(lab, mask, (1, y))
        _flood(lab, mask, (width - 2, y))
    closed = cv2.morphologyEx(mask[1:-1, 1:-1], cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    return np.asarray(closed, np.uint8)


def _is_sitter(front: NDArray[np.bool_]) -> bool:
    height, width = front.shape
    count, _, stats, _ = cv2.connectedComponentsWithStats(front.astype(np.uint8))
    if count < 2 or not 0.15 < front.mean() < 0.92:
        return False
    largest = stats[1:][np.argmax(stats[1:, cv2.CC_STAT_AREA])]
    bottom = largest[cv2.CC_STAT_TOP] + largest[cv2.CC_STAT_HEIGHT]
    chest = front[int(0.75 * height) :, int(0.35 * width) : int(0.65 * width)].mean()
    face = front[int(0.3 * height) : int(0.5 * height), int(0.42 * width) : int(0.58 * width)]
    whole = largest[cv2.CC_STAT_AREA] > 0.98 * front.sum() and bottom >= height - 1
    return bool(whole and chest > 0.95 and face.mean() > 0.95)


def _flood(lab: Colour, mask: Colour, seed: tuple[int, int]) -> None:
    if not mask[seed[1] + 1, seed[0] + 1]:
        flags = 4 | cv2.FLOODFILL_MASK_ONLY | (255 << 8)
        cv2.floodFill(lab, mask, seed, 0, (2, 2, 2), (2, 2, 2), flags)


def replace_ground(photo: Colour, alpha: NDArray[np.floating], ground: Colour) -> Colour:
    """The sitter over another ground (H x W x 3), mixed in linear light without spill.

    In the soft rim the old ground's colour is taken out: F = (C - (1 - a) G) / a.
    """
    old = _linear(photo)
    back = alpha < 0.02
    spill = np.median(old[back], axis=0) if back.any() else np.ones(3, np.float32)
    a = alpha[..., None]
    front = np.where(a > 0.98, old, (old - (1 - a) * spill) / np.maximum(a, 0.15))
    mixed = np.clip(front, 0, 1) * a + _linear(ground) * (1 - a)
    levels = np.rint(255 * np.clip(mixed, 0, 1) ** (1 / 2.2))
    return np.asarray(levels, np.uint8)


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
