"""Run the network on the tiles that hold wide holes, and on nothing else, several at a time."""

import math
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from config.words.pairs import said
from pipeline.engine.networks import Network
from pipeline.engine.pixels import Picture, rgb
from pipeline.engine.progress import Progress
from training.imaging.holes import Components, find_holes
from training.imaging.tiling import HoleTile, Tile, hole_tiles

# px. Small tiles waste least on scattered holes, large ones share their margins among close ones.
TILES = (128, 256, 512)
# A run costs about as much as RUN pixels besides its own.
RUN = 4096
MARGINS = (16, 128)  # px of surroundings, at least and at most: as much as the hole is wide
SIZES = (16.0, 32.0)  # px: holes of one size share tiles
TOGETHER = 2**18  # px of the tiles that run at once: what one large tile would take


def pieces_of(todo: NDArray[np.bool_], multiple: int) -> list[HoleTile]:
    """Tiles for the true pixels of H x W: small holes on small tiles, larger ones on larger."""
    holes = find_holes(todo)
    most = float(max(todo.shape))
    pieces = []
    for least, below in pairwise((0.0, *SIZES, math.inf)):
        chosen = [k for k, size in enumerate(holes.sizes) if least <= min(size, most) < below]
        if chosen:
            widest = min(most, max(float(holes.sizes[k]) for k in chosen))
            pieces += pieces_for(holes.chosen(chosen), widest, multiple)
    return pieces


def pieces_for(todo: Components, widest: float, multiple: int) -> list[HoleTile]:
    """The cheapest set of tiles for these holes; `widest` is the largest of them, px.

    Sides are multiples of the network's where the picture is large enough.
    """
    margin = math.ceil(float(np.clip(widest, *MARGINS)) / 8) * 8
    rounded = {math.ceil(max(side, 5 * margin) / multiple) * multiple for side in TILES}
    ways = (_aligned(todo, margin, side, multiple) for side in sorted(rounded))
    return min(ways, key=lambda pieces: sum(piece.tile.pixels + RUN for piece in pieces))


def _aligned(todo: Components, margin: int, side: int, multiple: int) -> list[HoleTile]:
    """A component may reach half a margin out of its cell on both sides: so much less is asked
    for, and the side is rounded up to the network's multiple afterwards."""
    pieces = hole_tiles(todo, margin=margin, tile=side - margin, multiple=1)
    return [_grown(piece, multiple, todo.shape) for piece in pieces]


def _grown(piece: HoleTile, multiple: int, shape: tuple[int, ...]) -> HoleTile:
    top, bottom = _side(piece.tile.top, piece.tile.bottom, multiple, shape[0])
    left, right = _side(piece.tile.left, piece.tile.right, multiple, shape[1])
    rows, columns = piece.rows + (piece.tile.top - top), piece.columns + (piece.tile.left - left)
    return HoleTile(Tile(top, left, bottom, right), rows, columns)


def _side(start: int, stop: int, multiple: int, length: int) -> tuple[int, int]:
    """Grown evenly to a multiple, inside 0..length."""
    side = math.ceil((stop - start) / multiple) * multiple
    start = max(0, min(start - (side - stop + start) // 2, length - side))
    return start, min(length, start + side)


def run_pieces(
    image: Picture,
    unknown: NDArray[np.bool_],
    pieces: list[HoleTile],
    network: Network,
    progress: Progress,
) -> Iterator[tuple[HoleTile, NDArray[np.float32]]]:
    """Every piece with its answer N x 3 in 0..1; nothing under `unknown` (H x W) is looked at.

    `image` holds stored pixels, or H x W x 3 of float32 in 0..1.
    """
    done = 0
    for batch in _batches(pieces):
        progress(done / len(pieces), said("engine.filling", tile=done + 1, tiles=len(pieces)))
        done += len(batch)
        windows = [piece.tile.window for piece in batch]
        seen = [_floats(image[window]) for window in windows]
        valid = [(~unknown[window]).astype(np.float32) for window in windows]
        for piece, answer in zip(batch, network.run.many(seen, valid), strict=True):
            yield piece, answer[piece.rows, piece.columns]


def _floats(part: Picture) -> NDArray[np.float32]:
    return part if part.dtype == np.float32 else rgb(part)


def _batches(pieces: list[HoleTile]) -> Iterator[list[HoleTile]]:
    """Pieces of one size together, as many as TOGETHER allows."""
    by_size: dict[tuple[int, int], list[HoleTile]] = defaultdict(list)
    for piece in pieces:
        tile = piece.tile
        by_size[tile.bottom - tile.top, tile.right - tile.left].append(piece)
    for (height, width), alike in by_size.items():
        count = max(1, TOGETHER // (height * width))
        yield from (alike[k : k + count] for k in range(0, len(alike), count))
