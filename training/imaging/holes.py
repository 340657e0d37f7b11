"""How large a hole is: the one definition that training records and the engine guards."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray


def hole_size(mask: NDArray[np.generic]) -> float:
    """Twice the largest distance from a hole pixel to valid ground, in px.

    `mask` is H x W, non-zero = hole. 0 without a hole, infinite without a valid pixel. The
    picture's border is not valid ground: a band of 20 px along it has size 40.
    """
    return float(max(hole_sizes(mask), default=0.0))


def hole_sizes(mask: NDArray[np.generic]) -> list[float]:
    """The size of every 8-connected component, in the order of cv2.connectedComponents.

    `mask` is H x W, not 0 = hole; sizes are in px, as `hole_size` tells them.
    """
    return [float(size) for size in find_holes(mask).sizes]


@dataclass(frozen=True)
class Components:
    """The 8-connected components of a mask by their pixels: a large scan has few of them.

    `rows`, `columns` and `component` (from 0) are one entry a hole pixel, in reading order;
    `shape` is (H, W) of the mask.
    """

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    component: NDArray[np.int32]
    shape: tuple[int, int]

    @cached_property
    def boxes(self) -> NDArray[np.int64]:
        """4 x M: left, top, width, height of each component, px."""
        order, starts = self._sorted
        left, right = (
            reduce.reduceat(self.columns[order], starts) for reduce in (np.minimum, np.maximum)
        )
        top, bottom = (
            reduce.reduceat(self.rows[order], starts) for reduce in (np.minimum, np.maximum)
        )
        box = np.stack([left, top, right - left + 1, bottom - top + 1])
        return np.asarray(box, np.int64)

    @cached_property
    def centres(self) -> NDArray[np.float64]:
        """2 x M: mean column and row of each component."""
        area = np.bincount(self.component)
        sums = [np.bincount(self.component, at) for at in (self.columns, self.rows)]
        return np.asarray(np.stack(sums) / area)

    @cached_property
    def _sorted(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The pixels' order by component, and where each component starts in it."""
        order = np.argsort(self.component, kind="stable")
        starts = np.flatnonzero(np.diff(self.component[order], prepend=-1))
        return order, starts

    def chosen(self, components: Sequence[int]) -> "Components":
        """These components alone, numbered anew."""
        kept = np.isin(self.component, components)
        number = np.unique(self.component[kept], return_inverse=True)[1]
        return Components(self.rows[kept], self.columns[kept], number.astype(np.int32), self.shape)

    def pixels(self, components: list[int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """(rows, columns) of the pixels of these components together, two arrays of shape (N,)."""
        chosen = np.isin(self.component, components)
        return self.rows[chosen], self.columns[chosen]


@dataclass(frozen=True)
class Holes(Components):
    """Components in the order of cv2.connectedComponents with their `sizes`, as in `hole_size`;
    `depth` is each pixel's distance from valid ground, px."""

    depth: NDArray[np.float32]
    sizes: NDArray[np.float64]


def components_of(mask: NDArray[np.generic]) -> Components:
    """The components of an H x W mask, non-zero = hole."""
    hole = (mask != 0).astype(np.uint8)
    rows, columns = (places.astype(np.int32) for places in np.nonzero(hole))
    _, labels = cv2.connectedComponents(hole, connectivity=8)
    return Components(rows, columns, labels[rows, columns] - 1, hole.shape)


def find_holes(mask: NDArray[np.generic]) -> Holes:
    """The components of an H x W mask, non-zero = hole, with their sizes."""
    found = components_of(mask)
    depth = distances(mask)[found.rows, found.columns]  # whole planes of a scan are huge
    sizes = np.zeros(int(found.component.max(initial=-1)) + 1)
    np.maximum.at(sizes, found.component, 2.0 * depth)
    if found.rows.size and found.rows.size == mask.size:
        sizes[:] = np.inf
    return Holes(found.rows, found.columns, found.component, found.shape, depth, sizes)


def distances(mask: NDArray[np.generic]) -> NDArray[np.float32]:
    """Euclidean distance of every hole pixel to the nearest valid pixel; 0 outside the hole."""
    hole = (mask != 0).astype(np.uint8)
    plane = cv2.distanceTransform(hole, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(plane, np.float32)
