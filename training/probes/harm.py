"""The harm probe: how much of what is no damage would be filled, object by object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.imaging.colour import luma
from training.probes.canvas import Canvas
from training.probes.harm_picture import HarmPicture
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
        return sum(bool(np.mean(one > cut) > LOST) for one in self.features)


def run_harm(marker: Marker, pictures: Sequence[HarmPicture]) -> list[Object]:
    return [_looked_at(marker, one) for one in pictures]


def _looked_at(marker: Marker, one: HarmPicture) -> Object:
    grey = one.picture if one.picture.ndim == 2 else np.asarray(luma(one.picture), np.uint8)
    margin = np.clip(reached(marker(grey), FILLED), -100, 100).astype(np.float16)
    discs = []
    for face in one.faces:
        for landmark in face.landmarks:
            disc = Canvas((grey.shape[0], grey.shape[1]))
            disc.ellipse(landmark, (DISC * face.width, DISC * face.width))
            discs.append(margin[disc.coverage() > 0.5])
    return Object(one.name, one.kind, margin[one.object_mask], tuple(discs))


def by_kind(objects: Sequence[Object], cut: float = DEFAULT_CUT) -> dict[str, float]:
    """Mean share filled of the objects of each kind."""
    kinds = dict.fromkeys(one.kind for one in objects)
    return {k: float(np.mean([o.filled(cut) for o in objects if o.kind == k])) for k in kinds}
