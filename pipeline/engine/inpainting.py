"""Stage 2: fill what is damaged, on tiles around the holes, with the hole-size guard."""

import math
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.networks import Network
from pipeline.engine.pixels import Picture, rgb, stored
from pipeline.engine.progress import Progress, silent, within
from pipeline.engine.segmentation import FEATHER
from training.imaging.holes import Holes, distances, find_holes, hole_sizes
from training.imaging.tiling import HoleTile, hole_tiles

# Scattered specks are filled with the fewest pixels on small tiles, close ones on large tiles
# whose margins overlap less. A run costs about as much as RUN pixels besides its own.
TILES = (384, 512, 768, 1024)
RUN = 16_384
MARGINS = (48, 128)
# How often a hole may be larger than trained and still be started from a shrunken copy.
COARSEST = 4.0
TRAINED = 96.0  # px, for a card that does not say


@dataclass
class Filled:
    """The picture and what has to be said about it (sizes in px of the picture)."""

    image: Picture
    largest: float = 0.0
    limit: float = math.inf
    tiles: int = 0
    coarse: list[float] = field(default_factory=list)
    unfilled: list[float] = field(default_factory=list)

    def warnings(self) -> list[str]:
        """Sentences for people, largest hole first."""
        trained = f"this model was trained up to {self.limit:.0f} px"
        left = [f"A {_name(size)} was left unfilled: {trained}." for size in self.unfilled]
        soft = [
            f"A {_name(size)} was filled from a smaller copy and may look soft: {trained}."
            for size in self.coarse
        ]
        return left + soft

    def report(self) -> dict[str, Any]:
        return {
            "largest_hole": _finite(self.largest),
            "hole_size_max": _finite(self.limit),
            "tiles": self.tiles,
            "coarse": [_finite(size) for size in self.coarse],
            "unfilled": [_finite(size) for size in self.unfilled],
            "warnings": self.warnings(),
        }


def _finite(size: float) -> float | None:
    return round(size, 1) if math.isfinite(size) else None


def _name(size: float) -> str:
    return f"hole of {size:.0f} px" if math.isfinite(size) else "hole that covers the whole picture"


def fill_defects(
    image: Picture, mask: NDArray[np.bool_], network: Network, *, progress: Progress = silent
) -> Filled:
    """Fill the true pixels of `mask` (already grown); all others come back bit-identical.

    Holes larger than the card's `hole_size_max` start from a copy shrunk until they fit; those
    that would need more than `COARSEST` times are left as they are and named in the answer.
    """
    limit = float(network.card.get("hole_size_max") or TRAINED)
    result = Filled(image.copy(), limit=limit)
    if not mask.any():
        return result
    holes = find_holes(mask)
    sizes = holes.sizes
    result.largest = float(sizes.max())
    order = sorted(range(len(sizes)), key=lambda k: -sizes[k])
    too_large = [k for k in order if sizes[k] > limit * COARSEST or math.isinf(sizes[k])]
    large = [k for k in order if limit < sizes[k] <= limit * COARSEST]
    result.unfilled = [float(sizes[k]) for k in too_large]
    result.coarse = [float(sizes[k]) for k in large]
    todo, unknown, widest = mask, mask, result.largest
    if too_large or large:
        unknown = _start_coarse(result, mask, holes, large, network, progress)
        todo = unknown.copy()
        todo[holes.pixels(too_large)] = False
        widest = max(hole_sizes(todo), default=0.0)
    share = within(progress, 0.3 if large else 0.0, 1.0)
    pieces = _pieces(todo, widest, network)
    _fill_tiles(result.image, mask, unknown, pieces, network, share)
    result.tiles = len(pieces)
    return result


def _fill_tiles(
    image: Picture,
    mask: NDArray[np.bool_],
    unknown: NDArray[np.bool_],
    pieces: list[HoleTile],
    network: Network,
    progress: Progress,
) -> None:
    """Fills the pieces of `image` in place; nothing under `unknown` is looked at."""
    for index, piece in enumerate(pieces):
        progress(index / len(pieces), f"Filling damage, tile {index + 1} of {len(pieces)}")
        window, inside = piece.tile.window, (piece.rows, piece.columns)
        part = image[window]
        valid = (~unknown[window]).astype(np.float32)
        answer = network.run(rgb(part), valid)[inside]
        before = rgb(part[inside][:, None])[:, 0]
        weight = _share_of_answer(mask, piece)[:, None]
        part[inside] = stored(before + (answer - before) * weight, image)


def _share_of_answer(mask: NDArray[np.bool_], piece: HoleTile) -> NDArray[np.float32]:
    """0..1 for every pixel of the piece: the fill fades into the picture inside the mask's rim."""
    reach = FEATHER + 2  # past the rim the weight is 1: no plane of the whole picture is needed
    top, left = max(0, piece.tile.top - reach), max(0, piece.tile.left - reach)
    around = mask[top : piece.tile.bottom + reach, left : piece.tile.right + reach]
    depth = distances(around)[
        piece.rows + (piece.tile.top - top), piece.columns + (piece.tile.left - left)
    ]
    return np.asarray(np.minimum(depth / np.float32(FEATHER + 1), 1), np.float32)


def _pieces(todo: NDArray[np.bool_], widest: float, network: Network) -> list[HoleTile]:
    multiple = max(16, network.run.multiple)
    size = float(np.clip(widest, *MARGINS))
    margin = math.ceil(size / 16) * 16
    least = max(4 * margin, 2 * margin + 2 * multiple)
    sides = sorted({max(side, least) for side in TILES})
    ways = (hole_tiles(todo, margin=margin, tile=side, multiple=multiple) for side in sides)
    return min(ways, key=lambda pieces: sum(piece.tile.pixels + RUN for piece in pieces))


def _start_coarse(
    result: Filled,
    mask: NDArray[np.bool_],
    holes: Holes,
    large: list[int],
    network: Network,
    progress: Progress,
) -> NDArray[np.bool_]:
    """Writes a soft start into every large hole; returns what is still unknown.

    Only a rim stays unknown, as deep as half the trained size allows: the full-size pass then
    joins the sharp surroundings to the soft middle.
    """
    unknown = mask.copy()
    for number, label in enumerate(large):
        progress(0.3 * number / len(large), "Filling a large hole from a smaller copy")
        size = float(holes.sizes[label])
        rows, columns = holes.pixels([label])
        window = _window(rows, columns, math.ceil(size))
        inside = np.zeros(mask[window].shape, bool)
        inside[rows - window[0].start, columns - window[1].start] = True
        factor = size / result.limit * 1.25
        start = _coarse(result.image[window], mask[window], inside, factor, network)
        part = result.image[window]
        part[inside] = stored(start[inside], result.image)
        middle = inside & (distances(inside) > result.limit / 4)
        unknown[window] &= ~middle
    return unknown


def _window(
    rows: NDArray[np.int32], columns: NDArray[np.int32], margin: int
) -> tuple[slice, slice]:
    return (
        slice(max(0, int(rows.min()) - margin), int(rows.max()) + 1 + margin),
        slice(max(0, int(columns.min()) - margin), int(columns.max()) + 1 + margin),
    )


def _coarse(
    part: Picture,
    mask: NDArray[np.bool_],
    hole: NDArray[np.bool_],
    factor: float,
    network: Network,
) -> NDArray[np.float32]:
    """`part` as RGB floats with `hole` filled on a copy shrunk by `factor`."""
    height, width = mask.shape
    size = (max(1, round(width / factor)), max(1, round(height / factor)))
    valid = (~mask).astype(np.float32)
    share = cv2.resize(valid, size, interpolation=cv2.INTER_AREA)
    seen = cv2.resize(rgb(part) * valid[..., None], size, interpolation=cv2.INTER_AREA)
    small = seen / np.maximum(share, 1e-6)[..., None]
    unknown = share < 0.999
    todo = unknown & (cv2.resize(hole.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0)
    for piece in _pieces(todo, max(hole_sizes(todo), default=0.0), network):
        window, inside = piece.tile.window, (piece.rows, piece.columns)
        answer = network.run(small[window], (~unknown[window]).astype(np.float32))
        small[window][inside] = answer[inside]
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
