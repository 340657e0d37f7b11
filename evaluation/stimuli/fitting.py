"""A picture made elsewhere is brought onto the photo it is of, or refused with the reason. Pure.

Whole factors of size, and crops or shifts of up to 16 px, which registration finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from config.words.pairs import Said, said
from training.imaging import colour

Picture = NDArray[Any]
Margins = tuple[int, int, int, int]  # px at top, right, bottom and left
NOTHING: Margins = (0, 0, 0, 0)
REACH = 16  # px that a picture may be cropped by on each side, or shifted
LARGEST_FACTOR = 8
ALIKE = 0.3  # correlation below which it does not show the photo
CLEARLY = 0.002  # by so much must a shift correlate better than none,
FINE, COARSE = 1.0, 12.0  # px: deviations of the Gaussians between which structure lies
LEFT = 0.6  # and so much at most of what was uncorrelated may be left: repairs differ either way
GREY_CHROMA = 2.0  # levels: the 99th percentile of chroma of what counts as grey
SAMPLE = 400  # px: longest side that chroma is looked at


class Unfit(ValueError):
    """The picture is not taken; its one argument says why."""


@dataclass(frozen=True)
class Fitted:
    """H x W (x 3) of the photo's size, uint8 or uint16; what was done, None if nothing; and what
    the picture had nothing of, where its border is repeated."""

    pixels: Picture
    said: Said | None = None
    lacks: Margins = NOTHING


def fit(picture: Picture, photo: Picture, *, coloured: bool = False, free: bool = False) -> Fitted:
    """`picture` on the grid of `photo`, both H x W or H x W x 3, uint8 or uint16.

    With `coloured` a grey picture is refused; with `free` any size of the photo's shape is taken
    and nothing is registered. Raises Unfit.
    """
    if coloured and is_grey(picture):
        raise Unfit(said("unfit.grey"))
    if free:
        return _resized(picture, photo)
    scaled, by = _scaled(picture, photo)
    moved, shift, lacks = _registered(scaled, photo)
    both = said("fitted.both", scaled=by, aligned=shift) if by and shift else None
    return Fitted(moved, both or by or shift, lacks)


def is_grey(picture: Picture, chroma: float = GREY_CHROMA) -> bool:
    """Whether no more than noise, below `chroma` levels of 8 bits, tells its channels apart."""
    if picture.ndim == 2:
        return True
    step = max(1, max(picture.shape[:2]) // SAMPLE)
    small = eight_bits(picture)[::step, ::step].astype(np.int16)
    return bool(np.percentile(small.max(axis=2) - small.min(axis=2), 99) < chroma)


def eight_bits(picture: Picture) -> NDArray[np.uint8]:
    """The same picture on 0..255."""
    if picture.dtype == np.uint16:
        return np.rint(picture.astype(np.float32) / 257).astype(np.uint8)
    return picture.astype(np.uint8, copy=False)


def _resized(picture: Picture, photo: Picture) -> Fitted:
    height, width = photo.shape[:2]
    tall, wide = picture.shape[:2]
    if abs(tall * width / (wide * height) - 1) > 0.02:
        raise Unfit(said("unfit.shape", wide=wide, tall=tall, width=width, height=height))
    if (tall, wide) == (height, width):
        return Fitted(picture)
    return Fitted(_to(picture, width, height), said("fitted.scaled", width=wide, height=tall))


def _to(picture: Picture, width: int, height: int) -> Picture:
    shrinks = picture.shape[1] > width
    way = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (width, height), interpolation=way))


def _scaled(picture: Picture, photo: Picture) -> tuple[Picture, Said | None]:
    """Brought to the photo's scale where it is a whole factor larger or smaller."""
    height, width = photo.shape[:2]
    tall, wide = picture.shape[:2]
    for factor in range(1, LARGEST_FACTOR + 1):
        if _near(tall, wide, height * factor, width * factor, factor):
            size = (max(1, round(wide / factor)), max(1, round(tall / factor)))
            if factor == 1:
                return picture, None
            return _to(picture, *size), said("fitted.reduced", factor=factor)
        if factor > 1 and _near(tall * factor, wide * factor, height, width, factor):
            return _to(picture, wide * factor, tall * factor), said(
                "fitted.enlarged", factor=factor
            )
    raise Unfit(said("unfit.size", wide=wide, tall=tall, width=width, height=height, reach=REACH))


def _near(tall: int, wide: int, height: int, width: int, factor: int) -> bool:
    reach = 2 * REACH * factor if factor == 1 else factor
    return abs(tall - height) <= reach and abs(wide - width) <= reach


def _registered(picture: Picture, photo: Picture) -> tuple[Picture, Said | None, Margins]:
    """Moved by whole px to where it correlates best with the photo, and what it lacks there."""
    down, right, best, still = _best_shift(_structure(picture), _structure(photo))
    if best < ALIKE:
        raise Unfit(said("unfit.other-photo", reach=REACH))
    same = picture.shape[:2] == photo.shape[:2]
    if same and still is not None and not _clearly_better(best, still):
        return picture, None, NOTHING
    if max(abs(down), abs(right)) > REACH and same:
        raise Unfit(said("unfit.shifted", right=right, down=down, reach=REACH))
    if same and (down, right) == (0, 0):
        return picture, None, NOTHING
    aligned = said("fitted.aligned", right=right, down=down)
    lacks = _lacks(picture, photo.shape[:2], down, right)
    return _placed(picture, photo.shape[:2], down, right), aligned, lacks


def _clearly_better(best: float, still: float) -> bool:
    return best - still >= CLEARLY and 1 - best <= LEFT * (1 - still)


def luma(picture: Picture) -> NDArray[np.float32]:
    """H x W, levels of 8 bits."""
    plain = eight_bits(picture).astype(np.float32)
    return plain if plain.ndim == 2 else np.asarray(colour.luma(plain), np.float32)


def _structure(picture: Picture) -> NDArray[np.float32]:
    """Luma without what is finer or coarser than edges, clipped: a hole that one of the two shows
    must not outweigh everything that both show."""
    fine = cv2.GaussianBlur(luma(picture), (0, 0), FINE)
    band = fine - cv2.GaussianBlur(fine, (0, 0), COARSE)
    usual = 1.5 * float(np.median(np.abs(band))) + 0.5
    return np.asarray(np.clip(band / usual, -2, 2), np.float32)


def _best_shift(
    picture: NDArray[np.float32], photo: NDArray[np.float32]
) -> tuple[int, int, float, float | None]:
    """(down, right, correlation there, correlation unmoved): where the picture's corner lies.

    The picture's middle is looked for within `REACH` px (and what the sizes differ by).
    """
    margin = [
        min(2 * REACH + abs(a - b), min(a, b) // 4)
        for a, b in zip(picture.shape, photo.shape, strict=True)
    ]
    core = picture[
        margin[0] : picture.shape[0] - margin[0], margin[1] : picture.shape[1] - margin[1]
    ]
    found = cv2.matchTemplate(photo, np.ascontiguousarray(core), cv2.TM_CCOEFF_NORMED)
    found = np.where(np.isfinite(found), found, -1.0)
    top, left = np.unravel_index(int(np.argmax(found)), found.shape)
    still = None
    if margin[0] < found.shape[0] and margin[1] < found.shape[1]:
        still = float(found[margin[0], margin[1]])
    return int(top) - margin[0], int(left) - margin[1], float(found[top, left]), still


def _placed(picture: Picture, shape: tuple[int, ...], down: int, right: int) -> Picture:
    """`picture` with its corner at (down, right) of H x W; what it lacks repeats its border."""
    rows = np.clip(np.arange(shape[0]) - down, 0, picture.shape[0] - 1)
    columns = np.clip(np.arange(shape[1]) - right, 0, picture.shape[1] - 1)
    return np.ascontiguousarray(picture[rows][:, columns])


def _lacks(picture: Picture, shape: tuple[int, ...], down: int, right: int) -> Margins:
    below = shape[0] - down - picture.shape[0]
    beside = shape[1] - right - picture.shape[1]
    return max(0, down), max(0, beside), max(0, below), max(0, right)


def without(pixels: Picture, margins: Margins) -> Picture:
    """H x W (x 3) less its margins."""
    top, right, bottom, left = margins
    return pixels[top : pixels.shape[0] - bottom, left : pixels.shape[1] - right]


# --- what an output did beside its task -----------------------------------------------------------

STEPS = 2  # levels of 8 bits: less is the rounding of an encoder
RIM = 3  # px around holes that a fill may soften


def figures(output: Picture, photo: Picture, hole: NDArray[np.generic] | None) -> dict[str, float]:
    """ "sound_changed": share of pixels outside the holes (H x W, not 0; None: none) that differ;
    "luma_drift": mean absolute difference of luma there, levels of 8 bits."""
    sound = sound_ground(photo.shape[:2], hole)
    if not sound.any():
        return {"sound_changed": 0.0, "luma_drift": 0.0}
    old, new = rgb(photo).astype(np.int16), rgb(output).astype(np.int16)
    changed = (np.abs(new - old).max(axis=2) > STEPS)[sound]
    drift = np.abs(luma(output) - luma(photo))[sound]
    return {
        "sound_changed": round(float(changed.mean()), 4),
        "luma_drift": round(float(drift.mean()), 2),
    }


def sound_ground(shape: tuple[int, ...], hole: NDArray[np.generic] | None) -> NDArray[np.bool_]:
    """H x W: what no fill had a reason to touch."""
    if hole is None:
        return np.ones(shape, bool)
    grown = cv2.dilate((hole != 0).astype(np.uint8), np.ones((2 * RIM + 1,) * 2, np.uint8))
    return np.asarray(grown == 0)


def rgb(picture: Picture) -> NDArray[np.uint8]:
    """H x W x 3 of 8 bits."""
    plain = eight_bits(picture)
    return plain if plain.ndim == 3 else np.repeat(plain[..., None], 3, axis=2)
