"""The chroma of a photograph from several views of it, drawn to one tint where they disagree.

A network that is sure gives a street the same colours in the mirror and at five eighths of its
size; where it guesses, the guesses differ. Their mean is right more often, and what is left of the
doubt is better spent on one tint over the whole photograph than on patches. Where the views
disagree all over, the photograph gets less of all colours. Figures are in `docs/weights.md`.
"""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from training.imaging.tiling import blend_tiles, even_tiles

Plane = NDArray[np.float32]
Predict = Callable[[Plane], Plane]

SIDE = 512  # px: the long side of what the network sees
ELONGATED = 2.0  # times as long as wide: from here on the short side counts, and pieces are joined
STRIDE = 32  # px: views are resized to multiples, a padded rim bleeds into what lies beside it
# (size, mirrored). Small views tell what a thing is, large ones where it ends.
TWO = ((1.0, False), (0.625, True))
FOUR = (*TWO, (1.0, True), (0.625, False))
DOUBT = 8.0  # levels of deviation between views at which half of the chroma gives way
NEAR = 8.0  # px: deviation of the Gaussian over the doubt, so that no edge of it is seen
TINT = 0.5  # of the photograph's mean chroma stays where there is nothing but doubt


def predict_chroma(
    predict: Predict,
    luma: NDArray[np.floating],
    views: Sequence[tuple[float, bool]] = TWO,
    *,
    side: int = SIDE,
) -> Plane:
    """Cb - 128 and Cr - 128 of a photograph, h x w x 2, at the small size that it is told at.

    `luma` is H x W in 0..1, `predict` maps h x w to h x w x 2 and pads for itself. The area is
    bounded, not the long side: a panorama gets what its pieces would get.
    """
    small = bounded(luma, side)
    tiles = even_tiles(*small.shape, tile=side, overlap=side // 4)
    found = blend_tiles(lambda part: _viewed(predict, np.asarray(part), views), small, tiles)
    return _settled(found[..., :2], found[..., 2:])


def bounded(luma: NDArray[np.floating], side: int = SIDE) -> Plane:
    """H x W shrunk by area until the long side, or `ELONGATED` short ones, are `side` px."""
    height, width = luma.shape
    scale = side / min(max(height, width), ELONGATED * min(height, width))
    if scale >= 1:
        return np.asarray(luma, np.float32)
    tall, wide = (max(1, round(scale * side)) for side in luma.shape)
    return _resized(np.asarray(luma, np.float32), tall, wide)


def _viewed(predict: Predict, part: Plane, views: Sequence[tuple[float, bool]]) -> Plane:
    """h x w x 3: mean Cb and Cr of the views, and their deviation in levels."""
    all_of_them = np.stack([_view(predict, part, *view) for view in views])
    mean = all_of_them.mean(axis=0)
    doubt = np.sqrt(((all_of_them - mean) ** 2).sum(axis=-1).mean(axis=0))
    return np.dstack([mean, cv2.GaussianBlur(doubt, (0, 0), NEAR)])


def _view(predict: Predict, part: Plane, scale: float, mirrored: bool) -> Plane:
    """Chroma of one view, h x w x 2, at the part's own size."""
    tall, wide = (max(STRIDE, STRIDE * round(scale * side / STRIDE)) for side in part.shape)
    seen = part if (tall, wide) == part.shape else _resized(part, tall, wide)
    chroma = predict(np.ascontiguousarray(seen[:, ::-1]))[:, ::-1] if mirrored else predict(seen)
    if chroma.shape[:2] == part.shape:
        return np.asarray(chroma, np.float32)
    back = cv2.resize(np.ascontiguousarray(chroma), part.shape[::-1], interpolation=cv2.INTER_CUBIC)
    return np.asarray(back, np.float32)


def _settled(chroma: Plane, doubt: Plane) -> Plane:
    """h x w x 2 drawn to the photograph's own tint as far as h x w x 1 levels of doubt say, and
    all of it to grey as far as the photograph's mean doubt says."""
    sure = 1 / (1 + (doubt / np.float32(DOUBT)) ** 2)
    tint = (sure * chroma).mean(axis=(0, 1)) / sure.mean()
    drawn = sure * chroma + (1 - sure) * np.float32(TINT) * tint
    return np.asarray(np.float32(_agreement(chroma, doubt)) * drawn, np.float32)


def _agreement(chroma: Plane, doubt: Plane) -> float:
    """0..1: the share of a photograph's chroma (h x w x 2) that its doubt (h x w x 1) leaves, as
    Wiener's filter has it: power of the signal over that of signal and noise."""
    power = float((chroma**2).sum(axis=-1).mean())
    return power / max(power + float((doubt**2).mean()), 1e-6)


def _resized(plane: Plane, tall: int, wide: int) -> Plane:
    return np.asarray(cv2.resize(plane, (wide, tall), interpolation=cv2.INTER_AREA), np.float32)
