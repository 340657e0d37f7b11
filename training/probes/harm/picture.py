"""One picture of the harm set, and the place of a face in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KINDS = ("face", "glasses", "text", "structure", "surface", "document")


@dataclass(frozen=True)
class FacePlace:
    """A face in a picture: its oval and five landmarks, px."""

    centre: tuple[float, float]
    width: float
    height: float
    """Of the box that YuNet draws round it, before it is turned."""
    turn: float
    """Degrees, counter-clockwise."""
    landmarks: tuple[tuple[float, float], ...]
    """Right eye, left eye, tip of the nose, right and left corner of the mouth, as YuNet's."""


@dataclass(frozen=True)
class HarmPicture:
    """An undamaged picture, and where in it the thing is that must stay."""

    name: str
    picture: NDArray[np.uint8]
    """H x W or H x W x 3 (RGB)."""
    object_mask: NDArray[np.bool_]
    """H x W, True on the object."""
    kind: str = "structure"
    """One of KINDS."""
    faces: tuple[FacePlace, ...] = ()
