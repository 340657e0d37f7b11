"""Even tiles with blending for probabilities, and tiles around holes for inpainting."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.imaging.holes import Components

Spans = tuple[list[int], int]  # where tiles of one axis start, and how long each is


@dataclass(frozen=True)
class Tile:
    """A rectangle of the picture in px: rows top..bottom, columns left..right (exclusive)."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def window(self) -> tuple[slice, slice]:
        """(rows, columns) to index an H x W picture with."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def pixels(self) -> int:
        """Its area, px."""
        return (self.bottom - self.top) * (self.right - self.left)

    def joined(self, other: "Tile") -> "Tile":
        """The smallest tile that holds both."""
        return Tile(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )

    def fits(self, size: int) -> bool:
        """Whether no side is above `size` px."""
        return self.bottom - self.top <= size and self.right - self.left <= size


def even_tiles(
    height: int, width: int, *, tile: int = 1024, overlap: int = 128, multiple: int = 16
) -> list[Tile]:
    """Tiles of equal size that cover the picture, each neighbour pair sharing >= `overlap` px.

    n tiles along a side W are ceil((W + (n - 1) o) / n) wide, rounded up to `multiple`. No tile
    has more than T x T px (but for that rounding) or a side over 2 T. Of those grids the one
    that looks at the fewest pixels is taken: with T = 1280, 1732 x 1155 becomes two tiles of
    944 x 1155 and 4000 x 1000 three of 1424 x 1000. Raises ValueError for an overlap that is
    negative or no smaller than a tile.
    """
    if not 0 <= overlap < tile:
        raise ValueError("the overlap must be smaller than the tile")
    downs = _grids(height, tile, overlap, multiple)
    acrosses = _grids(width, tile, overlap, multiple)
    smallest = downs[-1][1] * acrosses[-1][1]
    most = max(tile * tile, smallest)
    pairs = [(d, a) for d in downs for a in acrosses if d[1] * a[1] <= most]
    (rows, tall), (columns, wide) = min(pairs, key=lambda pair: _looked_at(*pair))
    return [Tile(y, x, y + tall, x + wide) for y in rows for x in columns]


def _grids(length: int, tile: int, overlap: int, multiple: int) -> list[Spans]:
    """Every way along an axis from tiles of 2 T down to tiles of T (or of the whole axis)."""
    least, most = (
        max(1, math.ceil((length - overlap) / (side - overlap))) for side in (2 * tile, tile)
    )
    return [_spans(length, count, overlap, multiple) for count in range(least, most + 1)]


def _spans(length: int, count: int, overlap: int, multiple: int) -> Spans:
    size = math.ceil((length + (count - 1) * overlap) / count)
    size = min(length, math.ceil(size / multiple) * multiple)
    room = length - size
    return [round(index * room / max(1, count - 1)) for index in range(count)], size


def _looked_at(down: Spans, across: Spans) -> tuple[int, int]:
    """Pixels that all tiles have together, then how many tiles."""
    count = len(down[0]) * len(across[0])
    return count * down[1] * across[1], count


def blend_tiles(
    function: Callable[[NDArray[np.generic]], NDArray[np.floating]],
    image: NDArray[np.generic],
    tiles: Sequence[Tile],
) -> NDArray[np.float32]:
    """Run `function` (h x w (x C) -> h x w (x K)) on each tile and blend the answers.

    The weights are separable ramps that sum to 1 at every pixel, so a constant stays constant
    and a pointwise function gives what it gives on the whole picture.
    """
    return np.concatenate(list(blend_bands(function, image, tiles)))


def blend_bands(
    function: Callable[[NDArray[np.generic]], NDArray[np.floating]],
    image: NDArray[np.generic],
    tiles: Sequence[Tile],
) -> Iterator[NDArray[np.float32]]:
    """`blend_tiles` in bands of finished rows from the top: no plane of the whole picture.

    Each band is rows x W (x C), float32. Raises ValueError where there are no tiles.
    """
    rows = sorted({(tile.top, tile.bottom) for tile in tiles})
    if not rows:
        raise ValueError("no tiles to blend")
    down = _ramps(image.shape[0], rows)
    across = _ramps(image.shape[1], sorted({(tile.left, tile.right) for tile in tiles}))
    band: NDArray[np.float32] | None = None
    for index, (top, bottom) in enumerate(rows):
        for tile in (tile for tile in tiles if (tile.top, tile.bottom) == (top, bottom)):
            answer = np.asarray(function(image[tile.window]), np.float32)
            if band is None:
                band = np.zeros((bottom - top, image.shape[1], *answer.shape[2:]), np.float32)
            weight = np.outer(down[top, bottom], across[tile.left, tile.right])
            weight = weight.reshape(weight.shape + (1,) * (answer.ndim - 2))
            band[:, tile.left : tile.right] += answer * weight
        assert band is not None  # noqa: S101 - every row of tiles has one
        if index + 1 == len(rows):
            yield band
            return
        finished = rows[index + 1][0] - top
        yield band[:finished]
        open_rows = band[finished:]
        band = np.zeros((rows[index + 1][1] - rows[index + 1][0], *band.shape[1:]), np.float32)
        band[: len(open_rows)] = open_rows


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
    """One inpainting run: where, and which hole pixels of the tile it pastes back."""

    tile: Tile
    rows: NDArray[np.int32]
    columns: NDArray[np.int32]


def hole_tiles(
    holes: Components, *, margin: int, tile: int = 512, multiple: int = 16
) -> list[HoleTile]:
    """Few tiles that together fill every hole pixel exactly once.

    Components share a cell of a grid (tile minus both margins) by their centre; one that
    reaches further than half a margin out of its cell is divided along the grid. Cells whose
    boxes fit one tile together are joined. Every pasted pixel has at least half a margin of
    picture around it inside its tile, where the picture goes on.
    """
    margin = min(margin, tile // 4)
    rows, columns = holes.rows, holes.columns
    if not len(rows):
        return []
    owner = _owners(holes, tile - 2 * margin - multiple, margin // 2)
    order = np.argsort(owner, kind="stable")
    cells = np.split(order, np.flatnonzero(np.diff(owner[order])) + 1)
    pieces = []
    for members, box in _join([_box(rows[c], columns[c]) for c in cells], tile, margin):
        area = _grow(box, margin, multiple, holes.shape)
        inside = np.concatenate([cells[number] for number in members])
        pieces.append(HoleTile(area, rows[inside] - area.top, columns[inside] - area.left))
    return pieces


def _owners(holes: Components, core: int, reach: int) -> NDArray[np.int64]:
    """The grid cell that fills each hole pixel: its component's if that stays near, else its own.

    One number a hole pixel and not a plane: of a large scan few pixels are holes.
    """
    down, across = _cells(holes.shape[0], core), _cells(holes.shape[1], core)
    width = int(across[-1]) + 1
    left, top, wide, tall = holes.boxes
    column, row = holes.centres.astype(np.int64)
    near = _near(down, row, top, top + tall, reach)
    near &= _near(across, column, left, left + wide, reach)
    home = down[row] * width + across[column]
    own = down[holes.rows] * width + across[holes.columns]
    return np.asarray(np.where(near[holes.component], home[holes.component], own), np.int64)


def _cells(length: int, core: int) -> NDArray[np.int64]:
    """The number of the even cell, at most `core` px long, of each position of an axis."""
    return np.arange(length) * max(1, math.ceil(length / core)) // length


def _near(
    cells: NDArray[np.int64],
    at: NDArray[np.int64],
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    reach: int,
) -> NDArray[np.bool_]:
    """Does each start..stop stay within `reach` of the cell that holds `at`?"""
    first = np.searchsorted(cells, cells[at])
    last = np.searchsorted(cells, cells[at], "right")
    return np.asarray((start >= first - reach) & (stop <= last + reach))


def _box(rows: NDArray[np.int32], columns: NDArray[np.int32]) -> Tile:
    return Tile(int(rows.min()), int(columns.min()), int(rows.max()) + 1, int(columns.max()) + 1)


def _join(boxes: list[Tile], size: int, margin: int) -> list[tuple[set[int], Tile]]:
    """Sets of box numbers that fit one tile, and the box around each set."""
    joined: list[tuple[set[int], Tile]] = []
    for cell, box in enumerate(boxes):
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
