"""Wide marks: what a finder most easily takes for damage is a coat, a stripe, a lamp.

No look of an area alone tells a flake from a patch of cloth: on real prints and sound photographs
contrast, outline, grain and place overlap. Two things do. Bare paper and holes are flat, and the
finder is sure of them; and a picture that has lost pieces is damaged in many places. An area that
has neither is asked about.
"""

from collections.abc import Iterator, Sequence
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.components import Component

WIDE = 0.02  # of the picture's shorter side: the circle that fits into an area
LEAST_WIDE = 8.0  # px
CELLS = 12  # a side, of the grid in which places are counted
PLACE = 0.002  # of a cell surely damaged: the cell is one of the damaged places
SURE = 10  # tenths of a logit above the cut
SPREAD = 0.4  # of the cells damaged beside a mark; of sound pictures 95 in 100 have less than .2
FLAT, SMOOTH = 12.0, 8.0  # levels: standard deviation inside, and of its detail finer than FINE
FINE = 3.0  # px
CERTAIN = 2.5  # logits: mean inside the outermost pixel
OWN = 0.3  # of a mark that is wide: less is a crack with a wide place
MOST_PIXELS = 250_000  # of a box that is looked at
Plane = NDArray[np.uint8]


def not_holes(
    marks: Sequence[Component], grey: Plane, margin: NDArray[np.int8]
) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """(index, which of its pixels) of wide marks that are not plainly damage.

    `grey` and `margin` are H x W. Of a crack that widens only the wide place is named.
    """
    least = max(LEAST_WIDE, WIDE * min(grey.shape))
    wide = [k for k, mark in enumerate(marks) if _may_be_wide(mark, least)]
    places = _Places(margin) if wide else None
    for k in wide:
        wide_part = _wide_part(marks[k], least)
        if wide_part.any() and places and places.beside(marks[k].part(wide_part)) < SPREAD:
            asked = wide_part if wide_part.mean() < OWN else np.ones_like(wide_part)
            if not _is_hole(marks[k].part(asked), grey):
                yield k, asked


def _may_be_wide(mark: Component, least: float) -> bool:
    top, left, bottom, right = mark.box
    return mark.area >= 0.6 * least**2 and min(bottom - top, right - left) >= least - 1


def _wide_part(mark: Component, least: float) -> NDArray[np.bool_]:
    """Of its pixels those near enough to where the circle fits in."""
    plane, step = _plane(mark)
    depth = cv2.distanceTransform(plane, cv2.DIST_L2, 3)
    core = (2 * step * depth >= least).astype(np.uint8)
    if not core.any():
        return np.zeros(mark.area, bool)
    reach = ceil(least / step)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return np.asarray(_read(cv2.dilate(core, kernel), mark, step) > 0)


def _plane(mark: Component) -> tuple[Plane, int]:
    """(its box with a margin of one, each side a `step`-th, step)."""
    top, left, bottom, right = mark.box
    step = ceil(((bottom - top) * (right - left) / MOST_PIXELS) ** 0.5)
    plane = np.zeros((-(-(bottom - top) // step) + 2, -(-(right - left) // step) + 2), np.uint8)
    plane[(mark.rows - top) // step + 1, (mark.columns - left) // step + 1] = 1
    return plane, step


def _read(plane: Plane, mark: Component, step: int) -> NDArray[np.uint8]:
    top, left, _, _ = mark.box
    return plane[(mark.rows - top) // step + 1, (mark.columns - left) // step + 1]


def _is_hole(mark: Component, grey: Plane) -> bool:
    """Flat, without detail, and sure, all without its outermost pixel."""
    top, left, bottom, right = mark.box
    plane, step = _plane(mark)
    inner = _read(cv2.erode(plane, np.ones((3, 3), np.uint8)), mark, step) > 0
    if not inner.any() or mark.part(inner).certainty < CERTAIN:
        return False
    part = grey[top:bottom:step, left:right:step].astype(np.float32)
    detail = part - cv2.GaussianBlur(part, (0, 0), FINE)
    at = (mark.rows[inner] - top) // step, (mark.columns[inner] - left) // step
    return bool(part[at].std() < FLAT and detail[at].std() < SMOOTH)


class _Places:
    """In how many places of the picture the finder is sure."""

    def __init__(self, margin: NDArray[np.int8]) -> None:
        self.shape = margin.shape
        self.counts = self._counted(*np.nonzero(margin > SURE))

    def _counted(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.int64]:
        cells = rows * CELLS // self.shape[0] * CELLS + columns * CELLS // self.shape[1]
        return np.bincount(cells, minlength=CELLS**2)

    def beside(self, mark: Component) -> float:
        """The share of the grid's cells that are damaged without this mark."""
        sure = mark.margins > SURE
        own = self._counted(mark.rows[sure].astype(np.int64), mark.columns[sure].astype(np.int64))
        least = PLACE * self.shape[0] * self.shape[1] / CELLS**2
        return float((self.counts - own > least).mean())
