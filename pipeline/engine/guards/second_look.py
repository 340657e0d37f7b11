"""A second look at the largest marks: damage, or a part of the picture?

The finder sees a window and says so of each pixel; whether the whole mark is a spine, a straw or
a crack it never asks. A small network of its own is shown the mark with what lies around it
(`training/measuring/second_look` makes it); what it doubts is asked about, and of what it plainly
takes for damage no rule about wide areas or busy ground has a say.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.components import Component
from pipeline.engine.guards.sessions import SECOND_LOOK, running
from training.imaging.component_views import Viewer

LEAST = 150  # px: what is smaller does little harm
MOST = 14  # marks of a picture, the largest: it bounds the time
AT_ONCE = 8  # marks
DOUBTED = 0.0  # logits: below, it is rather a part of the picture
PLAIN = 1.0  # from here on it is damage, however wide and on whatever ground
PLAIN_SHARE = 0.2  # of the picture: of so much the rules keep their say


def looked_at(
    marks: Sequence[Component], grey: NDArray[np.uint8], margin: NDArray[np.int8]
) -> dict[int, float]:
    """Logits of damage of the largest marks, by index.

    `grey` is the H x W picture, levels 0..255, `margin` H x W tenths of a logit above the cut.
    """
    large = [k for k, mark in enumerate(marks) if mark.area >= LEAST]
    large = sorted(large, key=lambda k: -marks[k].area)[:MOST]
    if not large:
        return {}
    viewer = Viewer(grey, margin)
    logits = [
        each
        for start in range(0, len(large), AT_ONCE)
        for each in _looked([marks[k] for k in large[start : start + AT_ONCE]], viewer)
    ]
    return dict(zip(large, logits, strict=True))


def sure_of(mark: Component, logit: float, grey: NDArray[np.uint8]) -> bool:
    """Whether no rule about areas and ground has a say; `grey` is H x W."""
    return logit >= PLAIN and mark.area <= PLAIN_SHARE * grey.size


def _looked(marks: Sequence[Component], viewer: Viewer) -> list[float]:
    views = np.stack([viewer.views(mark.rows, mark.columns) for mark in marks])
    figures = np.stack([viewer.figures(mark.rows, mark.columns) for mark in marks])
    answer = _session().run(None, {"views": views.astype(np.float32), "figures": figures})[0]
    return [float(each) for each in answer]


@cache
def _session() -> Any:
    return running(SECOND_LOOK.read_bytes())
