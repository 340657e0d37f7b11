"""A cut that follows the photograph.

A sound photograph wants a cut one to two logits stricter than a damaged print does. What is
surely damaged tells the two apart: where it covers more than `SHARE` of the picture, the cut for
the rest gives way by the logarithm of how much more, up to what the network's card allows. No
cut ever gets stricter, for a single hairline on a sound picture covers less than `SHARE`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SURE = 1.0  # logits above the neutral cut
SHARE = 0.003  # of the picture
MOST = 3.0  # logits: no card may ask for more
KEY = "cut_gives_way"


@dataclass(frozen=True)
class CutRule:
    """At most how many logits the cut gives way; 0 is a cut for all photographs."""

    most: float = 0.0

    @classmethod
    def of(cls, card: dict[str, Any]) -> CutRule:
        """What a card allows: nothing, where it says nothing or no number of 0..`MOST`."""
        value = card.get(KEY, 0.0)
        sound = isinstance(value, int | float) and math.isfinite(value)
        return cls(min(max(float(value), 0.0), MOST) if sound else 0.0)

    def shift(self, margins: NDArray[np.floating]) -> float:
        """Logits, 0..`most`, for an H x W plane of logits above the neutral cut."""
        if not self.most or not margins.size:
            return 0.0
        sure = float(np.mean(margins > SURE))
        return min(max(math.log(max(sure, 1e-9) / SHARE), 0.0), self.most)

    def applied(self, margins: NDArray[np.floating]) -> NDArray[np.floating]:
        """The H x W plane of logits, moved by its own shift."""
        return margins + margins.dtype.type(self.shift(margins))


FIXED = CutRule()
"""One cut for all photographs."""
