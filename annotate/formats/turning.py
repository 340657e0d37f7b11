"""EXIF orientations: masks drawn on a file as it is stored, by tools that do not turn it."""

import numpy as np

from photos.masks.arrays import Mask

SWAPS = (5, 6, 7, 8)


def upright(mask: Mask, orientation: int) -> Mask:
    """The mask (H x W of the stored file) as it lies on the photo turned upright."""
    turns = {
        2: lambda m: m[:, ::-1],
        3: lambda m: m[::-1, ::-1],
        4: lambda m: m[::-1],
        5: lambda m: m.T,
        6: lambda m: m.T[:, ::-1],
        7: lambda m: m.T[::-1, ::-1],
        8: lambda m: m.T[::-1],
    }
    return np.ascontiguousarray(turns[orientation](mask) if orientation in turns else mask)
