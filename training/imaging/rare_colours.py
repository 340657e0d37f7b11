"""How rare each colour is among photographs, to weigh a colour loss by it.

Zhang, Isola and Efros, "Colorful Image Colorization", 2016 (arXiv:1603.08511, eq. 4): most of
the world is nearly grey, and a plain loss learns that alone. Here on a grid over Cb and Cr.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

CELL = 8  # levels of Cb and of Cr
SMOOTHED = 1.25  # cells: deviation of the Gaussian over the counts (Zhang: 5 of their grid of 10)
UNIFORM = 0.5  # share of a uniform distribution mixed in, as published

Table = NDArray[np.float32]


def rarity(chroma: Iterable[NDArray[np.uint8]]) -> Table:
    """Weights 32 x 32 by (Cb, Cr) cell from N x 2 or H x W x 2 arrays of levels 0..255.

    The mean weight over the given pixels is 1. Raises ValueError where there are none.
    """
    counts = np.zeros((256 // CELL, 256 // CELL), np.float64)
    for pixels in chroma:
        cells = pixels.reshape(-1, 2) // CELL
        np.add.at(counts, (cells[:, 0], cells[:, 1]), 1)
    if not counts.sum():
        raise ValueError("no pixels to count colours of")
    share = counts / counts.sum()
    smooth = cv2.GaussianBlur(share, (0, 0), SMOOTHED, borderType=cv2.BORDER_REPLICATE)
    met = int(np.count_nonzero(counts))
    weights = 1 / ((1 - UNIFORM) * smooth / smooth.sum() + UNIFORM / met)
    return np.asarray(weights / (weights * share).sum(), np.float32)
