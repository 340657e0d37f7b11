"""What stands out of its ground: of a wide mark on a damaged print, paper and cracks alone do."""

import cv2
import numpy as np
from numpy.typing import NDArray

MOST_PIXELS = 400_000  # of the copy that is looked at
WINDOWS = (3.0, 8.0, 20.0)  # times the width of a wide mark: the first that holds enough ground
ENOUGH = (0.15, 0.1, 0.0)  # of such a window unmarked
RIM = 5  # px round a mark that may still be its own
SIDE = 0.02  # of the ground on one side of its mean: less is no second tone
STANDS_OUT = 12.0  # levels from the nearer of the ground's two tones
Plane = NDArray[np.uint8]
Floats = NDArray[np.float32]


def standing_out(grey: Plane, margin: NDArray[np.int8], wide: float) -> NDArray[np.bool_]:
    """H x W, True for what is lighter than the unmarked picture beside it, or darker and thin.

    Sound ground beside a mark has up to two tones, a coat's and a wall's: what is near to one of
    them is that coat or wall. What is dark and at least `wide` px wide is a trunk, a table's leg.
    `grey` (levels 0..255) and `margin` (tenths of a logit above the cut) are H x W.
    """
    scale = min(1.0, (MOST_PIXELS / grey.size) ** 0.5)
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    ground = cv2.dilate((margin > 0).astype(np.uint8), np.ones((RIM, RIM), np.uint8)) == 0
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    sound = cv2.resize(ground.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    off = _from_ground(small, sound, wide * scale)
    light = cv2.medianBlur((off > STANDS_OUT).astype(np.uint8), 5)
    dark = cv2.medianBlur((off < -STANDS_OUT).astype(np.uint8), 5)
    found = cv2.dilate(light | _thin(dark, wide * scale), np.ones((5, 5), np.uint8))
    return np.asarray(cv2.resize(found, grey.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0)


def _from_ground(small: Plane, sound: Floats, wide: float) -> Floats:
    """Levels above the nearer of the two tones beside each pixel."""
    level = cv2.blur(small, (3, 3)).astype(np.float32)
    answer = np.zeros(small.shape, np.float32)
    known = np.zeros(small.shape, bool)
    for times, least in zip(WINDOWS, ENOUGH, strict=True):
        share, lower, upper = _tones(small.astype(np.float32), sound, int(times * wide) | 1)
        nearer = np.where(np.abs(level - lower) < np.abs(level - upper), lower, upper)
        new = ~known & (share >= least)
        answer[new] = (level - nearer)[new]
        known |= new
    return answer


def _tones(level: Floats, sound: Floats, side: int) -> tuple[Floats, Floats, Floats]:
    """(share of sound ground, mean of its darker and of its lighter half) in a square window."""
    share, mean = _mean(level, sound, side)
    low = np.where(level <= mean, sound, np.float32(0))
    halves = (_mean(level, half, side) for half in (low, sound - low))
    lower, upper = (np.where(part > SIDE * share, tone, mean) for part, tone in halves)
    return share, lower, upper


def _mean(level: Floats, weight: Floats, side: int) -> tuple[Floats, Floats]:
    share = cv2.blur(weight, (side, side))
    total = cv2.blur(level * weight, (side, side))
    return np.asarray(share, np.float32), np.asarray(total / np.maximum(share, 1e-4), np.float32)


def _thin(dark: Plane, wide: float) -> Plane:
    """Without what a circle of `wide` px fits into."""
    side = max(3, round(wide))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    core = cv2.morphologyEx(dark, cv2.MORPH_OPEN, kernel)
    return np.asarray(dark & (cv2.dilate(core, np.ones((5, 5), np.uint8)) == 0), np.uint8)
