"""Marks as connected components, with the figures that guards ask for."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Shape:
    """A component's middle, length and width along its own axes, px, and its direction, rad."""

    x: float
    y: float
    length: float
    width: float
    angle: float


@dataclass(frozen=True)
class Component:
    """One connected mark: rows and columns of its pixels, and their margins in tenths."""

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    margins: NDArray[np.int8] = field(repr=False)

    @property
    def area(self) -> int:
        """Pixels."""
        return len(self.rows)

    @cached_property
    def box(self) -> tuple[int, int, int, int]:
        """top, left, bottom, right (exclusive)."""
        return (
            int(self.rows.min()),
            int(self.columns.min()),
            int(self.rows.max()) + 1,
            int(self.columns.max()) + 1,
        )

    @cached_property
    def certainty(self) -> float:
        """Mean logits above the cut: rims of a mark pull it down, so peaks alone do not decide."""
        return float(self.margins.mean()) / 10

    @cached_property
    def shape(self) -> Shape:
        """Along the axes of the pixels' covariance; width is area over length for lines."""
        middle_x, middle_y = float(self.columns.mean()), float(self.rows.mean())
        x, y = self.columns - middle_x, self.rows - middle_y
        angle = _direction(float(x @ x), float(x @ y), float(y @ y))
        cos, sin = math.cos(angle), math.sin(angle)
        along, across = cos * x + sin * y, cos * y - sin * x
        length = float(along.max() - along.min()) + 1
        width = float(across.max() - across.min()) + 1
        return Shape(middle_x, middle_y, length, width, angle % math.pi)

    @cached_property
    def thickness(self) -> float:
        """Area over length: a bent line's width, px."""
        return self.area / max(self.shape.length, 1.0)

    @property
    def is_spot(self) -> bool:
        """About as long as wide, and full; a few pixels have no shape."""
        shape = self.shape
        full = self.area > 0.5 * shape.length * shape.width
        return self.area >= 20 and shape.length < 1.5 * shape.width and full

    @cached_property
    def anchor(self) -> tuple[int, int]:
        """(x, y) of the surest pixel, the first of equals: it stays when the cut moves."""
        best = int(np.argmax(self.margins))
        return int(self.columns[best]), int(self.rows[best])

    def part(self, chosen: NDArray[np.bool_]) -> "Component":
        """The chosen of its pixels, as a component; `chosen` has one value a pixel."""
        return Component(self.rows[chosen], self.columns[chosen], self.margins[chosen])


def _direction(xx: float, xy: float, yy: float) -> float:
    """Of the larger axis of a covariance, rad; upright where no direction is the larger one."""
    if xy == 0:
        return 0.0 if xx > yy else math.pi / 2
    return 0.5 * math.atan2(2 * xy, xx - yy)


def components(
    plane: NDArray[Any],
    margin: NDArray[np.int8],
    *,
    bridge: int = 0,
    least: float = 1,
    corner: tuple[int, int] = (0, 0),
) -> Iterator[Component]:
    """Components of the true pixels of h x w `plane`, 8-connected, of at least `least` pixels.

    Pixels up to 2 `bridge` px apart count as one. Only boxes are copied, never planes. `plane` is
    the part of the H x W picture at `corner` (row, column); `margin` is the whole picture's.
    """
    mask = (plane != 0).astype(np.uint8)
    joined = mask
    if bridge:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * bridge + 1, 2 * bridge + 1))
        joined = cv2.dilate(mask, kernel)
    count, labels = cv2.connectedComponents(joined, connectivity=8)
    rows, columns = (place.astype(np.int32) for place in np.nonzero(mask))
    if count < 2 or not len(rows):
        return
    owner = labels[rows, columns]
    if least > 1:
        large = np.bincount(owner)[owner] >= least
        rows, columns, owner = rows[large], columns[large], owner[large]
        if not len(rows):
            return
    order = np.argsort(owner, kind="stable")
    rows, columns = rows + np.int32(corner[0]), columns + np.int32(corner[1])
    rows, columns, starts = rows[order], columns[order], _starts(owner[order])
    margins = margin[rows, columns]
    ends = [*starts[1:].tolist(), len(rows)]
    measured = _measured(rows, columns, margins, starts)
    for start, end, facts in zip(starts.tolist(), ends, measured, strict=True):
        mark = Component(rows[start:end], columns[start:end], margins[start:end])
        vars(mark).update(facts)  # where the cached properties keep theirs
        yield mark


def _starts(ordered: NDArray[np.int32]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.flatnonzero(np.diff(ordered)) + 1]).astype(np.int64)


def _measured(
    rows: NDArray[np.int32],
    columns: NDArray[np.int32],
    margins: NDArray[np.int8],
    starts: NDArray[np.int64],
) -> Iterator[dict[str, Any]]:
    """Box, certainty and shape of all components at once: one by one takes ten times as long.

    Pixels are in the order of their components, whose first ones are `starts`.
    """
    counts = np.diff(np.append(starts, len(rows)))
    boxes = [
        (least.reduceat(rows, starts), least.reduceat(columns, starts))
        for least in (np.minimum, np.maximum)
    ]
    (top, left), (bottom, right) = boxes
    certainty = np.add.reduceat(margins.astype(np.float64), starts) / counts / 10
    middles = [np.add.reduceat(at.astype(np.float64), starts) / counts for at in (columns, rows)]
    x, y = (at - np.repeat(mid, counts) for at, mid in zip((columns, rows), middles, strict=True))
    xx, xy, yy = (np.add.reduceat(one * other, starts) for one, other in ((x, x), (x, y), (y, y)))
    angle = 0.5 * np.arctan2(2 * xy, xx - yy)
    angle = np.where(xy == 0, np.where(xx > yy, 0.0, math.pi / 2), angle)
    cos, sin = np.repeat(np.cos(angle), counts), np.repeat(np.sin(angle), counts)
    length, width = (
        np.maximum.reduceat(way, starts) - np.minimum.reduceat(way, starts) + 1
        for way in (cos * x + sin * y, cos * y - sin * x)
    )
    shapes = (each.tolist() for each in (*middles, length, width, angle % math.pi))
    edges = (each.tolist() for each in (top, left, bottom + 1, right + 1))
    yield from (
        {"box": box, "certainty": sure, "shape": Shape(*shape)}
        for box, sure, shape in zip(
            zip(*edges, strict=True), certainty.tolist(), zip(*shapes, strict=True), strict=True
        )
    )


def joined(parts: list[Component]) -> Component:
    """Several as one; raises ValueError for none."""
    return Component(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.columns for part in parts]),
        np.concatenate([part.margins for part in parts]),
    )


def darkness(
    mark: Component, grey: NDArray[np.uint8], plane: NDArray[np.uint8], step: int = 1
) -> float:
    """How many levels darker a mark is than the picture beside it, in its box; 0 without any.

    `grey` is H x W; `plane` is the box with a margin of one, each side a `step`-th, 1 on the mark.
    """
    top, left, bottom, right = mark.box
    levels = grey[top:bottom:step, left:right:step]
    beside = (cv2.dilate(plane, np.ones((9, 9), np.uint8)) - plane)[1:-1, 1:-1] > 0
    beside = beside[: levels.shape[0], : levels.shape[1]]
    if not beside.any():
        return 0.0
    return float(levels[beside].mean()) - float(grey[mark.rows, mark.columns].mean())
