"""A mask that a photo's owner made elsewhere: black and white, or class bits, at an exact scale."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from photos.masks.arrays import Mask
from photos.masks.classes import DAMAGE_FROM, DEFECTS

KINDS = ["PNG", "TIFF", "WEBP"]
FOUND = 248  # a result's mask.png holds this and the class bits where something was found
MIDDLE = (16, 240)  # levels from, below: neither black nor white
MOST_GREY = 0.1  # share of such pixels; soft edges have less, photographs more
COLOURED = 8  # levels between channels; a lossy file differs less


class NoMask(ValueError):
    """Why this file is no mask of the photo, in a sentence."""


@dataclass(frozen=True)
class MaskFile:
    """`mask` H x W class bits in the photo's size, and what a person should know of the reading."""

    mask: Mask
    said: str


def read(source: Path, *, width: int, height: int, bit: int, megapixels: float) -> MaskFile:
    """The file for a photo of this size; what is white in it counts as the class `bit`.

    Its sides are the photo's, or both an exact fraction or multiple of them. An 8-bit grey file
    whose values are class bits (0 to 7), or a result's mask.png, keeps its classes. A varying
    alpha channel counts instead of the colours. Raises `NoMask`.
    """
    image = _opened(source, megapixels)
    levels = _levels(image)
    factor = _factor(levels.shape[1::-1], (width, height))
    mask, words = _classes(levels, bit)
    return MaskFile(
        _scaled(mask, factor, (height, width)), f"{words} {_scale_words(factor)}".strip()
    )


def _opened(source: Path, megapixels: float) -> Image.Image:
    """Upright; its size is checked before its pixels are."""
    try:
        with Image.open(source, formats=KINDS) as image:
            pages = int(getattr(image, "n_frames", 1))
            if pages > 1:
                raise NoMask(f"The file holds {pages} pictures; a mask is one.")
            if image.width * image.height > megapixels * 1e6:
                raise NoMask(f"The file has more than {megapixels:g} megapixels.")
            upright = ImageOps.exif_transpose(image)
            upright.load()
            return upright
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise NoMask("The file is damaged or cut off: it cannot be read as a picture.") from error


def _levels(image: Image.Image) -> NDArray[np.uint8]:
    """H x W, 0..255."""
    if image.mode == "1":
        return np.where(np.array(image), 255, 0).astype(np.uint8)
    if image.mode.startswith("I"):
        return (np.clip(np.array(image, np.int64), 0, 65535) >> 8).astype(np.uint8)
    if image.has_transparency_data:
        alpha = np.array(image.convert("RGBA").getchannel("A"), np.uint8)
        if np.ptp(alpha):
            return alpha
    if image.mode == "L":
        return np.array(image, np.uint8)
    colours = np.array(image.convert("RGB"), np.uint8)
    if int(np.ptp(colours, axis=2).max(initial=0)) > COLOURED:
        raise NoMask("The file has colours; a mask is black and white, or holds class bits.")
    return np.ascontiguousarray(colours[..., 1])


def _classes(levels: NDArray[np.uint8], bit: int) -> tuple[Mask, str]:
    """(class bits, how they were read)."""
    used = set(np.flatnonzero(np.bincount(levels.ravel(), minlength=256)).tolist())
    marked = used - {0}
    if marked and max(marked) <= DEFECTS:
        return levels & np.uint8(DEFECTS), "Its classes were kept."
    if marked and min(marked) > FOUND and marked != {255}:
        return levels & np.uint8(DEFECTS), "Its classes were kept."
    grey = float(((levels >= MIDDLE[0]) & (levels < MIDDLE[1])).mean())
    if grey > MOST_GREY:
        raise NoMask(f"{100 * grey:.0f} % of the file is grey; a mask is black and white.")
    mask = np.where(levels >= DAMAGE_FROM, np.uint8(bit), np.uint8(0))
    return mask, "Greys count as white from 128 on." if grey else ""


def _factor(found: tuple[int, ...], wanted: tuple[int, int]) -> int:
    """How often larger (or, negative, smaller) the photo's sides are, exactly; 1 for the same."""
    (width, height), (across, down) = found, wanted
    if (width, height) == wanted:
        return 1
    for large, small, sign in ((wanted, found, 1), (found, wanted, -1)):
        times = large[0] // max(1, small[0])
        if times > 1 and (small[0] * times, small[1] * times) == tuple(large):
            return sign * times
    raise NoMask(
        f"The file is {width} x {height} pixels, the photo {across} x {down}: a mask has the "
        "photo's size, or both sides of it times or divided by the same whole number."
    )


def _scaled(mask: Mask, factor: int, shape: tuple[int, int]) -> Mask:
    """Each pixel becomes a block, or each block one pixel of all its classes: thin marks stay."""
    if factor == 1:
        return mask
    if factor > 1:
        return np.ascontiguousarray(mask.repeat(factor, axis=0).repeat(factor, axis=1))
    side = -factor
    blocks = mask.reshape(shape[0], side, shape[1], side)
    joined = np.bitwise_or.reduce(np.bitwise_or.reduce(blocks, axis=3), axis=1)
    return np.asarray(joined, np.uint8)


def _scale_words(factor: int) -> str:
    if factor == 1:
        return ""
    change = "enlarged" if factor > 1 else "reduced"
    return f"It was {change} {abs(factor)} times to the photo's size."
