"""The harm probe: how much of what is no damage would be filled, object by object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.imaging.colour import luma
from training.probes.harm.picture import HarmPicture
from training.probes.marker import DEFAULT_CUT, Marker, reached

FILLED = 2  # px: so far beyond a mark the engine fills
DISC = 0.1  # face widths round a landmark
LOST = 0.4  # of that disc filled: the feature is lost


@dataclass(frozen=True)
class Object:
    """What a marker reached on one object and on the landmarks of its faces."""

    name: str
    kind: str
    margins: NDArray[np.float16]
    features: tuple[NDArray[np.float16], ...] = ()

    def filled(self, cut: float = DEFAULT_CUT) -> float:
        """Share of the object's pixels that would be filled, 0..1."""
        return float(np.mean(self.margins > cut))

    def lost_features(self, cut: float = DEFAULT_CUT) -> int:
        """How many features the marker would fill, at this cut in logits of margin."""
        return sum(bool(np.mean(one > cut) > LOST) for one in self.features)


def run_harm(marker: Marker, pictures: Sequence[HarmPicture]) -> list[Object]:
    """What the marker does to each object that is no damage."""
    return [_looked_at(marker, one) for one in pictures]


def _looked_at(marker: Marker, one: HarmPicture) -> Object:
    grey = one.picture if one.picture.ndim == 2 else np.asarray(luma(one.picture), np.uint8)
    margin = np.clip(reached(marker(grey), FILLED), -100, 100).astype(np.float16)
    discs = [
        margin[_disc(grey.shape[:2], landmark, DISC * face.width)]
        for face in one.faces
        for landmark in face.landmarks
    ]
    return Object(one.name, one.kind, margin[one.object_mask], tuple(discs))


def _disc(
    shape: tuple[int, ...], centre: tuple[float, float], radius: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the pixels within `radius` px of the centre (x, y), inside the shape."""
    reach = int(np.ceil(radius)) + 1
    left, top = round(centre[0]) - reach, round(centre[1]) - reach
    y, x = np.mgrid[top : top + 2 * reach + 1, left : left + 2 * reach + 1]
    within = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 <= max(radius, 0.75) ** 2
    within &= (x >= 0) & (y >= 0) & (y < shape[0]) & (x < shape[1])
    return y[within], x[within]


def by_kind(objects: Sequence[Object], cut: float = DEFAULT_CUT) -> dict[str, float]:
    """Mean share filled of the objects of each kind."""
    kinds = dict.fromkeys(one.kind for one in objects)
    return {k: float(np.mean([o.filled(cut) for o in objects if o.kind == k])) for k in kinds}
