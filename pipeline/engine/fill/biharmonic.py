"""The fill of thin holes, cell by cell: see `biharmonic_surface`."""

import numpy as np
from numpy.typing import NDArray

from pipeline.engine.fill.biharmonic_surface import surface
from pipeline.engine.pixels import Picture, peak
from training.imaging.tiling import Tile

CELL = 384  # px: systems of equations stay small, and so does memory
REACH = 32  # px around a cell: what lies further away bends the surface no more


def fill_thin(
    image: Picture,
    hole: NDArray[np.bool_],
    todo: NDArray[np.bool_],
    place: NDArray[np.int64],
    answer: NDArray[np.float32],
) -> None:
    """Write the biharmonic fill (Damelin and Hoang 2018) of the `todo` pixels into `answer`.

    `image` H x W (x 3), stored pixels; `hole` H x W, all that is unknown; `answer` N x 3 in
    0..1, one row a `todo` pixel in reading order, and `place` their flat indices. Cell by cell:
    what lies beyond a cell's surroundings counts as unknown too. A cell without sound ground
    keeps what `answer` holds.
    """
    for cell in _cells(todo):
        around = _grown(cell, todo.shape)
        unknown = hole[around.window]
        if unknown.all():
            continue
        solved = surface(_seen(image[around.window]), unknown)
        rows, columns = np.nonzero(todo[cell.window])
        own = np.searchsorted(place, (rows + cell.top) * todo.shape[1] + columns + cell.left)
        inside = np.flatnonzero(unknown)
        rows, columns = rows + cell.top - around.top, columns + cell.left - around.left
        answer[own] = solved[np.searchsorted(inside, rows * unknown.shape[1] + columns)]


def _seen(part: Picture) -> NDArray[np.float32]:
    """h x w x C in 0..1: grey parts have one channel and are solved once."""
    if part.ndim == 3 and bool((part[..., :1] == part).all()):
        part = part[..., 0]
    values = part.astype(np.float32) / np.float32(peak(part))
    return values if values.ndim == 3 else values[..., None]


def _cells(todo: NDArray[np.bool_]) -> list[Tile]:
    height, width = todo.shape
    tiles = [
        Tile(top, left, min(top + CELL, height), min(left + CELL, width))
        for top in range(0, height, CELL)
        for left in range(0, width, CELL)
    ]
    return [tile for tile in tiles if todo[tile.window].any()]


def _grown(cell: Tile, shape: tuple[int, ...]) -> Tile:
    return Tile(
        max(0, cell.top - REACH),
        max(0, cell.left - REACH),
        min(shape[0], cell.bottom + REACH),
        min(shape[1], cell.right + REACH),
    )
