"""Text that must stay: print, typewriter and ink, dark on paper, light on a plate, over a photo."""

from __future__ import annotations

import cv2
import numpy as np
from skimage import data

from training.imaging.colour import luma
from training.probes.canvas import FINE, Generator, Plane, grained, ground, painted, shown
from training.probes.harm.picture import HarmPicture

STYLES = {
    "print": cv2.FONT_HERSHEY_COMPLEX,
    "typewriter": cv2.FONT_HERSHEY_TRIPLEX,
    "ink": cv2.FONT_HERSHEY_SCRIPT_COMPLEX,
}
SIZES = (12, 18, 28, 44)  # px, of a capital letter
WORDS = ("No. 1274", "Anna & Elis", "Helsinki 1912", "Whitsun 1908", "Studio Lindh", "Inv. 55/b")
SHAPE = (384, 512)


def pictures(rng: Generator) -> list[HarmPicture]:
    """Each style dark on paper, light on a plate, and light over a photograph."""
    found = []
    for style in STYLES:
        for sign, paper, level in (("dark", 205, 35), ("light", 45, 225)):
            found.append(
                _written(rng, style, f"{sign} {style}", ground(rng, SHAPE, paper, 6), level)
            )
        street = np.asarray(luma(data.rocket()), np.float32)[:384, :512] * 0.7
        found.append(_written(rng, style, f"light {style} over a photo", street, 235))
    return found


def _written(rng: Generator, style: str, name: str, paper: Plane, level: float) -> HarmPicture:
    cover = np.zeros(SHAPE, np.float32)
    top = 14.0
    for size in SIZES:
        top += size
        words = "   ".join(rng.permutation(WORDS))
        cover = np.maximum(cover, letters(words, style, size, (14, top)))
        top += 0.9 * size + 8
    if style == "ink":  # a pen that runs dry and fills again
        cover *= np.clip(0.85 + 0.2 * _strokes(rng), 0.45, 1)
    picture = grained(rng, painted(paper, cover, level))
    return HarmPicture(f"text, {name}", picture, shown(cover), "text")


def letters(words: str, style: str, size: float, start: tuple[float, float]) -> Plane:
    """Coverage of SHAPE by one line of text, `size` px high, its baseline beginning at `start`."""
    fine = np.zeros((SHAPE[0] * FINE, SHAPE[1] * FINE), np.uint8)
    font, thick = STYLES[style], max(1, round(0.055 * size * FINE))
    scale = cv2.getFontScaleFromHeight(font, round(size * FINE), thick)
    x, y = (round(value * FINE) for value in start)
    pieces = list(words) if style == "typewriter" else [words]
    for i, piece in enumerate(pieces):
        at = (round(x + i * 0.95 * size * FINE), y)
        cv2.putText(fine, piece, at, font, scale, 255, thick, cv2.LINE_AA)
    small = cv2.resize(fine, SHAPE[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(small / np.float32(255), np.float32)


def _strokes(rng: Generator) -> Plane:
    noise = rng.normal(size=SHAPE).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(noise, (0, 0), 3) * 8, np.float32)
