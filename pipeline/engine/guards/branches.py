"""Bare trees and stitched seams: line-like marks that damage does not draw.

A crack's net has meshes, a dark branching mark without them is a tree or a plant; dendrites and
flaking emulsion are light. A scratch is not interrupted at even steps, a seam or a perforation is.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.components import Component

LEAST_AREA, LEAST_LENGTH = 150, 40.0  # px
TIMES = 3.0  # its lines together, of its length: a lone line has 1, a fork 1.5
MESHES = 2.0  # times its area enclosed: more is a net of cracks
DARKER = 6.0  # levels, than the ground beside it
SLIM = 0.12  # of a seam's length
STEPS = (4, 40)  # px, of a seam
AGAIN, TWICE = 0.5, 0.3  # correlation of a seam with itself one and two steps on
Plane = NDArray[np.uint8]


def is_tree(mark: Component, grey: Plane) -> bool:
    """Is a dark mark a tree of many branches, without meshes?

    `grey` is the H x W picture, levels 0..255, that the mark lies in.
    """
    top, left, bottom, right = mark.box
    if mark.area < LEAST_AREA or mark.shape.width < 0.2 * mark.shape.length:
        return False
    plane = np.zeros((bottom - top + 2, right - left + 2), np.uint8)
    plane[mark.rows - top + 1, mark.columns - left + 1] = 1
    depth = cv2.distanceTransform(plane, cv2.DIST_L2, 3)
    width = max(1.0, 4 * float(depth[plane > 0].mean()) - 1)  # of a line a quarter is mean depth
    if mark.area / width < TIMES * mark.shape.length:
        return False
    outer, _ = cv2.findContours(plane, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    whole = cv2.drawContours(np.zeros_like(plane), outer, -1, 1, cv2.FILLED)
    meshes = float(np.count_nonzero(whole)) - mark.area
    return meshes < MESHES * mark.area and _is_dark(mark, plane, grey)


def _is_dark(mark: Component, plane: Plane, grey: Plane) -> bool:
    top, left, bottom, right = mark.box
    part = grey[top:bottom, left:right]
    beside = (cv2.dilate(plane, np.ones((9, 9), np.uint8)) - plane)[1:-1, 1:-1] > 0
    inside = float(grey[mark.rows, mark.columns].mean())
    return bool(beside.any() and inside < float(part[beside].mean()) - DARKER)


def is_seam(mark: Component, grey: Plane) -> bool:
    """Is a straight line in the picture interrupted at even steps?

    `grey` is the H x W picture, levels 0..255, that the mark lies in.
    """
    shape = mark.shape
    if shape.length < LEAST_LENGTH or shape.width > max(8.0, SLIM * shape.length):
        return False
    along = _along(mark, grey)
    along -= cv2.blur(along[None], (2 * STEPS[1] + 1, 1))[0]
    strength = float(along @ along)
    if strength < 4 * len(along):  # below 2 levels there are no stitches
        return False
    most = min(STEPS[1], len(along) // 4)
    again = np.array([along[k:] @ along[: len(along) - k] for k in range(2 * most + 2)])
    again *= len(along) / strength / (len(along) - np.arange(len(again)))
    inner = again[STEPS[0] : most + 1]
    peaks = (inner >= again[STEPS[0] - 1 : most]) & (inner >= again[STEPS[0] + 1 : most + 2])
    steps = np.flatnonzero(peaks & (inner > AGAIN)) + STEPS[0]
    return bool(any(again[2 * step] > TWICE for step in steps))


def _along(mark: Component, grey: Plane) -> NDArray[np.float32]:
    """Mean level across the line, px by px along it."""
    angle = mark.shape.angle
    u = np.array([np.cos(angle), np.sin(angle)])
    place = (mark.columns - mark.shape.x) * u[0] + (mark.rows - mark.shape.y) * u[1]
    slot = np.rint(place - place.min()).astype(int)
    count = np.bincount(slot)
    levels = np.bincount(slot, grey[mark.rows, mark.columns]) / np.maximum(count, 1)
    filled = np.interp(np.arange(len(count)), np.flatnonzero(count), levels[count > 0])
    return np.asarray(filled, np.float32)
