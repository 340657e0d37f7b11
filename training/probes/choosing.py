"""Which pictures a probe looks at: no duplicates, the same ones every time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from training.probes.canvas import Bytes

T = TypeVar("T")
SIDE = 768  # px of the longest side
BROAD = 512  # px of the other one, at most: what is over is cut off both ends
LINE_PICTURES = 24
THUMBNAIL = 16  # px
ALIKE = 0.97  # correlation of two thumbnails of one scene


@dataclass(frozen=True, eq=False)
class Named:
    """A sound picture, luma H x W."""

    name: str
    luma: Bytes


def without_duplicates(pictures: Sequence[Named]) -> list[Named]:
    """The first of all that show the same: alike when shrunk to a thumbnail."""
    kept: list[Named] = []
    prints: list[NDArray[np.float64]] = []
    for picture in pictures:
        seen = thumbnail(picture.luma)
        if all(float(np.mean(seen * other)) < ALIKE for other in prints):
            kept.append(picture)
            prints.append(seen)
    return kept


def thumbnail(luma: Bytes) -> NDArray[np.float64]:
    """H x W grey to THUMBNAIL x THUMBNAIL, mean 0 and standard deviation 1."""
    small = cv2.resize(luma, (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA).astype(float)
    return np.asarray((small - small.mean()) / max(float(small.std()), 1e-6))


def for_lines(pictures: Sequence[Named], count: int = LINE_PICTURES) -> list[Bytes]:
    """`count` pictures with a longest side of SIDE px, cut to SIDE x BROAD, evenly spread.

    Where there are too few the largest of the others join them.
    """
    large = [one for one in pictures if max(one.luma.shape) >= SIDE]
    small = [one for one in pictures if max(one.luma.shape) < SIDE]
    small.sort(key=lambda one: -one.luma.size)
    chosen = evenly(large, count) + small[: max(0, count - len(large))]
    return [cut(one.luma) for one in chosen]


def evenly(pictures: Sequence[T], count: int) -> list[T]:
    """At most `count` of them, evenly spread over the list."""
    places = np.linspace(0, len(pictures) - 1, min(count, len(pictures))).round().astype(int)
    return [pictures[place] for place in places]


def cut(luma: Bytes) -> Bytes:
    """The middle SIDE x BROAD px (or BROAD x SIDE where it is upright)."""
    height, width = luma.shape
    most = (SIDE, BROAD) if height > width else (BROAD, SIDE)
    top, left = (
        max(0, (have - want) // 2) for have, want in zip((height, width), most, strict=True)
    )
    return np.ascontiguousarray(luma[top : top + most[0], left : left + most[1]])
