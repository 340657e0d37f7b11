"""The fill of thin holes: the surface of least bending through their rim (biharmonic)."""

import numpy as np
from numpy.typing import NDArray
from skimage.restoration import inpaint_biharmonic

from pipeline.engine.pixels import Picture, rgb
from training.imaging.tiling import Tile

CELL = 384  # px: systems of equations stay small, and so does memory
REACH = 32  # px around a cell: what lies further away bends the surface no more


def fill_thin(
    image: Picture, hole: NDArray[np.bool_], todo: NDArray[np.bool_], answer: NDArray[np.float32]
) -> None:
    """Write the biharmonic fill (Damelin and Hoang 2018) of the `todo` pixels into `answer`.

    `image` H x W (x 3), stored pixels; `hole` H x W, all that is unknown; `answer` N x 3 in
    0..1, one row a `todo` pixel in reading order. Cell by cell: what lies beyond a cell's
    surroundings counts as unknown too. A cell without sound ground keeps what `answer` holds.
    """
    place = np.full(todo.shape, -1, np.int32)
    place[todo] = np.arange(len(answer))
    for cell in _cells(todo):
        around = _grown(cell, todo.shape)
        unknown = hole[around.window]
        if unknown.all():
            continue
        surface = _solved(rgb(image[around.window]), unknown)
        own = place[cell.window]
        rows, columns = np.nonzero(own >= 0)
        shifted = surface[rows + cell.top - around.top, columns + cell.left - around.left]
        answer[own[rows, columns]] = shifted


def _solved(part: NDArray[np.float32], unknown: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Grey parts are solved once. Overshoot ends where the part's own tones end."""
    grey = bool((part[..., :1] == part).all())
    known = part[..., :1] if grey else part
    solved = inpaint_biharmonic(
        np.where(unknown[..., None], 0, known), unknown, channel_axis=-1
    ).astype(np.float32)
    return np.broadcast_to(solved, part.shape)


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
