"""Marks that run round a hole and leave its flat middle out are closed before filling."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.pixels import Picture, luma

GAP = 3  # px: breaks in the ring that are overlooked
FLAT = 9.0  # levels: the largest standard deviation of flat ground
ALIKE, APART = 14.0, 20.0  # levels: to the marks' own brightness; to the ground outside
OUTSIDE = 8  # px of ground outside that the middle is compared with
LARGEST = 1 / 3  # of the picture's shorter side


def closed(image: Picture, marks: NDArray[np.generic]) -> NDArray[np.bool_]:
    """The H x W pixels that marks enclose, flat, of the marks' own brightness and of another
    than the ground outside; True there alone."""
    marked = (marks != 0).astype(np.uint8)
    ring = cv2.dilate(marked, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (GAP, GAP)))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(1 - ring, connectivity=4)
    answer = np.zeros(marked.shape, bool)
    most = LARGEST * min(marked.shape)
    for label in range(1, count):
        left, top, wide, tall = (int(value) for value in stats[label, :4])
        if max(wide, tall) <= most and _inside(left, top, wide, tall, marked.shape):
            window = _window(left, top, wide, tall)
            middle = labels[window] == label
            if _is_hole(luma(image[window]) * 255, middle, marked[window] > 0):
                kernel = np.ones((GAP, GAP), np.uint8)
                answer[window] |= cv2.dilate(middle.astype(np.uint8), kernel) > 0
    return np.asarray(answer & (marked == 0))


def _inside(left: int, top: int, wide: int, tall: int, shape: tuple[int, ...]) -> bool:
    return left > 0 and top > 0 and left + wide < shape[1] and top + tall < shape[0]


def _window(left: int, top: int, wide: int, tall: int) -> tuple[slice, slice]:
    reach = 2 * OUTSIDE
    return (
        slice(max(0, top - reach), top + tall + reach),
        slice(max(0, left - reach), left + wide + reach),
    )


def _is_hole(
    plane: NDArray[np.float32], middle: NDArray[np.bool_], marked: NDArray[np.bool_]
) -> bool:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * GAP + 3, 2 * GAP + 3))
    near = cv2.dilate(middle.astype(np.uint8), kernel) > 0
    own = plane[near & marked]
    ring = cv2.dilate((near | marked).astype(np.uint8), np.ones((2 * OUTSIDE + 1,) * 2, np.uint8))
    outside = plane[(ring > 0) & ~near & ~marked]
    if not len(own) or not len(outside) or float(plane[middle].std()) > FLAT:
        return False
    level = float(np.median(plane[middle]))
    alike = abs(level - float(np.median(own))) <= ALIKE
    return alike and abs(level - float(np.median(outside))) >= APART
