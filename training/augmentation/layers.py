"""One defect as a layer over the picture, and how layers become a picture and its labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from photos.masks.classes import FRACTURE, HOLE, IGNORE, SCUFF

from .noise import Plane

__all__ = ["FRACTURE", "HOLE", "IGNORE", "SCUFF", "Layer", "compose", "label"]


@dataclass(frozen=True)
class Layer:
    """H x W damage of one class.

    `cover` 0..1 is how much of the picture it replaces; `tone` is what shows instead, in
    levels. An additive layer adds `tone` times `cover` and hides nothing; a `shaded` one adds
    less to the dark, where film is dense. `relief` layers are drawn but never labelled: they are
    the print's own ground (mottle). Rims, rings and shadows of a defect belong to it.
    """

    bit: int
    cover: Plane
    tone: float | Plane
    additive: bool = False
    relief: bool = False
    shaded: bool = False


def compose(luma: Plane, layers: Sequence[Layer]) -> Plane:
    """The damaged H x W picture (float levels, clipped to 0..255)."""
    damaged = luma.astype(np.float32, copy=True)
    for layer in layers:
        change = layer.tone if layer.additive else layer.tone - damaged
        if layer.shaded:
            change = change * (0.25 + damaged * np.float32(1 / 130))
        damaged += layer.cover * change
    return np.clip(damaged, 0, 255)


def label(
    luma: Plane, damaged: Plane, layers: Sequence[Layer], *, noise: float = 0.0
) -> NDArray[np.uint8]:
    """Class bits of H x W for what an eye can find; what it cannot find is IGNORE.

    A pixel belongs to a defect above 40 % of the defect's local strength. It is visible where
    the smoothed change passes 2 levels and half of the picture's own fine texture and grain
    (`noise`, in levels); seen parts reach 2 px further, so that a line is not chopped up.
    """
    change = cv2.blur(np.abs(damaged - luma), (3, 3))
    bound = 2 + np.float32(0.5) * np.hypot(_texture(luma), np.float32(noise))
    seen = cv2.dilate((change > bound).astype(np.uint8), np.ones((5, 5), np.uint8))
    classes = np.zeros(luma.shape, np.uint8)
    for layer in layers:
        if not layer.relief:
            body = _body(layer.cover)
            classes[body & (seen > 0)] |= layer.bit
            classes[body & (seen == 0)] |= IGNORE
    classes[(classes & ~np.uint8(IGNORE)) > 0] &= ~np.uint8(IGNORE)
    return classes


def _body(cover: Plane) -> NDArray[np.bool_]:
    strength = cv2.dilate(cover, np.ones((7, 7), np.uint8))
    floor = max(0.02, 0.1 * float(cover.max()))  # far out, a soft edge is all below it
    return np.asarray((cover > 0.4 * strength) & (cover > floor))


def _texture(luma: Plane) -> Plane:
    """Local strength of detail finer than about 5 px; a lone edge counts little."""
    fine = np.abs(luma - cv2.blur(luma, (5, 5)))
    return np.asarray(cv2.blur(fine, (15, 15)) * np.float32(1.25))
