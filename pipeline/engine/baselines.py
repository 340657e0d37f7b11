"""Rivals that learn nothing, called like runtimes: the yardsticks every study may show."""

from typing import Any

import numpy as np

from pipeline.engine.runtimes import Plane, Runtime
from training.imaging.baselines import FILLS

# Mean Cb - 128 and Cr - 128 of the training portraits and photos: what a guess without
# looking costs least with.
MEAN_CHROMA = (-7.0, 8.0)


class Classical(Runtime):
    """OpenCV's inpainting on (rgb h x w x 3 in 0..1, valid h x w, 1 = valid), 8 bits inside."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.fill = FILLS[name]

    def __call__(self, *planes: Plane) -> Plane:
        rgb, valid = planes
        pixels = np.rint(np.clip(np.nan_to_num(rgb), 0, 1) * 255).astype(np.uint8)
        hole = (valid < 0.5).astype(np.uint8)
        return self.fill(pixels, hole).astype(np.float32) / np.float32(255)


class FlatChroma(Runtime):
    """The same colour everywhere; zero is no colour at all."""

    def __init__(self, name: str, chroma: tuple[float, float]) -> None:
        self.name = name
        self.chroma = np.array(chroma, np.float32)

    def __call__(self, *planes: Plane) -> Plane:
        return np.broadcast_to(self.chroma, (*planes[0].shape[:2], 2)).astype(np.float32)


def rival(builtin: str, card: dict[str, Any] | None = None) -> Runtime:
    """The rival by its name in training.models.ModelVersion.Builtin.

    Raises ValueError for a name that it does not know.
    """
    cb, cr = (card or {}).get("mean_chroma", MEAN_CHROMA)
    made: dict[str, Runtime] = {
        **{name: Classical(name) for name in FILLS},
        "grey": FlatChroma("grey", (0.0, 0.0)),
        "mean_chroma": FlatChroma("mean_chroma", (cb, cr)),
    }
    if builtin not in made:
        raise ValueError(f"unknown rival {builtin!r}: one of {', '.join(made)}")
    return made[builtin]
