"""Marks as connected components, with the figures that guards ask for."""

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
        points = np.stack([self.columns, self.rows]).astype(float)
        middle = points.mean(axis=1)
        _, axes = np.linalg.eigh(np.cov(points) if self.area > 1 else np.eye(2) / 12)
        along = axes[:, 1] @ (points - middle[:, None])
        across = axes[:, 0] @ (points - middle[:, None])
        length, width = float(np.ptp(along)) + 1, float(np.ptp(across)) + 1
        angle = float(np.arctan2(axes[1, 1], axes[0, 1])) % np.pi
        return Shape(float(middle[0]), float(middle[1]), length, width, angle)

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


def components(
    plane: NDArray[Any], margin: NDArray[np.int8], *, bridge: int = 0
) -> Iterator[Component]:
    """Components of the true pixels of H x W `plane`, 8-connected.

    Pixels up to 2 `bridge` px apart count as one. Only boxes are copied, never planes.
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
    order = np.argsort(owner, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(owner[order])) + 1):
        r, c = rows[members], columns[members]
        yield Component(r, c, margin[r, c])


def joined(parts: list[Component]) -> Component:
    """Several as one; raises ValueError for none."""
    return Component(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.columns for part in parts]),
        np.concatenate([part.margins for part in parts]),
    )
