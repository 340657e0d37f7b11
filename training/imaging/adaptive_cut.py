"""A cut that follows the photograph.

A sound photograph wants a cut one to two logits stricter than a damaged print does. What tells
the two apart is how widely sure marks lie about: damage is everywhere on a print that has it,
while a network's mistakes keep to the few objects that deceive it, large as they may be. So the
picture is laid out in `GRID` x `GRID` cells, and where more than `SOUND` of them hold a sure
mark, the cut for the rest gives way, up to what the network's card allows where `WORN` do. No
cut ever gets stricter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.imaging.border import without_edge_marks

Pixels = NDArray[np.integer]
SURE = 1.0  # logits above the neutral cut
GRID = 12  # cells a side
HELD = 0.002  # of a cell's pixels sure: the cell holds a mark
SOUND, WORN = 0.15, 0.3  # share of cells that hold one
MOST = 3.0  # logits: no card may ask for more
KEY = "cut_gives_way"


@dataclass(frozen=True)
class CutRule:
    """At most how many logits the cut gives way; 0 is a cut for all photographs."""

    most: float = 0.0

    @classmethod
    def of(cls, card: dict[str, Any]) -> CutRule:
        """What a card allows: nothing, where it says nothing or no number of 0..`MOST`."""
        value = card.get(KEY, 0.0)
        sound = isinstance(value, int | float) and math.isfinite(value)
        return cls(min(max(float(value), 0.0), MOST) if sound else 0.0)

    def shift(self, margins: NDArray[np.floating]) -> float:
        """Logits, 0..`most`, for an H x W plane of logits above the neutral cut."""
        if not self.most or not margins.size:
            return 0.0
        sure = without_edge_marks((margins > SURE).astype(np.uint8)) > 0
        worn = (spread(sure) - SOUND) / (WORN - SOUND)
        return self.most * min(max(worn, 0.0), 1.0)

    def applied(self, margins: NDArray[np.floating]) -> NDArray[np.floating]:
        """The H x W plane of logits, moved by its own shift."""
        return margins + margins.dtype.type(self.shift(margins))


def spread(marks: NDArray[np.bool_]) -> float:
    """The share, 0..1, of the cells of an H x W mask that hold a mark."""
    rows, columns = np.nonzero(marks)
    return holding(counted(rows, columns, marks.shape), marks.shape)


def counted(rows: Pixels, columns: Pixels, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """How many of the pixels at (row, column) each cell holds, `GRID` squared numbers.

    `shape` is the picture's, H x W.
    """
    cells = rows * GRID // shape[0] * GRID + columns * GRID // shape[1]
    return np.bincount(cells, minlength=GRID**2)


def holding(counts: NDArray[np.int64], shape: tuple[int, ...]) -> float:
    """The share, 0..1, of the cells with enough of what was `counted` in H x W px."""
    return float(np.mean(counts > HELD * shape[0] * shape[1] / GRID**2))


FIXED = CutRule()
"""One cut for all photographs."""
