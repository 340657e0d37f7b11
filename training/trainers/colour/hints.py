"""Which photos teach by what their owners painted, and how much each crop of them weighs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.augmentation.hinted import hinted_sample
from training.imaging.painted_colours import ColourStroke
from training.run_folder import Item
from training.trainers.data import Picture, Pool

Weights = NDArray[np.float32]
LEAST = 0.01  # of a crop's pixels: a dab on fewer does not weigh as much as a whole crop


def hinted(pool: Pool) -> Pool:
    """Photos with a stroke of a colour: their own colours are unknown, or not to be trusted."""
    return Pool(pool.run, [item for item in pool.items if any(map(_coloured, _strokes(item)))])


def sample(
    pool: Pool, size: int, weight: float, rng: np.random.Generator
) -> tuple[Picture, Picture, Weights]:
    """(luma S x S, YCbCr S x S x 3, weight of each pixel S x S) of a hinted photo's crop.

    The pixels below strokes share `weight` ordinary crops' weight, all others have none.
    """
    item = pool.draw(rng)
    luma, target, known = hinted_sample(pool.photo(item), _strokes(item), size=size, rng=rng)
    share = max(float(known.mean()), LEAST)
    return luma, target, known.astype(np.float32) * np.float32(weight / share)


def _strokes(item: Item) -> list[ColourStroke]:
    return [ColourStroke.from_json(each) for each in item.colour_hints or ()]


def _coloured(stroke: ColourStroke) -> bool:
    return stroke.colour is not None
