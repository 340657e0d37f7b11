"""Faces of a photo, for its results' reports; only where FACES_MODEL names a detector."""

import logging
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from pipeline.imageio.encode import eight_bits

log = logging.getLogger(__name__)
ENOUGH = 2048  # px: a detector that looks at half of this needs no more


def found_in(image: NDArray[Any]) -> dict[str, Any]:
    """{"faces": boxes in the picture's pixels}; {} where nobody looks for any.

    A missing or broken detector costs the faces, never the restoration.
    """
    if not settings.FACES_MODEL:
        return {}
    from training.imaging.faces import FaceFinder

    step = max(1, max(image.shape[:2]) // ENOUGH)
    small = np.ascontiguousarray(image[::step, ::step])
    try:
        faces = FaceFinder(Path(settings.FACES_MODEL))(eight_bits(small))
    except ValueError as error:
        log.warning("no faces: %s", error)
        return {}
    sides = ("x", "y", "width", "height")
    return {"faces": [asdict(f) | {s: step * getattr(f, s) for s in sides} for f in faces]}
