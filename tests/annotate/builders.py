"""Rows with files, and images as strangers send them."""

import hashlib
import io
import struct
import zlib

import numpy as np
from PIL import Image

from photos import storage
from photos.decoding import scans
from photos.masks.tiles import encode_tiles, split_tiles
from photos.models import Photo


def picture(width=400, height=300, seed=1, grey=False):
    """A soft gradient with grain, as a scan has it."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    luma = 60 + 120 * x / width + 40 * y / height + rng.normal(0, 4, (height, width))
    luma = np.clip(luma, 0, 255).astype(np.uint8)
    return luma if grey else np.stack([luma, luma // 2 + 60, luma // 3 + 90], -1)


def file_of(pixels, format="PNG", **options) -> bytes:
    out = io.BytesIO()
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    image.save(out, format, **options)
    return out.getvalue()


def ready_photo(width=400, height=300, **facts) -> Photo:
    """A photo as the worker leaves it, without the worker."""
    pixels = picture(width, height)
    working = storage.put(scans.write_png(pixels), "image/png")
    small = storage.put(file_of(pixels, "JPEG"), "image/jpeg")
    made = {"title": "Two sisters", "wants_mask": True, "state": Photo.State.READY, **facts}
    return Photo.objects.create(
        original=working,
        working=working,
        display=small,
        preview=small,
        thumbnail=small,
        cost_map=working,
        width=width,
        height=height,
        **made,
    )


def painted(width=400, height=300, seed=5, bit=1):
    """A mask with a crack from side to side and some specks."""
    mask = np.zeros((height, width), np.uint8)
    rng = np.random.default_rng(seed)
    row = np.clip(height // 2 + np.cumsum(rng.integers(-1, 2, width)), 2, height - 3)
    for x, y in enumerate(row):
        mask[y - 1 : y + 2, x] |= bit
    mask[rng.random((height, width)) < 0.001] |= 2
    return mask


def strokes_of(mask) -> bytes:
    return encode_tiles(split_tiles(mask))


def digest_of(mask) -> str:
    return hashlib.sha256(mask.tobytes()).hexdigest()


def png_header(width, height) -> bytes:
    """A PNG that promises much and holds nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )
