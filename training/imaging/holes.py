"""How large a hole is: the one definition that training records and the engine guards."""

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
    """The size of every 8-connected component, in the order of cv2.connectedComponents."""
    hole = (mask != 0).astype(np.uint8)
    if hole.size and hole.all():
        return [float("inf")]
    count, labels = cv2.connectedComponents(hole, connectivity=8)
    largest = np.zeros(count)
    np.maximum.at(largest, labels[hole > 0], distances(hole)[hole > 0])
    return [float(2 * radius) for radius in largest[1:]]


def distances(mask: NDArray[np.generic]) -> NDArray[np.float32]:
    """Euclidean distance of every hole pixel to the nearest valid pixel; 0 outside the hole."""
    hole = (mask != 0).astype(np.uint8)
    plane = cv2.distanceTransform(hole, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(plane, np.float32)
