"""A picture as newspapers and books print it: dots on a screen, softened by the scan."""

import numpy as np

from .noise import Plane

PERIOD = (3.0, 6.0)  # px between dots
STRENGTH = (0.2, 0.7)  # of the full swing from ink to paper: what a coarse scan leaves of it
WAVE = np.cos(2 * np.pi * (np.arange(64) + 0.5) / 64)
HEIGHTS = np.sort(np.add.outer(WAVE, WAVE).ravel())  # of the hills, each as often as it comes
RANKS = np.linspace(0, 1, HEIGHTS.size)


def halftone(luma: Plane, rng: np.random.Generator) -> Plane:
    """H x W levels (0..255) through a soft dot screen at any angle, 3 to 6 px between dots.

    Dots grow with the darkness so that flat tones keep their mean; black and white stay whole.
    """
    tone = np.clip(luma, 0, 255) / 255
    printed = np.clip(_reached(tone) - _screen(luma.shape, rng) + 0.5, 0, 1)
    return np.asarray(255 * (tone + rng.uniform(*STRENGTH) * (printed - tone)), np.float32)


def _screen(shape: tuple[int, ...], rng: np.random.Generator) -> Plane:
    """H x W of evenly spread heights 0..1: hills on a square lattice, turned and moved."""
    angle, pace = rng.uniform(0, np.pi / 2), 2 * np.pi / rng.uniform(*PERIOD)
    ys, xs = pace * np.arange(shape[0])[:, None], pace * np.arange(shape[1])
    cosine, sine = np.cos(angle), np.sin(angle)
    first, other = rng.uniform(0, 2 * np.pi, 2)
    hills = np.cos(xs * cosine + ys * sine + first) + np.cos(ys * cosine - xs * sine + other)
    return np.asarray(np.interp(hills, HEIGHTS, RANKS))


def _reached(tone: Plane) -> Plane:
    """The height at which a dot's soft edge lies, so that its mean is the tone (0..1): beyond
    0 and 1 near black and white, where the screen cuts a part of the edge off."""
    low, high = np.sqrt(2 * tone) - 0.5, 1.5 - np.sqrt(2 - 2 * tone)
    return np.where(tone < 0.5, low, high)
