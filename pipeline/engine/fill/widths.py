"""How wide a hole is at each of its pixels, and which method fills it there.

The local width of a pixel is the diameter, in px, of the largest disc that lies inside the hole
and covers the pixel (granulometry: Matheron 1975). A long scratch is thin all along, and stays
thin where it runs into a large hole.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

# px of local width from which the network takes part. Below it the biharmonic fill is as good or
# better on held-out portraits and scenes (tests/harm/filling.py), at a tenth of the time.
THIN = 9
# px of depth in which the biharmonic's share falls to 1/e: it knows the rim best, the network the
# middle, and a fill that begins with it meets its surroundings without a seam.
FALL = 4.0


def at_least(hole: NDArray[np.bool_], width: int) -> NDArray[np.bool_]:
    """The H x W hole pixels whose local width is `width` px or more."""
    steps = np.arange(width) - (width - 1) / 2
    kernel = (np.hypot(steps[:, None], steps) < width / 2).astype(np.uint8)
    # Beyond the picture's border is no sound ground: a hole that touches it counts on.
    plane = np.pad(hole.astype(np.uint8), width, mode="edge")
    before, after = width // 2, width - 1 - width // 2  # an even disc has no middle pixel
    eroded = cv2.erode(plane, kernel, anchor=(before, before))
    opened = cv2.dilate(eroded, kernel, anchor=(after, after))[width:-width, width:-width]
    return np.asarray((opened > 0) & hole)


def biharmonic_share(depth: NDArray[np.float32]) -> NDArray[np.float32]:
    """0..1 by px of depth inside a hole that is at least THIN wide."""
    return np.asarray(np.exp(-depth / np.float32(FALL)), np.float32)
