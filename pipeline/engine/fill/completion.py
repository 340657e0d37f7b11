"""What a network's marks leave out of a hole: its flat middle, and what is torn off altogether."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from photos.masks.classes import HOLE
from pipeline.engine.fill.closing import closed
from pipeline.engine.fill.missing import missing
from pipeline.engine.pixels import Picture


def completed(image: Picture, bits: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], dict[str, Any]]:
    """The class bits H x W with the middles of marked rings and torn-off parts as holes, and
    the shares of the picture that were added."""
    torn = missing(image)
    whole = np.where(torn & (bits == 0), np.uint8(HOLE), bits)
    middles = closed(image, whole)
    whole = np.where(middles, np.uint8(HOLE), whole)
    return whole, {"torn_off": float(torn.mean()), "closed": float(middles.mean())}
