"""How far above the cut the finder is: the scale on which the guards demand more.

A margin is logit(p) - logit(cut) of the surest class, in tenths, as int8: 0 is the cut, 10 is
one logit above. It is calibrated probability alone, so another network needs no other guards.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photos.masks.classes import BITS

TENTHS = 10


@dataclass(frozen=True)
class Marks:
    """What the finder said of an H x W picture."""

    bits: NDArray[np.uint8]
    """Class bits above the cut."""
    margin: NDArray[np.int8]
    """Tenths of a logit above the cut, of the surest class; -127..127."""
    surest: NDArray[np.uint8]
    """The bit of that class."""


def margins(
    probabilities: NDArray[np.floating], cuts: Sequence[float]
) -> tuple[NDArray[np.int8], NDArray[np.uint8]]:
    """(margin, surest) of h x w x K probabilities; a cut of 0 or 1 counts as 1e-6 or 1 - 1e-6."""
    best = np.full(probabilities.shape[:2], -np.inf, np.float32)
    surest = np.zeros(best.shape, np.uint8)
    for k, (bit, cut) in enumerate(zip(BITS.values(), cuts, strict=True)):
        margin = _logit(probabilities[..., k]) - _logit(np.float32(cut))
        above = margin > best
        best[above] = margin[above]
        surest[above] = bit
    tenths = np.clip(np.rint(best * TENTHS), -127, 127).astype(np.int8)
    return tenths, surest


def _logit(value: NDArray[np.floating] | np.float32) -> NDArray[np.float32]:
    p = np.clip(np.asarray(value, np.float32), 1e-6, 1 - 1e-6)
    return np.asarray(np.log(p / (1 - p)), np.float32)
