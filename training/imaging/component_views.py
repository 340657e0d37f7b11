"""What the second look is shown of one component of a mask: two views of 128 px and ten figures.

The first view holds the whole component with what lies around it, the other the picture as it is
at the component's surest pixel. Both show luma, how sure the finder is, and the component.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from training.imaging.adaptive_cut import SURE, counted, holding

Bytes = NDArray[np.uint8]
Places = NDArray[np.integer]
SIDE = 128  # px of a view
AROUND, LEAST_AROUND = 1.6, 64  # of a component's longer side, and px: what the wide view spans
FIGURES = 10
LOWEST, STEPS = 40, 1.6  # margins from -4 logits on, in steps of a sixteenth of a logit


class Viewer:
    """The views of the components of one picture.

    `luma` is H x W uint8, `margin` H x W int8, tenths of a logit above the cut.
    """

    def __init__(self, luma: Bytes, margin: NDArray[np.int8]) -> None:
        self.luma, self.margin = luma, margin
        self.sure = round(10 * SURE)
        rows, columns = np.nonzero(margin > self.sure)
        self.counts = counted(rows, columns, margin.shape)
        self.marked = float((margin > 0).mean())

    def views(self, rows: Places, columns: Places) -> Bytes:
        """2 x 3 x SIDE x SIDE of the component whose pixels these are: wide and close view."""
        side = self._span(rows, columns)
        wide = self._window(rows, columns, _middle(rows), _middle(columns), side)
        way = cv2.INTER_AREA if side > SIDE else cv2.INTER_LINEAR
        best = int(np.argmax(self.margin[rows, columns]))
        close = self._window(rows, columns, int(rows[best]), int(columns[best]), SIDE)
        shrunk = [cv2.resize(plane, (SIDE, SIDE), interpolation=way) for plane in wide]
        return np.stack([np.stack(shrunk), np.stack(close)]).astype(np.uint8)

    def figures(self, rows: Places, columns: Places) -> NDArray[np.float32]:
        """FIGURES numbers of the component whose N pixels these are.

        Its size, how sure the finder is of it, and how damaged the rest is.
        """
        margins = self.margin[rows, columns]
        tall, wide = np.ptp(rows) + 1, np.ptp(columns) + 1
        long = float(max(tall, wide))
        own = counted(rows[margins > self.sure], columns[margins > self.sure], self.margin.shape)
        return np.array(
            [
                math.log(len(rows)),
                math.log(long),
                math.log(max(len(rows) / long, 0.5)),
                margins.mean() / 10,
                margins.max() / 10,
                math.log(self._span(rows, columns) / SIDE),
                holding(self.counts - own, self.margin.shape),
                math.log(self.marked + 1e-4),
                math.log(len(rows) / self.margin.size),
                len(rows) / float(tall * wide),
            ],
            np.float32,
        )

    def _span(self, rows: Places, columns: Places) -> int:
        """Px of the picture that the wide view spans."""
        long = int(max(np.ptp(rows), np.ptp(columns))) + 1
        return int(min(max(round(AROUND * long) + 8, LEAST_AROUND), 2 * max(self.luma.shape)))

    def _window(
        self, rows: Places, columns: Places, y: int, x: int, side: int
    ) -> tuple[Bytes, Bytes, Bytes]:
        top, left = y - side // 2, x - side // 2
        luma = _cut(self.luma, top, left, side, cv2.BORDER_REPLICATE)
        tenths = _cut(self.margin, top, left, side, cv2.BORDER_CONSTANT).astype(np.int16)
        coded = np.clip((tenths + LOWEST) * STEPS, 0, 255).astype(np.uint8)
        mask = np.zeros((side, side), np.uint8)
        here = (rows >= top) & (rows < top + side) & (columns >= left) & (columns < left + side)
        mask[rows[here] - top, columns[here] - left] = 255
        return luma, coded, mask


def _middle(places: Places) -> int:
    return (int(places.min()) + int(places.max()) + 1) // 2


def _cut(plane: NDArray[np.generic], top: int, left: int, side: int, border: int) -> Bytes:
    """A square of a plane; outside of it the nearest levels, or the surest "nothing here"."""
    height, width = plane.shape
    part = plane[max(0, top) : max(0, top + side), max(0, left) : max(0, left + side)]
    before, after = (max(0, -top), max(0, -left)), (top + side - height, left + side - width)
    sides = (before[0], max(0, after[0]), before[1], max(0, after[1]))
    if any(sides):
        part = cv2.copyMakeBorder(part, *sides, border, value=-127)
    return np.asarray(part)
