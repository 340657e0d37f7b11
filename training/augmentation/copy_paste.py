"""Real damage lifted off the photos that people painted, to be laid over sound ones.

A painted scratch teaches more than any drawn one, but painted photos are few: their damage moves
to other pictures as what it added to its own.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from photos.masks.classes import DEFECTS

from .layers import FRACTURE, HOLE, SCUFF, Layer
from .noise import Plane, log_uniform

Bytes = NDArray[np.uint8]
MARGIN = 2  # px around painted pixels that may still show the defect's soft edge
GAIN = (0.7, 2.2)  # how much stronger or fainter a defect is laid on
OTHER_WAY = 0.15  # share of defects turned from light to dark or back
SOFT = 0.8  # px of the soft edge that a painted mask is given


@dataclass(frozen=True)
class Donor:
    """What damage added to a photo: `change` in levels, 0 where it is sound; `classes` bits."""

    change: Plane
    classes: Bytes

    @classmethod
    def lift(cls, luma: Bytes, classes: Bytes) -> "Donor | None":
        """The painted damage of an H x W photo, against what surrounds it; None without any."""
        damaged = ((classes & DEFECTS) > 0).astype(np.uint8)
        if not damaged.any():
            return None
        reach = cv2.dilate(damaged, np.ones((2 * MARGIN + 1,) * 2, np.uint8))
        sound = cv2.inpaint(luma, reach, 3, cv2.INPAINT_NS).astype(np.float32)
        change = (luma.astype(np.float32) - sound) * (reach > 0)
        return cls(np.asarray(change, np.float32), classes)


def transplant(rng: np.random.Generator, side: int, donor: Donor) -> list[Layer]:
    """Layers for a square picture: a random part of the donor, turned and mirrored eight ways."""
    change, classes = _part(rng, side, donor)
    if rng.random() < 0.5:
        change, classes = change[:, ::-1], classes[:, ::-1]
    turns = int(rng.integers(4))
    change, classes = np.rot90(change, turns), np.rot90(classes, turns)
    gain = log_uniform(rng, *GAIN) * (-1 if rng.random() < OTHER_WAY else 1)
    tone = np.asarray(change * gain, np.float32)
    bodies = {bit: ((classes & bit) > 0).astype(np.float32) for bit in (FRACTURE, SCUFF, HOLE)}
    return [
        Layer(bit, np.asarray(cv2.GaussianBlur(body, (5, 5), SOFT)), tone, additive=True)
        for bit, body in bodies.items()
        if body.any()
    ]


def _part(rng: np.random.Generator, side: int, donor: Donor) -> tuple[Plane, Bytes]:
    """A side x side window that holds a defect; sound where it sticks out of the photo."""
    places = np.flatnonzero(donor.classes & DEFECTS)
    y, x = divmod(int(places[rng.integers(len(places))]), donor.classes.shape[1])
    rows, columns = slice(y, y + side), slice(x, x + side)
    down, right = int(rng.integers(side)), int(rng.integers(side))  # where in the window it lies
    around = ((down, side), (right, side))
    change = np.pad(donor.change, around)[rows, columns]
    classes = np.pad(donor.classes, around)[rows, columns] & np.uint8(DEFECTS)
    return change, np.asarray(classes, np.uint8)
