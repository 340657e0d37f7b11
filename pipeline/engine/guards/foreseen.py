"""What another strength would fill, as one small plane that a browser can cut by itself.

A value is four times a level, plus 0, 1, 2 for the class bit 1, 2, 4. The level is how far the
finder is above the cut of the strength it ran with, in steps of 0.2 logits from `MIDDLE` (the cut
itself) on; `NEVER` is what the guards leave at any strength, `ALWAYS` what is filled at any.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.certainty import Marks
from pipeline.engine.guards.deciding import IN_FACE, Guarded
from pipeline.engine.guards.faces import Face, face_zones
from pipeline.engine.guards.proposals import PERHAPS, unpacked

SIDE = 1600  # px: the long side at most
STEP = 2  # tenths of a logit
NEVER, LEAST, MIDDLE, MOST, ALWAYS = 0, 1, 32, 62, 63
Plane = NDArray[np.uint8]


def foreseen(marks: Marks, guarded: Guarded) -> Plane:
    """The plane of an H x W picture, its long side at most `SIDE`.

    Shrinking takes the surest pixel of a block. Faces demand `IN_FACE` logits more at every
    strength; what else the guards would say of marks that are not found yet is not foreseen.
    """
    tenths = marks.margin.astype(np.int16)
    tenths -= _demanded(guarded.faces, guarded.bits)
    level = np.clip(MIDDLE + np.floor_divide(tenths, STEP), LEAST, MOST).astype(np.uint8)
    level = np.where(guarded.bits == 0, np.minimum(level, MIDDLE - 1), level)
    level[_left(marks, guarded)] = NEVER
    return shrunk(_packed(level, marks.surest))


def _demanded(faces: Sequence[Face], bits: Plane) -> NDArray[np.int16]:
    """Tenths of a logit that marks in faces need beyond the cut, where nothing is filled yet."""
    if not faces:
        return np.zeros((1, 1), np.int16)
    inside, _ = face_zones(faces, *bits.shape)
    return np.where((inside > 0) & (bits == 0), np.int16(round(10 * IN_FACE)), np.int16(0))


def _left(marks: Marks, guarded: Guarded) -> NDArray[np.bool_]:
    """What is above the cut and not filled, and what is asked for another reason than doubt."""
    doubts = [each.number for each in guarded.proposals if each.reason == PERHAPS]
    asked = (guarded.labels > 0) & ~np.isin(guarded.labels, doubts)
    return np.asarray(asked | ((guarded.bits == 0) & (marks.margin > 0)))


def _packed(level: Plane, bits: Plane) -> Plane:
    return np.asarray((level << 2) | (bits >> 1).clip(0, 2), np.uint8)


def shrunk(plane: Plane, side: int = SIDE) -> Plane:
    """The largest value of each block, so that the long side is at most `side` px."""
    step = max(1, -(-max(plane.shape) // side))
    if step == 1:
        return plane
    height, width = plane.shape
    whole = np.pad(plane, ((0, -height % step), (0, -width % step)))
    # Whole planes against each other: a maximum along short axes takes ten times as long.
    across = np.maximum.reduce([whole[:, k::step] for k in range(step)])
    return np.asarray(np.maximum.reduce([across[k::step] for k in range(step)]), np.uint8)


def for_the_page(levels: Plane, asked: Plane, bits: Plane) -> NDArray[np.uint8]:
    """h x w x 3 for the result page: the plane, the number of the question, nothing.

    `levels` are of `foreseen`, `asked` and `bits` the H x W planes of a Guarding and of what is
    filled: marks that a rule or an answer added are filled at any strength.
    """
    filled = shrunk(_lowest(bits))
    below = (filled > 0) & (levels < MIDDLE << 2)
    always = _packed(np.full(levels.shape, ALWAYS, np.uint8), filled)
    kept = np.where(below, always, levels)
    numbers = shrunk(unpacked(asked)[0])
    return np.stack([kept, numbers, np.zeros_like(kept)], axis=-1)


def _lowest(bits: Plane) -> Plane:
    """The one class bit that is drawn: the lowest."""
    return np.asarray(bits & (~bits + np.uint8(1)), np.uint8)
