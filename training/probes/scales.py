"""The scale probe: damage drawn after the picture was enlarged, with fresh grain over both.

A better scanner delivers the same print with more pixels: what is soft in the picture stays
soft, what is damage is sharp, and grain is a pixel wide again. A marker should not care.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from training.probes.canvas import Bytes, grained
from training.probes.cells import Cells
from training.probes.lines import drawn_line
from training.probes.marker import Marker, reached

SCALES = (1, 2, 4)
WIDTHS = (3.0, 12.0)  # px in the enlarged picture
SIGNS = ("light", "dark")
CONTRAST = 60  # grey levels
SIDE = 512  # px of the enlarged part
GRAIN = 3.0  # grey levels


def run_scales(marker: Marker, pictures: Sequence[Bytes], *, seed: int = 0) -> Cells:
    """Cells (scale, sign, width) of lines on the middle of each picture, enlarged.

    Pictures are H x W uint8, widths in px, what is counted logits above the default cut.
    """
    cells = Cells()
    for index, picture in enumerate(pictures):
        for scale in SCALES:
            large = enlarged(picture, scale)
            for sign, width in ((s, w) for s in SIGNS for w in WIDTHS):
                line = drawn_line(large, index, sign, width, CONTRAST, seed=seed)
                if line is not None:
                    rng = np.random.default_rng([seed, index, scale])
                    grainy = grained(rng, line.picture.astype(np.float32), GRAIN)
                    cells.add((scale, sign, width), reached(marker(grainy))[line.core])
    return cells


def enlarged(picture: Bytes, scale: int) -> Bytes:
    """The middle SIDE / scale px of the picture, `scale` times as large."""
    part = SIDE // scale
    top, left = (max(0, (side - part) // 2) for side in picture.shape)
    middle = picture[top : top + part, left : left + part]
    if scale == 1:
        return middle.copy()
    large = cv2.resize(middle, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return np.asarray(large, np.uint8)


def by_scale(recall: dict[tuple[str | float, ...], float]) -> dict[float, float]:
    """Mean recall of each scale's cells."""
    return {
        float(scale): float(np.mean([value for key, value in recall.items() if key[0] == scale]))
        for scale in SCALES
        if any(key[0] == scale for key in recall)
    }
