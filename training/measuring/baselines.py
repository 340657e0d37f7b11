"""What needs no learning: the rivals that every network has to beat on the same pictures."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.filters import sato

from training.display_text import PARTS
from training.imaging import baselines
from training.imaging.fill import push_pull

Bytes = NDArray[np.uint8]
Scores = NDArray[np.float32]


def top_hat(luma: Bytes) -> Scores:
    """Height of anything thinner than 9 px above or below its surroundings; H x W in 0..1."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
    light = cv2.morphologyEx(luma, cv2.MORPH_TOPHAT, disc)
    dark = cv2.morphologyEx(luma, cv2.MORPH_BLACKHAT, disc)
    return np.asarray(np.maximum(light, dark) / np.float32(255), np.float32)


def sato_ridges(luma: Bytes) -> Scores:
    """Sato's ridge filter (1998) over sigma 1 to 3, light and dark lines; H x W, 0..1."""
    plane = luma.astype(np.float32) / 255
    strength = [sato(plane, sigmas=(1, 2, 3), black_ridges=dark) for dark in (False, True)]
    return np.asarray(np.clip(np.maximum(*strength) * 4, 0, 1), np.float32)


def pyramid(rgb: Bytes, hole: Bytes) -> Bytes:
    """Push-pull, the start that our own network corrects.

    `rgb` is H x W x 3 uint8, `hole` H x W, not 0 = hole.
    """
    filled = push_pull(rgb.astype(np.float32), hole != 0)
    return np.clip(np.rint(filled), 0, 255).astype(np.uint8)


DETECTORS: dict[str, Callable[[Bytes], Scores]] = {"top-hat": top_hat, "Sato": sato_ridges}
OPENCV = {PARTS[name]: fill for name, fill in baselines.FILLS.items()}
FILLS: dict[str, Callable[[Bytes, Bytes], Bytes]] = {
    **OPENCV,
    "push-pull": pyramid,
}
