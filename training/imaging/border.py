"""The outer rim of a scan: what runs along it is the scanner's or the print's edge, not damage."""

import cv2
import numpy as np
from numpy.typing import NDArray

RIM = 4  # px


def without_edge_marks(bits: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The H x W marks (0 = sound) without those that never leave the outer rim; a new array.

    A tear that begins at the edge stays whole. Only the rim is labelled, side by side, so that
    memory does not grow with the picture.
    """
    kept = bits.copy()
    for turn in range(4):
        _clear_top(np.rot90(kept, turn))
    return kept


def _clear_top(bits: NDArray[np.uint8]) -> None:
    """Clear, in place, what lies along the top alone; a corner's mark runs along two sides."""
    strip = bits[: RIM + 1]
    if strip.shape[0] <= RIM or bits.shape[1] <= 2 * RIM:
        return
    _, labels = cv2.connectedComponents((strip > 0).astype(np.uint8), connectivity=8)
    inside = np.unique(labels[RIM, RIM:-RIM])
    alone = (labels > 0) & ~np.isin(labels, inside)
    alone[RIM] = False
    strip[alone] = 0


def inner(plane: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The H x W plane with its rim False: where false marks count."""
    answer = np.zeros_like(plane)
    answer[RIM:-RIM, RIM:-RIM] = plane[RIM:-RIM, RIM:-RIM]
    return answer
