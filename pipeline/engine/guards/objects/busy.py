"""Busy ground: in leaves, masts and cloth much looks like a scratch, on a sky little does."""

from collections.abc import Iterator, Sequence
from math import log2

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.components import Component
from pipeline.engine.guards.places import Places

LEAST = 60  # px of area: specks are nothing to ask about
LEAST_ROUGH, ROUGH = 4, 9.0  # but on gravel and leaves, of so much mean detail, they are
DAMAGED = 0.3  # of the places: from here on the ground is busy with damage itself
QUIET = 1.5  # levels: mean detail of a ground that demands nothing more
BASE, PER_DOUBLING = 0.4, 1.0  # logits above the cut
ENOUGH = 1.5  # logits: a scratch that is sure is filled on any ground
DOUBTED = -10  # tenths of a logit: what is no ground
BLOCK = 8  # px
LEAST_GROUND = 0.2  # of the blocks beside: with less, ground further away is asked as well
FINE = 7  # px: detail is what a mean over so many leaves


def on_busy_ground(
    marks: Sequence[Component], grey: NDArray[np.uint8], margin: NDArray[np.int8], places: Places
) -> Iterator[int]:
    """Indices of marks that are too unsure for the detail of the ground beside them.

    `grey` and `margin` are H x W. In a picture that is damaged in many places there are none.
    """
    if not any(mark.area >= LEAST_ROUGH for mark in marks) or places.all() >= DAMAGED:
        return
    detail = _detail(grey, margin)
    for k, mark in enumerate(marks):
        if mark.area < LEAST_ROUGH:
            continue
        found = float(detail[mark.rows // BLOCK, mark.columns // BLOCK].mean())
        if mark.area >= LEAST or found >= ROUGH:
            more = PER_DOUBLING * max(0.0, log2(max(found, 1e-3) / QUIET))
            if mark.certainty < min(ENOUGH, BASE + more):
                yield k


def _detail(grey: NDArray[np.uint8], margin: NDArray[np.int8]) -> NDArray[np.float32]:
    """Mean detail, levels, of the ground round each block, marks and their rims left out."""
    ground = cv2.dilate((margin > DOUBTED).astype(np.uint8), np.ones((7, 7), np.uint8)) == 0
    fine = cv2.absdiff(grey, cv2.blur(grey, (FINE, FINE)))
    size = (-(-grey.shape[1] // BLOCK), -(-grey.shape[0] // BLOCK))
    planes = [
        cv2.resize(plane.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        for plane in (np.where(ground, fine, 0), ground)
    ]
    near, wide = ([cv2.blur(plane, (n, n)) for plane in planes] for n in (3, 9))
    found = np.where(near[1] > LEAST_GROUND, near[0], wide[0])
    found /= np.maximum(np.where(near[1] > LEAST_GROUND, near[1], wide[1]), 1e-3)
    return np.asarray(found, np.float32)
