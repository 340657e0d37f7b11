"""How large a hole is: the one definition that training records and the engine guards."""

from dataclasses import dataclass

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
class Holes:
    """The 8-connected components of a mask by their pixels: a large scan has few of them.

    `rows`, `columns` and `component` (0-based, the order of cv2.connectedComponents) are one
    entry a hole pixel, in reading order; `sizes` one a component, as in `hole_size`.
    """

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    component: NDArray[np.int32]
    sizes: NDArray[np.float64]

    def pixels(self, components: list[int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """(rows, columns) of the pixels of these components together, two arrays of shape (N,)."""
        chosen = np.isin(self.component, components)
        return self.rows[chosen], self.columns[chosen]


def find_holes(mask: NDArray[np.generic]) -> Holes:
    """The components of an H x W mask, non-zero = hole."""
    hole = (mask != 0).astype(np.uint8)
    rows, columns = (places.astype(np.int32) for places in np.nonzero(hole))
    radius = distances(hole)[rows, columns]  # picked at once: whole planes of a scan are huge
    count, labels = cv2.connectedComponents(hole, connectivity=8)
    component = labels[rows, columns] - 1
    sizes = np.zeros(count - 1)
    np.maximum.at(sizes, component, 2.0 * radius)
    if hole.size and hole.all():
        sizes[:] = np.inf
    return Holes(rows, columns, component, sizes)


def distances(mask: NDArray[np.generic]) -> NDArray[np.float32]:
    """Euclidean distance of every hole pixel to the nearest valid pixel; 0 outside the hole."""
    hole = (mask != 0).astype(np.uint8)
    plane = cv2.distanceTransform(hole, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(plane, np.float32)
