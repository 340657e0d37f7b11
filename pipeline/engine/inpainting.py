"""Stage 2: fill what is damaged: thin holes by a smooth surface, wide ones by the network."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from config.words.pairs import Said, said
from pipeline.engine.fill.biharmonic import fill_thin
from pipeline.engine.fill.coarse import fits, margin, middle, start_large
from pipeline.engine.fill.edges import grown_to_edges
from pipeline.engine.fill.grain import NARROWEST, add_grain
from pipeline.engine.fill.tiles import pieces_of, run_pieces
from pipeline.engine.fill.widths import THIN, at_least, biharmonic_share
from pipeline.engine.networks import Network
from pipeline.engine.pixels import Picture, rgb, stored
from pipeline.engine.progress import Progress, silent, within
from training.imaging.holes import Holes, distances, find_holes

# How often a hole may be larger than trained and still be guessed from a shrunken copy; one of
# at most a third of the picture's shorter side always is.
COARSEST = 4.0
SIDE = 1 / 3
FADE = 1  # px of sound picture around a grown mark that are softened towards the fill
TRAINED = 96.0  # px, for a card that does not say


@dataclass
class Filled:
    """The picture and what has to be said about it (sizes in px of the picture).

    `methods` are shares of all filled pixels: "biharmonic" (thin), "mixed" (both methods, by
    depth) and "network"; "grain" is the share of filled pixels that got grain.
    """

    image: Picture
    largest: float = 0.0
    limit: float = math.inf
    tiles: int = 0
    coarse: list[float] = field(default_factory=list)
    unfilled: list[float] = field(default_factory=list)
    methods: dict[str, float] = field(default_factory=dict)

    def warnings(self) -> list[Said]:
        """For people, largest hole first."""
        limit = _finite(self.limit)
        return [
            *(_left_unfilled(size, limit) for size in self.unfilled),
            *(_guessed(size, limit) for size in self.coarse),
        ]

    def report(self) -> dict[str, Any]:
        """What a report says of the fill: sizes in px, shares of all filled pixels."""
        return {
            "largest_hole": _finite(self.largest),
            "hole_size_max": _finite(self.limit),
            "tiles": self.tiles,
            "guessed": [_finite(size) for size in self.coarse],
            "unfilled": [_finite(size) for size in self.unfilled],
            "methods": {name: round(share, 4) for name, share in self.methods.items()},
            "warnings": self.warnings(),
        }

    def after(self, before: Mapping[str, Any], part: float) -> Filled:
        """The same with what the `report` of an earlier fill of other marks said.

        `part` is the share of this fill in what both filled, 0..1.
        """
        mine, other = self.methods, before.get("methods", {})
        return replace(
            self,
            largest=max(self.largest, *_sizes([before.get("largest_hole", 0.0)])),
            tiles=self.tiles + before.get("tiles", 0),
            coarse=_largest_first(self.coarse, before.get("guessed", [])),
            unfilled=_largest_first(self.unfilled, before.get("unfilled", [])),
            methods={
                name: part * mine.get(name, 0.0) + (1 - part) * other.get(name, 0.0)
                for name in {**other, **mine}
            },
        )


def _sizes(reported: Iterable[float | None]) -> list[float]:
    """What `_finite` made reportable."""
    return [math.inf if size is None else size for size in reported]


def _largest_first(sizes: Sequence[float], reported: Iterable[float | None]) -> list[float]:
    return sorted([*sizes, *_sizes(reported)], reverse=True)


def _finite(size: float) -> float | None:
    return round(size, 1) if math.isfinite(size) else None


def _left_unfilled(size: float, limit: float | None) -> Said:
    if math.isfinite(size):
        return said("engine.hole-unfilled", size=size, limit=limit)
    return said("engine.whole-unfilled", limit=limit)


def _guessed(size: float, limit: float | None) -> Said:
    if math.isfinite(size):
        return said("engine.hole-guessed", size=size, limit=limit)
    return said("engine.whole-guessed", limit=limit)


def fill_marks(
    image: Picture,
    bits: NDArray[np.generic],
    network: Network,
    *,
    grain: Generator | None = None,
    progress: Progress = silent,
) -> Filled:
    """Fill what is marked (H x W, non-zero), each mark grown to where its damage really ends.

    What lies further than `FADE` px from the grown marks comes back bit-identical.
    """
    mask = grown_to_edges(image, bits)
    return fill_defects(image, mask, network, fade=FADE, grain=grain, progress=progress)


def fill_defects(
    image: Picture,
    mask: NDArray[np.bool_],
    network: Network,
    *,
    fade: int = 0,
    grain: Generator | None = None,
    progress: Progress = silent,
) -> Filled:
    """Fill the true pixels of `mask`, H x W; all others come back bit-identical.

    With `fade` so many px of sound picture around what was filled are softened towards it, and
    what lies further out is bit-identical. With `grain` fills wider than 3 px get the grain of
    their surroundings. Holes that the network cannot fill in one go are filled coarse to fine;
    those above the card's `hole_size_max` are named in the answer as guessed, and those above
    `COARSEST` times that and a third of the picture's shorter side stay as they are.
    """
    limit = float(network.card.get("hole_size_max") or TRAINED)
    result = Filled(image.copy(), limit=limit)
    if not mask.any():
        return result
    work = _sort_out(result, mask, network, within(progress, 0, 0.3))
    filled = work.filled
    _fill(result, work, network, within(progress, 0.3, 1.0))
    if grain is not None and network.learnt:
        wide = at_least(filled, NARROWEST + 1)
        add_grain(result.image, filled, wide, grain)
        result.methods["grain"] = _share(wide, filled)
    if fade:
        _fade_out(result.image, mask & filled, fade)
    return result


@dataclass(frozen=True)
class _Work:
    """What is filled in the end, what of it at full size, and what is unknown meanwhile: planes
    H x W; `depth` is the distance of each pixel to be filled from what is known, px."""

    filled: NDArray[np.bool_]
    todo: NDArray[np.bool_]
    unknown: NDArray[np.bool_]
    depth: NDArray[np.float32]


def _sort_out(
    result: Filled, mask: NDArray[np.bool_], network: Network, progress: Progress
) -> _Work:
    """The work at full size; large holes have been started."""
    holes = find_holes(mask)
    sizes, limit = holes.sizes, result.limit
    result.largest = float(sizes.max())
    order = sorted(range(len(sizes)), key=lambda k: -sizes[k])
    most = max(limit * COARSEST, SIDE * min(mask.shape))
    too_large = [k for k in order if sizes[k] > most or math.isinf(sizes[k])]
    large = [k for k in order if fits(limit) < sizes[k] and k not in too_large]
    result.unfilled = [float(sizes[k]) for k in too_large]
    result.coarse = [float(sizes[k]) for k in large if sizes[k] > limit]
    if not too_large and not large:
        return _Work(mask, mask, mask, holes.depth)
    unknown = mask.copy()
    for number, label in enumerate(large):
        progress(number / len(large), said("engine.filling-large"))
        _start(result, mask, unknown, holes, label, network)
    filled = mask.copy()
    filled[holes.pixels(too_large)] = False
    todo = unknown & filled
    return _Work(filled, todo, unknown, distances(unknown)[todo])


def _start(
    result: Filled,
    mask: NDArray[np.bool_],
    unknown: NDArray[np.bool_],
    holes: Holes,
    label: int,
    network: Network,
) -> None:
    """Write a soft start into a large hole of `result`; its middle is no longer unknown."""
    rows, columns = holes.pixels([label])
    window = _window(rows, columns, margin(float(holes.sizes[label]), result.limit))
    inside = np.zeros(mask[window].shape, bool)
    inside[rows - window[0].start, columns - window[1].start] = True
    part = result.image[window]
    start = start_large(rgb(part), mask[window], network, result.limit)
    part[inside] = stored(start[inside], result.image)
    unknown[window] &= ~(inside & middle(inside, result.limit))


def _window(
    rows: NDArray[np.int32], columns: NDArray[np.int32], margin: int
) -> tuple[slice, slice]:
    return (
        slice(max(0, int(rows.min()) - margin), int(rows.max()) + 1 + margin),
        slice(max(0, int(columns.min()) - margin), int(columns.max()) + 1 + margin),
    )


def _fill(result: Filled, work: _Work, network: Network, progress: Progress) -> None:
    """Fill the pixels of `work.todo`, each by the method for its hole's local width.

    Baselines fill alone: a study compares them as they are published.
    """
    image, todo, unknown = result.image, work.todo, work.unknown
    place = np.flatnonzero(todo)
    if not len(place):
        return
    wide = at_least(unknown, THIN) & todo if network.learnt else todo
    answer = rgb(image[todo][:, None])[:, 0]
    if network.learnt:
        fill_thin(image, unknown, todo, place, answer)
    result.methods = _methods(wide, todo, network)
    if wide.any():
        pieces = pieces_of(wide, max(16, network.run.multiple))
        result.tiles = len(pieces)
        for piece, found in run_pieces(image, unknown, pieces, network, progress):
            rows, columns = piece.rows + piece.tile.top, piece.columns + piece.tile.left
            own = np.searchsorted(place, rows.astype(np.int64) * todo.shape[1] + columns)
            smooth = biharmonic_share(work.depth[own])[:, None] if network.learnt else 0
            answer[own] = answer[own] * smooth + found * (1 - smooth)
    image[todo] = stored(answer, image)


def _methods(
    wide: NDArray[np.bool_], todo: NDArray[np.bool_], network: Network
) -> dict[str, float]:
    share = _share(wide, todo)
    if not network.learnt:
        return {"network": 1.0}
    return {"biharmonic": 1 - share, "mixed": share}


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    return float(np.count_nonzero(part)) / max(1, int(np.count_nonzero(whole)))


def _fade_out(image: Picture, mask: NDArray[np.bool_], fade: int) -> None:
    """Draw, in place, the pixels at most `fade` px around the mask towards the mean of 3 x 3."""
    rows, columns, away = _beside(mask, fade)
    share = (1 - away / np.float32(fade + 1))[:, None]
    old = rgb(image[rows, columns][:, None])[:, 0]
    mean = np.zeros_like(old)
    for down, right in product((-1, 0, 1), repeat=2):
        y, x = (
            (rows + down).clip(0, mask.shape[0] - 1),
            (columns + right).clip(0, mask.shape[1] - 1),
        )
        mean += rgb(image[y, x][:, None])[:, 0] / np.float32(9)
    image[rows, columns] = stored(old + (mean - old) * share, image)


def _beside(
    mask: NDArray[np.bool_], reach: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """(rows, columns, distance in px) of what lies outside the mask, at most `reach` px away."""
    height, width = mask.shape
    grown = cv2.dilate(mask.astype(np.uint8), np.ones((2 * reach + 1,) * 2, np.uint8))
    rows, columns = np.nonzero((grown > 0) & ~mask)
    away = np.full(len(rows), np.inf, np.float32)
    for down, right in product(range(-reach, reach + 1), repeat=2):
        y, x = rows + down, columns + right
        inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
        near = inside & mask[y.clip(0, height - 1), x.clip(0, width - 1)]
        away[near] = np.minimum(away[near], np.float32(np.hypot(down, right)))
    kept = away <= reach
    return rows[kept], columns[kept], away[kept]
