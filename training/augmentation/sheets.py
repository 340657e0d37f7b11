"""The sheet of `preview_synthesis`: drawn damage, its labels, and real old photos beside it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.imaging.colour import luma as luma_of

from .preview import contact_sheet, tint
from .samples import colorization_sample, crop, inpainting_sample, segmentation_sample

Bytes = NDArray[np.uint8]
PER_ROW = 6


def damage_sheet(
    photos: Sequence[Bytes],
    real: Sequence[Bytes],
    *,
    stage: str,
    size: int,
    count: int,
    seed: int,
    labels: bool,
) -> Bytes:
    """`count` samples of a stage from clean RGB photos, real ones in every second place.

    The n-th picture depends on (seed, n) alone. With `labels` every sample is followed by itself
    with its classes laid over. Raises ValueError where there is no photo.

    Photos are H x W x 3 uint8, as is the sheet; `size` is a sample's side in px.
    """
    if not photos:
        raise ValueError("no photo to draw damage on")
    pictures: list[Bytes] = []
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        seen, marks = _sample(photos[int(rng.integers(len(photos)))], stage, size, rng)
        pictures.append(seen)
        if labels:
            pictures.append(tint(seen, marks))
        if real:
            pictures.append(_window(real[number % len(real)], size, rng))
    return contact_sheet(pictures, columns=PER_ROW)


def _sample(photo: Bytes, stage: str, size: int, rng: np.random.Generator) -> tuple[Bytes, Bytes]:
    """(what a network of the stage sees, classes or hole)."""
    if stage == "segmentation":
        return segmentation_sample(photo, size=size, rng=rng)
    if stage == "inpainting":
        rgb, hole = inpainting_sample(photo, size=size, rng=rng)
        return np.where(hole[..., None] > 0, np.uint8(255), rgb), np.asarray(hole * 4, np.uint8)
    luma, _ = colorization_sample(photo, size=size, rng=rng)
    return luma, np.zeros_like(luma)


def _window(photo: Bytes, size: int, rng: np.random.Generator) -> Bytes:
    """A grey piece of a real photo at the photo's own scale, or shrunk by at most two."""
    largest = max(size / min(photo.shape[:2]), 0.5)
    piece = crop(photo, size, rng, scales=(largest, max(largest, 1.0)))
    grey = np.asarray(luma_of(piece), np.uint8)
    framed = np.zeros_like(grey)
    framed[3:-3, 3:-3] = grey[3:-3, 3:-3]
    return framed
