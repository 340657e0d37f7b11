"""Which pixels of a scan are the photograph: without the scanner's bed and the print's borders."""

import cv2
import numpy as np
from numpy.typing import NDArray

WHITE, BLACK = 236.0, 19.0  # levels: a bed is at least so white or black
BED_BORDER = 0.5  # of the scan's edge has the bed's tone, where a bed shows
BED_BRIM = 3  # px: the soft rim between bed and print is neither
SPREAD = 12.0  # levels between the 5th and 95th percentile of a border's row
DRIFT = 8.0  # levels that a border's rows may differ from its first
STEP, SHARP = 20.0, 0.6  # levels from a border to the picture, on this share of its length
DEEPEST = 0.2  # of a side: a border is no wider
LEAST = 0.25  # of the scan: with less left, all of it is the photograph

Plane = NDArray[np.float32]


def photograph(luma: Plane) -> NDArray[np.bool_]:
    """H x W, True inside the photograph; `luma` is H x W in levels 0..255."""
    inside = ~_bed(luma)
    rows, columns = (_longest(inside, axis) for axis in (1, 0))
    box = inside[rows, columns]
    top, bottom, left, right = _borders(luma[rows, columns])
    box[:top] = box[box.shape[0] - bottom :] = False
    box[:, :left] = box[:, box.shape[1] - right :] = False
    outside = np.ones(luma.shape, bool)
    outside[rows, columns] = False
    inside &= ~outside
    return inside if inside.mean() >= LEAST else np.ones(luma.shape, bool)


def _longest(inside: NDArray[np.bool_], axis: int) -> slice:
    """From the first to the last row (axis 1) or column (0) that is mostly inside."""
    mostly = np.flatnonzero(inside.mean(axis=axis) >= inside.mean() / 2)
    return slice(int(mostly[0]), int(mostly[-1]) + 1) if len(mostly) else slice(None)


def _bed(luma: Plane) -> NDArray[np.bool_]:
    """What hangs together with the scan's edge and is as white or as black as a bed."""
    found = np.zeros(luma.shape, bool)
    for tone in (luma >= WHITE, luma <= BLACK):
        edge = np.concatenate([tone[0], tone[-1], tone[:, 0], tone[:, -1]])
        if edge.mean() < BED_BORDER:
            continue
        _, labels = cv2.connectedComponents(tone.astype(np.uint8))
        touching = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
        bed = np.isin(labels, np.unique(touching[touching > 0]))
        brim = np.ones((2 * BED_BRIM + 1,) * 2, np.uint8)
        found |= cv2.dilate(bed.astype(np.uint8), brim) > 0
    return found


def _borders(luma: Plane) -> tuple[int, int, int, int]:
    """Depth in px of one-toned, sharply ended borders: top, bottom, left, right."""
    sides = (luma, luma[::-1], luma.T, luma.T[::-1])
    top, bottom, left, right = (_depth(side) for side in sides)
    return top, bottom, left, right


def _depth(luma: Plane) -> int:
    """Of a border along the top: none where its tone runs on into the picture, as a sky's does."""
    most = int(DEEPEST * luma.shape[0])
    low, tone, high = np.percentile(luma[: most + 4], (5, 50, 95), axis=1)
    flat = (high - low <= SPREAD) & (np.abs(tone - tone[0]) <= DRIFT)
    depth = len(flat) if flat.all() else int(np.argmin(flat))
    if not 2 <= depth <= most:
        return 0
    beyond = luma[min(depth + 3, luma.shape[0] - 1)]
    sharp = float(np.mean(np.abs(beyond - np.median(tone[:depth])) >= STEP)) >= SHARP
    return depth + 2 if sharp else 0
