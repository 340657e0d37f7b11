"""Strokes of colour as people paint them on a photograph, and the pixels that they lie on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from training.imaging import colour


@dataclass(frozen=True)
class ColourStroke:
    """A line through `points` (x, y in the photograph's px) as wide as `width` px.

    `colour` is sRGB in 0..255, of which the chroma counts; None keeps what is there.
    """

    points: tuple[tuple[float, float], ...]
    width: float
    colour: tuple[int, int, int] | None

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Of `{"points": [[x, y], ...], "width": w, "colour": [r, g, b] or null}`."""
        points = tuple((float(x), float(y)) for x, y in kept["points"])
        given = kept["colour"]
        chosen = None if given is None else (int(given[0]), int(given[1]), int(given[2]))
        return cls(points, float(kept["width"]), chosen)

    @cached_property
    def chroma(self) -> tuple[float, float]:
        """(Cb, Cr) around 0, each -127.5..127.5."""
        if self.colour is None:
            return 0.0, 0.0
        ycbcr = colour.rgb_to_ycbcr(np.array(self.colour, np.float64))
        return float(ycbcr[1] - 128), float(ycbcr[2] - 128)


def painted(
    shape: tuple[int, ...], strokes: Sequence[ColourStroke], scale: tuple[float, float]
) -> NDArray[np.intp]:
    """h x w: the index of the last stroke on a pixel, -1 where there is none."""
    at = np.full(shape[:2], -1, np.intp)
    down, across = scale
    for index, stroke in enumerate(strokes):
        points = [((x + 0.5) * across - 0.5, (y + 0.5) * down - 0.5) for x, y in stroke.points]
        radius = max(stroke.width * (down * across) ** 0.5 / 2, 0.75)  # reaches the nearest pixel
        for start, end in zip(points, points[1:] or points, strict=False):
            _capsule(at, start, end, radius, index)
    return at


def _capsule(
    at: NDArray[np.intp],
    start: tuple[float, float],
    end: tuple[float, float],
    radius: float,
    index: int,
) -> None:
    """Pixels whose centre lies within `radius` of a segment."""
    (x0, y0), (x1, y1) = start, end
    top, bottom = max(0, int(min(y0, y1) - radius)), int(max(y0, y1) + radius) + 2
    left, right = max(0, int(min(x0, x1) - radius)), int(max(x0, x1) + radius) + 2
    window = at[top:bottom, left:right]
    xs = np.arange(left, left + window.shape[1]) - x0
    ys = (np.arange(top, top + window.shape[0]) - y0)[:, None]
    dx, dy = x1 - x0, y1 - y0
    along = np.clip((xs * dx + ys * dy) / max(dx * dx + dy * dy, 1e-12), 0, 1)
    apart = (xs - along * dx) ** 2 + (ys - along * dy) ** 2
    window[apart <= radius * radius] = index
