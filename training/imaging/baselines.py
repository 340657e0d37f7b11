"""The one list of fills that learn nothing: what a network is measured against everywhere.

The loop that trains, the reports of `training.measuring` and the yardsticks of a study call these
and no other; the names are those of `training.models.ModelVersion.Builtin`.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
RADIUS = 3  # px around a pixel that OpenCV's two methods look at


def telea(rgb: Bytes, hole: Bytes) -> Bytes:
    """OpenCV's fast marching fill (Telea 2004): H x W x 3 with the pixels filled where `hole`,
    H x W, is not 0."""
    return np.asarray(cv2.inpaint(rgb, hole, RADIUS, cv2.INPAINT_TELEA), np.uint8)


def navier_stokes(rgb: Bytes, hole: Bytes) -> Bytes:
    """OpenCV's fluid fill (Bertalmio et al. 2001), with shapes as `telea` has them."""
    return np.asarray(cv2.inpaint(rgb, hole, RADIUS, cv2.INPAINT_NS), np.uint8)


FILLS: dict[str, Callable[[Bytes, Bytes], Bytes]] = {
    "telea": telea,
    "navier_stokes": navier_stokes,
}
