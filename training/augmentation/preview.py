"""Contact sheets: look at what a network is taught before teaching it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from photos.masks.classes import FRACTURE, HOLE, IGNORE, SCUFF

INKS = {FRACTURE: (255, 60, 40), SCUFF: (60, 200, 80), HOLE: (70, 120, 255), IGNORE: (230, 200, 40)}


def tint(image: NDArray[np.uint8], classes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """H x W x 3: the picture with every class laid over in its ink at 60 %."""
    rgb = as_rgb(image).astype(np.float32)
    for bit, ink in INKS.items():
        where = (classes & bit) > 0
        rgb[where] = 0.4 * rgb[where] + 0.6 * np.array(ink, np.float32)
    return rgb.astype(np.uint8)


def contact_sheet(
    pictures: Sequence[NDArray[np.uint8]], *, columns: int = 4, gap: int = 4
) -> NDArray[np.uint8]:
    """All pictures (grey or RGB, any size) on one grey sheet, RGB uint8, row by row.

    `gap` is in px. Raises ValueError where there are none.
    """
    if not pictures:
        raise ValueError("no pictures for the sheet")
    tall = max(picture.shape[0] for picture in pictures) + gap
    wide = max(picture.shape[1] for picture in pictures) + gap
    rows = -(-len(pictures) // columns)
    sheet = np.full((rows * tall, columns * wide, 3), 128, np.uint8)
    for index, picture in enumerate(pictures):
        top, left = index // columns * tall, index % columns * wide
        sheet[top : top + picture.shape[0], left : left + picture.shape[1]] = as_rgb(picture)
    return sheet


def as_rgb(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """H x W or H x W x 3 to H x W x 3, greys three times."""
    return image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2)
