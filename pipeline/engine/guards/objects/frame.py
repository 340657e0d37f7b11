"""The straight strip round a print: a scanner's black rim, its white bed, an album page.

It is no damage, whole or in pieces: filled in part it becomes dashes.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.certainty import CLEARED, Marks

DEEPEST = 0.06  # of the picture's extent across a side
ALIKE, MOSTLY, HARDLY = 16.0, 0.85, 0.2  # levels; share of a row inside the strip, and beyond it
SLANT = 0.015  # of a side's length, px that the strip's inner edge may climb; at least SOFT
SOFT = 3  # px
THIN = 4  # px: a rim so thin is blurred all through
OWN_TONE = 24.0  # levels from the strip's: a crack that runs into a print's margin is darker
SAMPLES = 600  # columns of a side that are looked at


def without_frame(grey: NDArray[np.uint8], marks: Marks) -> Marks:
    """The marks without what belongs to a strip along a side.

    `grey` is H x W, levels 0..255, of the size of the marks.
    """
    frame = np.zeros(grey.shape, bool)
    for turn in range(4):
        plane = np.rot90(grey, turn)
        inside = np.rot90(frame, turn)  # a view: what is set here is set in `frame`
        if (found := _strip(plane)) is not None:
            depth, tone = found
            rows = slice(0, depth + 2 if depth <= THIN else depth)
            own = np.abs(plane[rows].astype(np.float32) - tone) <= OWN_TONE
            inside[rows] |= own | (depth <= THIN)
    if not frame.any():
        return marks
    bits = np.where(frame, np.uint8(0), marks.bits)
    return replace(marks, bits=bits, margin=np.where(frame, np.int8(CLEARED), marks.margin))


def _strip(plane: NDArray[np.uint8]) -> tuple[int, float] | None:
    """(rows, tone in levels) of a strip along the top of H x W, or None.

    Nearly all of its rows' pixels have one tone, and a few rows further hardly any has.
    """
    height, width = plane.shape
    deepest = max(SOFT + 2, round(DEEPEST * height))
    if height < 4 * deepest or width < 4 * SOFT:
        return None
    rows = plane[:deepest, :: max(1, width // SAMPLES)].astype(np.float32)
    tone = float(np.median(rows[0]))
    alike = (np.abs(rows - tone) <= ALIKE).mean(axis=1)
    ends, beyond = (np.flatnonzero(places) for places in (alike < MOSTLY, alike <= HARDLY))
    if not len(ends) or not len(beyond) or ends[0] == 0:
        return None
    climb = int(beyond[0]) - int(ends[0])
    return (int(beyond[0]), tone) if climb <= max(SOFT, SLANT * width) else None
