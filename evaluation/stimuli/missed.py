"""The planted control of a study of masks: the picture as if a third of the marks were not found.

Filling changes nothing outside its marks, so that taking the damaged pixels back in whole connected
regions gives what the filler makes of a mask without those components.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
SHARE = 3  # one in so many regions is dropped, the largest first, so that it shows
STEPS = 8  # levels of 8 bits that count as a change
RIM = 2  # px around a region that the filler may have softened
LEAST_PIXELS = 12  # of a region that an eye can find


def regions(filled: Pixels, original: Pixels) -> tuple[NDArray[np.int32], list[int]]:
    """(H x W labels, labels of what was filled, largest first) of two H x W x 3 pictures."""
    changed = np.abs(filled.astype(np.int16) - original.astype(np.int16)).max(axis=2) > STEPS
    grown = cv2.dilate(changed.astype(np.uint8), np.ones((2 * RIM + 1,) * 2, np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
    sizes = stats[1:, cv2.CC_STAT_AREA]
    order = [int(place) + 1 for place in np.argsort(-sizes, kind="stable")]
    return labels, [place for place in order if sizes[place - 1] >= LEAST_PIXELS]


def can_miss(filled: Pixels, original: Pixels | None) -> bool:
    """Whether there is a mark that could be left out."""
    return original is not None and bool(regions(filled, original)[1])


def without_a_third(filled: Pixels, original: Pixels) -> Pixels:
    """The filled picture with the damage back in a third of its regions, one at least."""
    labels, order = regions(filled, original)
    dropped = order[: max(1, len(order) // SHARE)]
    return np.where(np.isin(labels, dropped)[..., None], original, filled)
