"""Bare trees: a crack's net has meshes; dendrites and flaking emulsion are light, without trunk."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.components import Component, darkness

LEAST_AREA = 150  # px
TIMES = 3.0  # its lines together, of its length: a lone line has 1, a fork 1.5
MESHES = 2.0  # times its area enclosed: more is a net of cracks
TAPERS = -0.45  # correlation of thickness with the way from the trunk; of nets of cracks > -.25
DARKER = 6.0  # levels, than the ground beside it
Plane = NDArray[np.uint8]


def is_tree(mark: Component, grey: Plane) -> bool:
    """Is a mark a tree of many branches, without meshes, that is dark or has a trunk?

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
    if meshes >= MESHES * mark.area:
        return False
    return darkness(mark, grey, plane) > DARKER or _tapers(depth)


def _tapers(depth: NDArray[np.float32]) -> bool:
    """Are its branches the thinner, the further from where it is thickest?"""
    ridge = (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8))) & (depth > 0)
    rows, columns = np.nonzero(ridge)
    thick = depth[rows, columns]
    trunk = np.argsort(-thick, kind="stable")[: max(5, len(thick) // 50)]
    away = np.hypot(rows - np.median(rows[trunk]), columns - np.median(columns[trunk]))
    return bool(len(thick) > 20 and np.corrcoef(away, thick)[0, 1] < TAPERS)
