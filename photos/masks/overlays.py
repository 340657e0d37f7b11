"""A mask as a small transparent picture, to lay over a photo's preview. No Django."""

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photos.masks.arrays import Mask
from photos.masks.classes import FRACTURE, HOLE, IGNORE, SCUFF

OVERLAY_SIDE_PX = 1600
# The colours of the stylesheet; where classes overlap the later one shows.
COLOURS = {
    IGNORE: (128, 128, 128),
    SCUFF: (217, 154, 0),
    FRACTURE: (229, 72, 77),
    HOLE: (59, 130, 246),
}


def overlay_png(mask: Mask, *, side: int = OVERLAY_SIDE_PX, outline: bool = False) -> bytes:
    """A palette PNG, long side at most ``side``; a pixel shows if any it stands for is set.

    ``outline``: only the pixels around each part, so that what lies under it stays visible.
    """
    small = shrink(mask, side=side)
    index = np.zeros(small.shape, np.uint8)
    for place, bit in enumerate(COLOURS, start=1):
        of_class = (small & bit) != 0
        index[around(of_class) if outline else of_class] = place
    image = Image.fromarray(index, "P")
    image.putpalette([0, 0, 0, *(part for colour in COLOURS.values() for part in colour)])
    out = io.BytesIO()
    image.save(out, "PNG", transparency=0, bits=4)
    return out.getvalue()


def around(part: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The pixels outside of a part that touch it, corners included."""
    wide = cv2.dilate(part.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.asarray(wide & ~part, bool)


def shrink(mask: Mask, *, side: int) -> NDArray[np.uint8]:
    """Blocks of pixels joined by OR, so that thin cracks never vanish."""
    height, width = mask.shape
    scale = min(1.0, side / max(height, width))
    rows = np.linspace(0, height, max(1, round(height * scale)), endpoint=False).astype(int)
    columns = np.linspace(0, width, max(1, round(width * scale)), endpoint=False).astype(int)
    joined = np.bitwise_or.reduceat(mask, rows, axis=0)
    return np.asarray(np.bitwise_or.reduceat(joined, columns, axis=1), np.uint8)
