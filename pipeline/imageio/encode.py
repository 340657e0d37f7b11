"""Arrays to files: PNG, JPEG and TIFF without hidden metadata, the colour space in the file."""

import struct
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.imageio.marks import BARE, Marks, mark_jpeg, mark_png, vips_marked, without_unit

PREVIEW = 1600
JPEG_QUALITY = 92
# The stylesheet's --fracture, --scuff and --hole; pixels of several classes take the first.
COLOURS = {1: (229, 72, 77), 2: (217, 154, 0), 4: (59, 130, 246)}
TIFF: dict[str, Any] = {"compression": "deflate", "predictor": "horizontal", "resunit": "inch"}
TIFF["keep"] = "icc|xmp"
Pixels = NDArray[Any]


def png(pixels: Pixels, marks: Marks = BARE) -> bytes:
    """H x W or H x W x 3, uint8 or uint16, with the sRGB profile (greys: the sRGB mark)."""
    options = {"keep": "none"} if pixels.ndim == 2 else {"keep": "icc", "profile": "srgb"}
    data: bytes = _image(pixels).pngsave_buffer(compression=4, **options)
    return mark_png(_marked_srgb(data) if pixels.ndim == 2 else data, marks)


def rgba(pixels: Pixels) -> bytes:
    """H x W x 4 of 8 bits, quickly: somebody waits for it and nobody keeps it."""
    image = _vips().Image.new_from_array(np.ascontiguousarray(pixels))
    data: bytes = image.copy(interpretation="srgb").pngsave_buffer(compression=1, keep="none")
    return data


def jpeg(pixels: Pixels, quality: int = JPEG_QUALITY, marks: Marks = BARE) -> bytes:
    """8 bits, the sRGB profile or its grey companion, full chroma resolution."""
    return mark_jpeg(_jpeg(_image(eight_bits(pixels)), quality), marks)


def preview(pixels: Pixels, side: int = PREVIEW) -> bytes:
    image = _image(eight_bits(pixels))
    scale = min(1.0, side / max(image.width, image.height))
    return _jpeg(image if scale == 1 else image.resize(scale, kernel="lanczos3"), 88)


def deep_tiff(png_file: Path, target: Path) -> None:
    """A 16-bit TIFF of one of our PNGs, strip by strip: 8 bits times 257, 16 bits as they are.

    What the PNG says of its resolution and provenance goes with it.
    """
    image = _vips().Image.pngload(str(png_file), access="sequential")
    is_known = abs(image.xres - 1) > 0.01  # 1 is libvips' word for not knowing
    if image.format != "ushort":
        image = (image * 257).cast("ushort")
    grey = image.bands == 1
    image = image.copy(interpretation="grey16" if grey else "rgb16")
    if grey:
        image = _with_grey_profile(image)
    image.tiffsave(str(target), **TIFF)
    if not is_known:
        target.write_bytes(without_unit(target.read_bytes()))


def tiff16(pixels: Pixels, marks: Marks = BARE) -> bytes:
    """As `deep_tiff`, of an array."""
    deep = pixels if pixels.dtype == np.uint16 else pixels.astype(np.uint16) * np.uint16(257)
    image = _image(deep) if deep.ndim == 3 else _with_grey_profile(_image(deep))
    data: bytes = vips_marked(image, marks).tiffsave_buffer(**TIFF)
    return data if marks.dpi else without_unit(data)


def mask_plane(bits: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """White where something was found: 248 plus the class bits, so that nothing is lost."""
    return np.where(bits > 0, bits | np.uint8(248), np.uint8(0))


def mask_bits(plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The class bits out of a `mask_plane`."""
    return plane & np.uint8(7)


def mask_overlay(bits: NDArray[np.uint8], side: int = PREVIEW) -> bytes:
    """A PNG in the colours of the classes, clear elsewhere, drawn at most `side` px long.

    Shrinking takes the strongest pixel of each block: a hair-thin scratch must stay visible.
    """
    step = max(1, -(-max(bits.shape) // side))
    small = _strongest(bits, step)
    drawn = np.zeros((*small.shape, 4), np.uint8)
    for bit, colour in sorted(COLOURS.items(), reverse=True):
        drawn[(small & bit) > 0] = (*colour, 200)
    image = _vips().Image.new_from_array(drawn).copy(interpretation="srgb")
    data: bytes = image.pngsave_buffer(compression=6, keep="none")
    return data


def full_overlay(plane_file: Path, target: Path) -> None:
    """A PNG of a `mask_plane` in the colours of the classes, clear elsewhere, line by line."""
    table = np.zeros((1, 256, 4), np.uint8)
    for value in range(256):
        bits = value & 7
        known = next((bit for bit in COLOURS if bits & bit), 0)
        if known:
            table[0, value] = (*COLOURS[known], 200)
    look = _vips().Image.new_from_array(table)
    plane = _vips().Image.pngload(str(plane_file), access="sequential")
    plane.maplut(look).copy(interpretation="srgb").pngsave(str(target), compression=3, keep="none")


def eight_bits(pixels: Pixels) -> Pixels:
    """16 bits to 8 by 257, rounded."""
    if pixels.dtype != np.uint16:
        return pixels
    return ((pixels.astype(np.uint32) + 128) // 257).astype(np.uint8)


def _strongest(bits: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    if step == 1:
        return bits
    height, width = bits.shape
    padded = np.pad(bits, ((0, -height % step), (0, -width % step)))
    blocks = padded.reshape(padded.shape[0] // step, step, padded.shape[1] // step, step)
    joined: NDArray[np.uint8] = np.bitwise_or.reduce(np.bitwise_or.reduce(blocks, axis=3), axis=1)
    return joined


def _vips() -> Any:
    import pyvips  # not at the top: the web process imports this module and saves nothing

    return pyvips


def _image(pixels: Pixels) -> Any:
    image = _vips().Image.new_from_array(np.ascontiguousarray(pixels))
    deep = pixels.dtype == np.uint16
    if pixels.ndim == 2:
        return image.copy(interpretation="grey16" if deep else "b-w")
    return image.copy(interpretation="rgb16" if deep else "srgb")


def _jpeg(image: Any, quality: int) -> bytes:
    named = {"profile": "srgb"} if image.bands == 3 else {}
    data: bytes = (image if named else _with_grey_profile(image)).jpegsave_buffer(
        Q=quality, optimize_coding=True, subsample_mode="off", keep="icc", **named
    )
    return data


@cache
def _grey_profile() -> bytes:
    """ICC version 2, class "mntr", space "GRAY", the sRGB curve in 1024 steps; free of rights.

    libvips ships profiles for colour alone.
    """
    return Path(__file__).with_name("grey_srgb.icc").read_bytes()


def _with_grey_profile(image: Any) -> Any:
    image = image.copy()
    blob = _vips().GValue.blob_type
    image.set_type(blob, "icc-profile-data", _grey_profile())
    return image


def _marked_srgb(data: bytes) -> bytes:
    """The PNG with an sRGB chunk (perceptual intent) behind its header, for greys."""
    chunk = b"sRGB\x00"
    mark = struct.pack(">I", 1) + chunk + struct.pack(">I", zlib.crc32(chunk))
    header = 8 + 25  # signature and IHDR
    return data[:header] + mark + data[header:]
