"""Which photos teach colours: coloured ones, portraits apart from scenes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from training.augmentation.portraits import key_ground
from training.imaging.colour import rgb_to_ycbcr
from training.run_folder import Item, RunError
from training.trainers.data import Picture, Pool


def coloured_pools(train: Pool, held: Pool) -> tuple[Pool, Pool]:
    """What is `coloured` of both; the training photos stand in where nothing of that is held out.

    Raises RunError where none of the training photos has colours.
    """
    taught = coloured(train)
    if not len(taught):
        raise RunError("no photo has colours to learn from")
    asked = coloured(held)
    return taught, asked if len(asked) else taught


def coloured(pool: Pool) -> Pool:
    """The pool without grey and sepia photos: they would teach that the world has no colour.

    Photos that somebody painted on teach by their strokes alone (`hints`).
    """
    kept = [i for i in pool.items if not i.colour_hints and has_colour(pool.photo(i))]
    return Pool(pool.run, kept)


def has_colour(photo: Picture) -> bool:
    """Whether chroma varies by more than 3 levels (sepia has one hue and fails)."""
    chroma = rgb_to_ycbcr(np.ascontiguousarray(photo[::8, ::8]))[..., 1:].astype(float)
    return bool(chroma.std(axis=(0, 1)).max() > 3)


def scenes_of(pool: Pool) -> Pool | None:
    """The photos that may stand behind a sitter; None where there are portraits alone."""
    kept = [item for item in pool.items if not is_portrait(item)]
    return Pool(pool.run, kept) if kept else None


def is_portrait(item: Item) -> bool:
    return "portrait" in item.image + item.group


def chroma_of(pool: Pool) -> Iterator[Picture]:
    """Cb and Cr (h x w x 2, 0..255) of every sixteenth row and column of each photo, as often as
    it is drawn."""
    heaviest = max(item.weight for item in pool.items)
    for item in pool.items:
        step = max(4, round(16 * (heaviest / item.weight) ** 0.5))
        thin = np.ascontiguousarray(pool.photo(item)[::step, ::step])
        yield np.asarray(rgb_to_ycbcr(thin)[..., 1:], np.uint8)


def kind_of(item: Item, photo: Picture) -> str:
    """Studio portraits (before a plain ground) are one kind, other portraits and scenes others.

    `photo` is H x W x 3 RGB.
    """
    if not is_portrait(item):
        return "photos"
    return "portraits" if key_ground(photo) is None else "studio"


def mean_chroma(pool: Pool, photos: int = 60) -> tuple[float, float]:
    """Mean Cb and Cr of the training photos: the baseline that knows only the average."""
    items = pool.items[:: max(1, len(pool) // photos)][:photos]
    means = [rgb_to_ycbcr(pool.photo(item))[..., 1:].mean((0, 1)) for item in items]
    cb, cr = np.mean(means, axis=0)
    return float(cb), float(cr)
