"""A mask held against the known truth: what was found, missed and painted too much. No Django."""

from dataclasses import dataclass

import cv2
import numpy as np

from photos.masks.arrays import Mask, Plane
from photos.masks.classes import CLASSES, DEFECTS, IGNORE
from photos.masks.components import met_components
from photos.masks.metrics import Agreement, agreement

MOST_NAMED = 60

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Part:
    """A component: its pixels, its box (left, top, right, bottom; the ends excluded), its class."""

    pixels: int
    box: Box
    defect: str


@dataclass(frozen=True)
class Grade:
    """What a mask is worth. `missed` and `extra` name the largest parts first, 60 at most."""

    figures: Agreement
    found: int
    present: int
    missed: list[Part]
    extra: list[Part]


def grade(painted: Mask, truth: Mask) -> Grade:
    """Hold H x W class bits against the true ones.

    A part is met when at least half of it lies within 2 px of the other mask, whatever the
    class; pixels that either mask ignores count nowhere.
    """
    counted = ((painted | truth) & IGNORE) == 0
    p, t = (painted & DEFECTS != 0) & counted, (truth & DEFECTS != 0) & counted
    missed, unmet, present = _unmet(t, p, truth)
    extra, _, _ = _unmet(p, t, painted)
    return Grade(agreement(painted, truth), present - unmet, present, missed, extra)


def component_at(mask: Mask, x: int, y: int, *, reach: int = 8) -> Box | None:
    """The box of the damaged component nearest to a point, within `reach` px; or none."""
    if min(x, y) < 0:  # a mark off the picture, which a slice would count from the other end
        return None
    top, left = max(0, y - reach), max(0, x - reach)
    rows, columns = np.nonzero(mask[top : y + reach + 1, left : x + reach + 1] & DEFECTS)
    if not rows.size:
        return None
    nearest = int(np.argmin(np.hypot(rows + top - y, columns + left - x)))
    _, labels, stats, _ = cv2.connectedComponentsWithStats((mask & DEFECTS != 0).astype(np.uint8))
    return _box(stats[labels[rows[nearest] + top, columns[nearest] + left]])


def _unmet(plane: Plane, other: Plane, classes: Mask) -> tuple[list[Part], int, int]:
    """The components of a plane that the other one does not meet; how many; of how many."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(plane.astype(np.uint8))
    pixels, met = met_components(other, count - 1, labels)
    unmet = np.flatnonzero(~met) + 1
    largest = sorted(unmet, key=lambda label: -int(pixels[label - 1]))[:MOST_NAMED]
    parts = []
    for label in largest:
        box = _box(stats[label])
        window = np.s_[box[1] : box[3], box[0] : box[2]]
        bits = classes[window][labels[window] == label]
        shares = {name: int(np.count_nonzero(bits & bit)) for name, bit in CLASSES.items()}
        parts.append(Part(bits.size, box, max(shares, key=lambda name: shares[name])))
    return parts, len(unmet), count - 1


def _box(stats: "np.ndarray[tuple[int], np.dtype[np.int32]]") -> Box:
    left, top, wide, tall = (int(value) for value in stats[:4])
    return left, top, left + wide, top + tall
