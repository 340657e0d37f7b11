"""How far above the cut the finder is: the scale on which the guards demand more.

A margin is logit(p) - logit(cut) of the surest class, in tenths, as int8: 0 is the cut, 10 is
one logit above. It is calibrated probability alone, so another network needs no other guards.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from photos.masks.classes import BITS
from training.imaging.adaptive_cut import CutRule
from training.imaging.border import without_edge_marks

TENTHS = 10
IN_DOUBT = -20  # tenths of a logit: what lies above is at least in doubt
CLEARED = -100  # tenths of a logit: what is no mark, and no doubt either


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


def off_the_rim(marks: Marks) -> Marks:
    """The marks and doubts without those that never leave the scan's outer rim, which no cut
    brings back."""
    bits = without_edge_marks(marks.bits)
    near = marks.margin > IN_DOUBT
    alone = near & (without_edge_marks(near.astype(np.uint8)) == 0)
    margin = np.where(alone | (bits != marks.bits), np.int8(CLEARED), marks.margin)
    return replace(marks, bits=np.where(alone, np.uint8(0), bits), margin=margin)


def given_way(marks: Marks, rule: CutRule, above: float = 0.0) -> tuple[Marks, float]:
    """(the marks at a cut that gives way to what is surely damaged, by how many logits it did).

    `above` is how far the cut of `marks` lies above the neutral strength's, in logits: the rule
    asks about the photograph, so it answers the same at every strength.
    """
    tenths = marks.margin.astype(np.int16)
    step = round(TENTHS * rule.shift(tenths / np.float32(TENTHS) + np.float32(above)))
    if not step:
        return marks, 0.0
    margin = np.clip(tenths + step, -127, 127).astype(np.int8)
    bits = np.where((marks.bits == 0) & (margin > 0), marks.surest, marks.bits)
    return off_the_rim(Marks(bits, margin, marks.surest)), step / TENTHS


def _logit(value: NDArray[np.floating] | np.float32) -> NDArray[np.float32]:
    p = np.clip(np.asarray(value, np.float32), 1e-6, 1 - 1e-6)
    return np.asarray(np.log(p / (1 - p)), np.float32)
