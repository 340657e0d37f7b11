"""Ground that repeats: a printed screen, cloth, slats. What lies on it is a piece of it."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.components import Component

BLOCK, STRIDE = 64, 32  # px: ground that is looked at as a whole, on a grid
MOST_BLOCKS = 40  # those with the most marks
LEAST_STEP, LONGEST_STEP = 4, 26  # px
ALIKE, BETWEEN = 0.55, 0.05  # correlation with itself a step on, and at most on the way there
LONGEST = 0.9  # of a block: what is longer is looked at all along
MOSTLY = 0.6  # of the blocks that a mark lies in
SURE = 3.0  # logits above the cut
Plane = NDArray[np.uint8]


def on_pattern(marks: Sequence[Component], grey: Plane) -> list[bool]:
    """For each mark: does it lie on ground that repeats in even steps, and is not far surer?

    `grey` is H x W, levels 0..255.
    """
    if min(grey.shape) < BLOCK:
        return [False] * len(marks)
    places = [_places(mark, grey.shape) if mark.certainty < SURE else set() for mark in marks]
    wanted: dict[tuple[int, int], int] = {}
    for mark, mine in zip(marks, places, strict=True):
        for place in mine:
            wanted[place] = wanted.get(place, 0) + mark.area // len(mine)
    if not wanted:
        return [False] * len(marks)
    chosen = sorted(wanted, key=lambda place: -wanted[place])[:MOST_BLOCKS]
    found = {place for place, yes in zip(chosen, _repeat(chosen, grey), strict=True) if yes}
    return [bool(mine) and len(mine & found) > MOSTLY * len(mine) for mine in places]


def _places(mark: Component, shape: tuple[int, ...]) -> set[tuple[int, int]]:
    """Top and left of the blocks on the grid whose middle a mark is nearest to."""
    if mark.shape.length < LONGEST * BLOCK:
        rows, columns = np.array([mark.shape.y]), np.array([mark.shape.x])
    else:
        rows, columns = mark.rows[::7].astype(float), mark.columns[::7].astype(float)
    tops, lefts = (np.rint((at - BLOCK / 2) / STRIDE) * STRIDE for at in (rows, columns))
    tops = tops.clip(0, shape[0] - BLOCK).astype(int)
    lefts = lefts.clip(0, shape[1] - BLOCK).astype(int)
    return set(zip(tops.tolist(), lefts.tolist(), strict=True))


def _repeat(places: Sequence[tuple[int, int]], grey: Plane) -> list[bool]:
    blocks = np.stack([grey[top : top + BLOCK, left : left + BLOCK] for top, left in places])
    fine = np.stack([_fine(block) for block in blocks])
    reach = LONGEST_STEP + 2
    padded = (BLOCK + reach + 4, BLOCK + reach + 4)
    spectrum = np.fft.rfft2(fine, s=padded)
    like = np.fft.irfft2(np.abs(spectrum) ** 2, s=padded)
    index = np.arange(-reach, reach + 1)
    like = like[:, index[:, None], index[None]]
    overlap = (BLOCK - np.abs(index[:, None])) * (BLOCK - np.abs(index[None])) / BLOCK**2
    like = like / overlap / np.maximum(like[:, reach, reach], 1e-6)[:, None, None]
    return [_has_step(each.astype(np.float32), reach) for each in like]


def _fine(block: Plane) -> NDArray[np.float32]:
    """Without slow changes; strong edges count no more than the rest."""
    plane = block.astype(np.float32)
    plane -= cv2.blur(plane, (25, 25))
    spread = 2 * float(np.abs(plane).mean()) + 1
    return np.asarray(np.clip(plane, -spread, spread) - plane.clip(-spread, spread).mean())


def _has_step(like: NDArray[np.float32], reach: int) -> bool:
    """A local maximum of the correlation, with little on the way to it."""
    peaks = (like >= cv2.dilate(like, np.ones((5, 5), np.uint8))) & (like > ALIKE)
    rows, columns = (at - reach for at in np.nonzero(peaks[2:-2, 2:-2]))
    for dy, dx in zip(rows + 2, columns + 2, strict=True):
        step = float(np.hypot(dy, dx))
        if LEAST_STEP <= step <= LONGEST_STEP:
            share = np.linspace(0, 1, max(3, round(step)))
            y, x = (np.rint(reach + share * at).astype(int) for at in (dy, dx))
            if like[y, x].min() < BETWEEN:
                return True
    return False
