"""What encoders leave in a picture, and nobody sees, goes from a study's copies. Pure.

Our own outputs keep the sound ground, or the luma, to the bit. A rival that kept it too, but came
as 16 bits, as RGB of a grey photo or by a fine JPEG, is off by a level here and there: too little
for an eye, enough for a script that lays a copy over the original. So where an output kept what it
was given but for such rounding, its copy has the photo's own values. What it changed stays: by
more than that it is told apart by its pixels, as any candidate is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from evaluation.stimuli import fitting
from evaluation.stimuli.fitting import STEPS, Margins, Picture

Key = TypeVar("Key")
KEEPS = 0.02  # the share of the ground off by more than STEPS up to which an encoder was at work
STRAYS = 2 * STEPS  # levels that a few pixels of it may be off by
TINT = 5.0  # levels: an encoder's chroma of a grey picture stays below


def settled(
    outputs: Mapping[Key, Picture],
    *,
    original: Key,
    lacks: Margins,
    hole: NDArray[np.generic] | None,
    coloured: bool,
) -> dict[Key, Picture]:
    """All outputs of one photo (H x W (x 3), uint8 or uint16) as they are copied.

    Less the margins that one of them lacks, since a repeated border would name it. `hole` (H x W,
    not 0) is what fillers were to change; None leaves every value as it is, but for `coloured`,
    whose outputs keep the luma of the whole photo. `original` is the key of the damaged photo.
    """
    shown = {key: fitting.without(pixels, lacks) for key, pixels in outputs.items()}
    photo = shown[original]
    if coloured:
        return {key: pixels if key == original else _luma_kept(pixels, photo)
                for key, pixels in shown.items()}  # fmt: skip
    if hole is None:
        return shown
    sound = fitting.sound_ground(photo.shape[:2], fitting.without(hole, lacks))
    return {key: pixels if key == original else _ground_kept(pixels, photo, sound)
            for key, pixels in shown.items()}  # fmt: skip


def _ground_kept(output: Picture, photo: Picture, sound: NDArray[np.bool_]) -> Picture:
    if fitting.is_grey(photo) and fitting.is_grey(output, TINT):
        output = _one_channel(output)
    old, new = fitting.rgb(photo), fitting.rgb(output)
    off = np.abs(old.astype(np.int16) - new).max(axis=2)
    if not _kept(off <= STEPS, sound):
        return output
    return np.where(((off <= STRAYS) & sound)[..., None], old, new)


def _one_channel(picture: Picture) -> Picture:
    """A grey picture of three channels, which need not agree to the level."""
    if picture.ndim == 2:
        return picture
    return np.rint(fitting.luma(picture)).astype(np.uint8)


def _luma_kept(output: Picture, photo: Picture) -> Picture:
    """The colours of `output` on the luma of the photo, where they stand on it already."""
    drift = fitting.luma(photo) - fitting.luma(output)
    off: NDArray[Any] = np.abs(drift)
    if not _kept(off <= STEPS, np.ones(off.shape, bool)):
        return output
    new = fitting.rgb(output)
    moved = np.clip(np.rint(new + drift[..., None]), 0, 255).astype(np.uint8)
    return np.where((off <= STRAYS)[..., None], moved, new)


def _kept(near: NDArray[np.bool_], ground: NDArray[np.bool_]) -> bool:
    return bool(ground.any()) and float((~near[ground]).mean()) <= KEEPS
