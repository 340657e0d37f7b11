"""Arrays to files: PNG and JPEG without hidden metadata, sRGB said in the file."""

import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

PREVIEW = 1600
JPEG_QUALITY = 92
# The stylesheet's --fracture, --scuff and --hole; pixels of several classes take the first.
COLOURS = {1: (229, 72, 77), 2: (217, 154, 0), 4: (59, 130, 246)}
Pixels = NDArray[Any]


def png(pixels: Pixels) -> bytes:
    """H x W or H x W x 3, uint8 or uint16, with the sRGB profile (greys: the sRGB mark)."""
    options = {"keep": "none"} if pixels.ndim == 2 else {"keep": "icc", "profile": "srgb"}
    data: bytes = _image(pixels).pngsave_buffer(compression=4, **options)
    return _marked_srgb(data) if pixels.ndim == 2 else data


def jpeg(pixels: Pixels, quality: int = JPEG_QUALITY) -> bytes:
    """8 bits, the sRGB profile where there is colour, full chroma resolution."""
    return _jpeg(_image(eight_bits(pixels)), quality)


def preview(pixels: Pixels, side: int = PREVIEW) -> bytes:
    image = _image(eight_bits(pixels))
    scale = min(1.0, side / max(image.width, image.height))
    return _jpeg(image if scale == 1 else image.resize(scale, kernel="lanczos3"), 88)


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
    options: dict[str, Any] = {"keep": "none"}
    if image.bands == 3:
        options = {"keep": "icc", "profile": "srgb"}
    data: bytes = image.jpegsave_buffer(
        Q=quality, optimize_coding=True, subsample_mode="off", **options
    )
    return data


def _marked_srgb(data: bytes) -> bytes:
    """The PNG with an sRGB chunk (perceptual intent) behind its header, for greys."""
    chunk = b"sRGB\x00"
    mark = struct.pack(">I", 1) + chunk + struct.pack(">I", zlib.crc32(chunk))
    header = 8 + 25  # signature and IHDR
    return data[:header] + mark + data[header:]
