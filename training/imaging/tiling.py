"""Even tiles with blending for probabilities, and tiles around holes for inpainting."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Tile:
    """A rectangle of the picture in px: rows top..bottom, columns left..right (exclusive)."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def window(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def joined(self, other: "Tile") -> "Tile":
        return Tile(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )

    def fits(self, size: int) -> bool:
        return self.bottom - self.top <= size and self.right - self.left <= size


def even_tiles(
    height: int, width: int, *, tile: int = 1024, overlap: int = 128, multiple: int = 16
) -> list[Tile]:
    """Tiles of equal size that cover the picture, each neighbour pair sharing >= `overlap` px.

    n = ceil((W - o) / (T - o)) a side, width = ceil((W + (n - 1) o) / n) rounded up to
    `multiple`: 1732 x 1155 becomes four tiles of 944 x 656, not four of 1024 x 1024.
    """
    rows, tall = _spans(height, tile, overlap, multiple)
    columns, wide = _spans(width, tile, overlap, multiple)
    return [Tile(y, x, y + tall, x + wide) for y in rows for x in columns]


def _spans(length: int, tile: int, overlap: int, multiple: int) -> tuple[list[int], int]:
    if not 0 <= overlap < tile:
        raise ValueError("the overlap must be smaller than the tile")
    count = max(1, math.ceil((length - overlap) / (tile - overlap)))
    size = math.ceil((length + (count - 1) * overlap) / count)
    size = min(length, math.ceil(size / multiple) * multiple)
    room = length - size
    return [round(index * room / max(1, count - 1)) for index in range(count)], size


def blend_tiles(
    function: Callable[[NDArray[np.generic]], NDArray[np.floating]],
    image: NDArray[np.generic],
    tiles: Sequence[Tile],
) -> NDArray[np.float32]:
    """Run `function` (h x w (x C) -> h x w (x K)) on each tile and blend the answers.

    The weights are separable ramps that sum to 1 at every pixel, so a constant stays constant
    and a pointwise function gives what it gives on the whole picture.
    """
    down = _ramps(image.shape[0], sorted({(tile.top, tile.bottom) for tile in tiles}))
    across = _ramps(image.shape[1], sorted({(tile.left, tile.right) for tile in tiles}))
    total: NDArray[np.float32] | None = None
    for tile in tiles:
        answer = np.asarray(function(image[tile.window]), np.float32)
        weight = np.outer(down[tile.top, tile.bottom], across[tile.left, tile.right])
        if total is None:
            total = np.zeros(image.shape[:2] + answer.shape[2:], np.float32)
        total[tile.window] += answer * weight.reshape(weight.shape + (1,) * (answer.ndim - 2))
    if total is None:
        raise ValueError("no tiles to blend")
    return total


def _ramps(
    length: int, spans: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], NDArray[np.float32]]:
    """A weight vector for each span of an axis; all of them sum to 1 at every position."""
    raw = {}
    for index, (start, stop) in enumerate(spans):
        at = np.arange(start, stop) + 0.5
        weight = np.ones(stop - start)
        if index > 0 and spans[index - 1][1] > start:
            weight = np.minimum(weight, (at - start) / (spans[index - 1][1] - start))
        if index + 1 < len(spans) and stop > spans[index + 1][0]:
            weight = np.minimum(weight, (stop - at) / (stop - spans[index + 1][0]))
        raw[start, stop] = weight
    total = np.zeros(length)
    for (start, stop), weight in raw.items():
        total[start:stop] += weight
    return {
        (start, stop): (weight / total[start:stop]).astype(np.float32)
        for (start, stop), weight in raw.items()
    }


@dataclass(frozen=True)
class HoleTile:
    """One inpainting run: where, and which hole pixels (h x w bool) it pastes back."""

    tile: Tile
    paste: NDArray[np.bool_]


def hole_tiles(
    mask: NDArray[np.generic], *, margin: int, tile: int = 512, multiple: int = 16
) -> list[HoleTile]:
    """Few tiles that together fill every hole pixel of an H x W mask exactly once.

    Components share a cell of a grid (tile minus both margins) by their centre; one that
    reaches further than half a margin out of its cell is divided along the grid. Cells whose
    boxes fit one tile together are joined. Every pasted pixel has at least half a margin of
    picture around it inside its tile, where the picture goes on.
    """
    margin = min(margin, tile // 4)
    owner = _owners(mask, tile - 2 * margin - multiple, margin // 2)
    boxes = _join([_box(owner, cell) for cell in range(1, int(owner.max()) + 1)], tile, margin)
    pieces = []
    for cells, box in boxes:
        area = _grow(box, margin, multiple, mask.shape[:2])
        pieces.append(HoleTile(area, np.isin(owner[area.window], list(cells))))
    return pieces


def _owners(mask: NDArray[np.generic], core: int, reach: int) -> NDArray[np.int32]:
    """The cell number (1..n) of every hole pixel, 0 elsewhere; n counts used cells only."""
    hole = (mask != 0).astype(np.uint8)
    down, across = _cells(hole.shape[0], core), _cells(hole.shape[1], core)
    cells = down[:, None] * (across[-1] + 1) + across[None, :] + 1
    _, labels, stats, centres = cv2.connectedComponentsWithStats(hole, connectivity=8)
    home = np.zeros(len(stats), np.int64)
    for label, (left, top, width, height) in enumerate(stats[1:, :4].tolist(), start=1):
        column, row = int(centres[label][0]), int(centres[label][1])
        if _near(down, row, top, top + height, reach) and _near(
            across, column, left, left + width, reach
        ):
            home[label] = cells[row, column]
    owner = np.where(home[labels] > 0, home[labels], cells) * hole
    _, numbered = np.unique(np.append(0, owner.ravel()), return_inverse=True)
    return numbered[1:].reshape(hole.shape).astype(np.int32)


def _cells(length: int, core: int) -> NDArray[np.int64]:
    """The number of the even cell, at most `core` px long, of each position of an axis."""
    return np.arange(length) * max(1, math.ceil(length / core)) // length


def _near(cells: NDArray[np.int64], at: int, start: int, stop: int, reach: int) -> bool:
    """Does start..stop stay within `reach` of the cell that holds `at`?"""
    first = int(np.searchsorted(cells, cells[at]))
    last = int(np.searchsorted(cells, cells[at], "right"))
    return start >= first - reach and stop <= last + reach


def _box(owner: NDArray[np.int32], cell: int) -> Tile:
    ys, xs = np.nonzero(owner == cell)
    return Tile(int(ys.min()), int(xs.min()), int(ys.max()) + 1, int(xs.max()) + 1)


def _join(boxes: list[Tile], size: int, margin: int) -> list[tuple[set[int], Tile]]:
    joined: list[tuple[set[int], Tile]] = []
    for cell, box in enumerate(boxes, start=1):
        for index, (cells, other) in enumerate(joined):
            if other.joined(box).fits(size - 2 * margin):
                joined[index] = (cells | {cell}, other.joined(box))
                break
        else:
            joined.append(({cell}, box))
    return joined


def _grow(box: Tile, margin: int, multiple: int, shape: tuple[int, ...]) -> Tile:
    """The box with its margin, made a multiple where the picture is large enough."""
    top, bottom = _grow_side(box.top, box.bottom, margin, multiple, shape[0])
    left, right = _grow_side(box.left, box.right, margin, multiple, shape[1])
    return Tile(top, left, bottom, right)


def _grow_side(start: int, stop: int, margin: int, multiple: int, length: int) -> tuple[int, int]:
    start, stop = max(0, start - margin), min(length, stop + margin)
    stop = min(length, stop + (start - stop) % multiple)
    start = max(0, start - (start - stop) % multiple)
    return start, stop
