"""Connected parts of a mask, and what it takes to meet one."""

import cv2
import numpy as np
from numpy.typing import NDArray

from photos.masks.arrays import Array, Plane


def components(plane: Array) -> tuple[int, NDArray[np.int32]]:
    """(n, H x W labels 0..n) of the 8-connected components."""
    count, labels = cv2.connectedComponents((np.asarray(plane) != 0).astype(np.uint8), None, 8)
    return count - 1, np.asarray(labels, np.int32)


def met_components(
    judged: Plane, count: int, labels: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """(pixels, met) of the `count` components: half of a met one lies within 2 px of `judged`."""
    pixels = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    near = np.bincount(labels[grown(judged, 2.0)], minlength=count + 1)[1:]
    return pixels, 2 * near >= pixels


def grown(plane: Plane, reach: float) -> Plane:
    """Dilated by a disc of `reach` px."""
    side = np.arange(-int(reach), int(reach) + 1)
    disc = (side[:, None] ** 2 + side[None, :] ** 2 <= reach * reach).astype(np.uint8)
    return np.asarray(cv2.dilate(plane.astype(np.uint8), disc), np.bool_)
