"""Where a print lies on the scanner's bed: a proposal to straighten and crop, or none. Pure."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from photos.decoding.scanner.frames import Frame

RIM = 0.02  # of the sides: what the bed is read from
LEAST, MOST = 0.15, 0.985  # of the scan, that a print covers
FULL = 0.94  # of its rectangle, that a print fills
STEEPEST = 15.0  # degrees: beyond it nobody laid a print
APART = 12.0  # levels of 255 by which the print differs from the bed at least
STRAIGHT = 0.1  # degrees that nobody sees: no pixel is mixed for them


def proposed(small: NDArray[np.generic]) -> Frame | None:
    """The frame of the print on a reduced scan, h x w or h x w x 3 of 8 or 16 bits; None where
    no single rectangle stands out from an even bed."""
    top = 65535 if small.dtype == np.uint16 else 255
    planes = small.reshape(*small.shape[:2], -1).astype(np.float32) * (255 / top)
    height, width = planes.shape[:2]
    if min(height, width) < 50:
        return None
    rim = np.ones((height, width), bool)
    margin = max(1, round(RIM * min(height, width)))
    rim[margin:-margin, margin:-margin] = False
    bed = np.median(planes[rim], axis=0)
    away = np.abs(planes - bed).max(axis=2)
    noise = 1.4826 * float(np.median(away[rim]))
    kernel = np.ones((5, 5), np.uint8)
    apart = (cv2.blur(away, (3, 3)) > max(APART, 4 * noise)).astype(np.uint8)
    apart = np.asarray(cv2.morphologyEx(apart, cv2.MORPH_OPEN, kernel), np.uint8)
    return _frame_of(apart)


def _frame_of(apart: NDArray[np.uint8]) -> Frame | None:
    height, width = apart.shape
    outlines, _ = cv2.findContours(apart, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    largest = max(outlines, key=cv2.contourArea)
    (x, y), (wide, high), angle = cv2.minAreaRect(largest)
    if abs(angle) > 45:  # releases of OpenCV name a rectangle's sides differently
        angle, wide, high = angle - math.copysign(90, angle), high, wide
    area = wide * high
    fits = LEAST <= area / apart.size <= MOST and abs(angle) <= STEEPEST
    if not fits or cv2.contourArea(largest) < FULL * area:
        return None
    middle_x, middle_y = (x + 0.5) / width, (y + 0.5) / height
    wide, high = (wide + 1) / width, (high + 1) / height
    return Frame(angle, middle_x - wide / 2, middle_y - high / 2, wide, high)
