"""Plain pictures as masks: PNG, TIFF and BMP of 1, 8 or 16 bits, with alpha or a colour map."""

import io
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from config.words.said import said
from photos.masks.arrays import Mask, Plane, encode_png
from photos.masks.classes import DAMAGE_FROM, KNOWN

from .content import check_length, check_size
from .reading import NAMES, How, Shapes

OWN_ID = "heirloom_photo"
MIDDLE = (16, 240)  # levels from, below: neither black nor white
MOST_GREY = 0.1  # share of such pixels; soft edges have less, photographs more
KINDS = ["PNG", "TIFF", "BMP"]


class Photographed(ValueError):
    """This picture is no mask."""


def read(data: bytes, width: int, height: int, *, threshold: int = DAMAGE_FROM) -> Plane:
    """H x W: damaged where bright (or opaque); a colour, of a map or not, by its brightest channel.

    A picture with an alpha channel that varies is read by its alpha, one of the levels 0 and 1
    by these, as is one of 16 bits that uses two of the lowest 256. `threshold` 1..255 is on 8
    bits; show it to the person before an import. EXIF orientation is applied.
    """
    values = _values(data, width, height)
    return values >= threshold


def look(data: bytes, bit: int, width: int, height: int, how: How) -> Shapes:
    """One class. ValueError for a picture that shows something and of which nothing is damage."""
    values = _values(data, width, height)
    grey = float(((values >= MIDDLE[0]) & (values < MIDDLE[1])).mean())
    if grey > MOST_GREY and len(np.unique(values)) > 2:
        raise Photographed(said("mask.photograph", grey=grey))
    shapes = Shapes(width, height, how)
    plane = values >= how.threshold
    brightest = int(values.max(initial=0))
    if brightest and not plane.any():
        raise ValueError(said("mask.too-dark", brightest=brightest, threshold=how.threshold))
    shapes.mask[plane] |= np.uint8(bit)
    shapes.taken[NAMES[bit]] += int(plane.any())
    shapes.undamaged = not plane.any()
    return shapes


def photo_id(data: bytes) -> str:
    """Our own number of the photo, which our pictures carry; empty in others'."""
    try:
        with Image.open(io.BytesIO(data), formats=KINDS) as image:
            return str(image.info.get(OWN_ID, ""))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return ""


def with_photo_id(data: bytes, number: str) -> bytes:
    """A PNG with our number of its photo: a text chunk behind the header."""
    at = 8 + 12 + 13  # the signature; a chunk's length, name and checksum; the header's words
    body = b"tEXt" + OWN_ID.encode() + bytes(1) + number.encode("latin-1")
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[:at] + chunk + data[at:]


def read_class(data: bytes, bit: int, threshold: int, width: int, height: int) -> Mask:
    """The same as H x W class bits of one class."""
    plane = read(data, width, height, threshold=threshold)
    return plane.astype(np.uint8) * np.uint8(bit)


def read_index(data: bytes, width: int, height: int) -> Mask:
    """H x W class bits from an 8-bit grey or colour-mapped picture whose values are the bits."""
    image = _open(data, width, height)
    if image.mode not in ("L", "P"):
        raise ValueError(said("mask.no-index"))
    mask = np.array(image, np.uint8)
    if (mask & ~np.uint8(KNOWN)).any():
        raise ValueError(said("mask.no-bits"))
    return mask


def write(mask: Mask, bit: int) -> bytes:
    """A 1-bit PNG of one class, white on black."""
    return encode_png(mask & bit)


def write_index(mask: Mask) -> bytes:
    """An 8-bit grey PNG whose values are the class bits."""
    return _png(np.asarray(mask, np.uint8))


def read_probability(data: bytes, width: int, height: int) -> NDArray[np.uint8]:
    """H x W levels p x 255 of a grey picture of 8 or 16 bits; a colour map is no probability."""
    if _open(data, width, height).mode == "P":
        raise ValueError(said("mask.colour-map"))
    return _values(data, width, height)


def write_levels(levels: NDArray[np.uint8]) -> bytes:
    """An 8-bit grey PNG of levels p x 255 as they are."""
    return _png(levels)


def write_transparent(plane: Plane) -> bytes:
    """A two-colour PNG: opaque white where the plane is set, transparent elsewhere."""
    image = Image.fromarray(np.asarray(plane, np.uint8), "P")
    image.putpalette([0, 0, 0, 255, 255, 255])
    out = io.BytesIO()
    image.save(out, "PNG", transparency=0, bits=1)
    return out.getvalue()


def _png(levels: NDArray[np.uint8]) -> bytes:
    out = io.BytesIO()
    Image.fromarray(levels).save(out, "PNG")
    return out.getvalue()


def _open(data: bytes, width: int, height: int) -> Image.Image:
    """The decoded picture, upright; its size is checked before its pixels are."""
    check_length(data)
    try:
        with Image.open(io.BytesIO(data), formats=KINDS) as image:
            if getattr(image, "n_frames", 1) > 1:
                raise ValueError(said("mask.several"))
            turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
            check_size(image.size[::-1] if turned else image.size, width, height)
            upright = ImageOps.exif_transpose(image)
            upright.load()
            return upright
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(said("mask.unreadable")) from error
    except ValueError as error:
        if "MAX_TEXT" in str(error):  # Pillow's own words
            raise ValueError(said("mask.texts-too-large")) from error
        raise


def _values(data: bytes, width: int, height: int) -> NDArray[np.uint8]:
    image = _open(data, width, height)
    if image.mode.startswith("I"):
        deep = np.clip(np.array(image, np.int64), 0, 65535)
        if 0 < deep.max(initial=0) <= 255 and len(np.unique(deep)) == 2:
            return np.where(deep > deep.min(), 255, 0).astype(np.uint8)
        return (deep >> 8).astype(np.uint8)
    if image.has_transparency_data:
        alpha = np.array(image.convert("RGBA").getchannel("A"), np.uint8)
        if np.ptp(alpha):
            return alpha
    if image.mode not in ("1", "L"):
        levels: NDArray[np.uint8] = np.array(image.convert("RGB"), np.uint8).max(axis=2)
    else:
        levels = np.array(image.convert("L"), np.uint8)
    return np.asarray(levels * np.uint8(255), np.uint8) if levels.max(initial=0) == 1 else levels
