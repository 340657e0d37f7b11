"""What a probe measures: any function that says how far each pixel is from being marked."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Plane = NDArray[np.float32]
Marker = Callable[[Bytes], NDArray[np.floating]]
"""Luma H x W (uint8) to margins H x W: logits above (marked) or below the default cut.

0 is the default cut of whatever is measured, so that one number moves the cuts of all its classes
together: a pixel is marked at cut c where its margin is above c.
"""
DEFAULT_CUT = 0.0
REACH = 1  # px: a line that is marked beside itself by a pixel is found


def margins(score: NDArray[np.floating]) -> Plane:
    """Scores in 0..1 whose default cut is 0.5, as logits above it."""
    sure = np.clip(np.asarray(score, np.float64), 1e-9, 1 - 1e-9)
    return np.asarray(np.log(sure) - np.log1p(-sure), np.float32)


def reached(margin: NDArray[np.floating], reach: int = REACH) -> Plane:
    """H x W: the highest margin within `reach` px (a square), so that above c means found at c."""
    box = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    return np.asarray(cv2.dilate(np.asarray(margin, np.float32), box), np.float32)
