"""Blind copies: files rebuilt from raw pixels, equal in format, frame and length.

Nothing of the maker survives: no metadata, no file of the original encoder, one length for all
copies of a photo. Fingerprints in the pixels themselves cannot be hidden.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from . import degradations

Pixels = NDArray[np.uint8]
Key = TypeVar("Key")
LONG_SIDE = 2048  # what a screen shows side by side, zoomed; also bounds the work of a browser
STEP = 64 * 1024  # lengths are rounded up to it
COMPRESSION = 6


def frame(width: int, height: int) -> tuple[int, int]:
    """The common size of all copies, from the photo's own size alone."""
    scale = min(1.0, LONG_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def framed(pixels: NDArray[Any], size: tuple[int, int]) -> Pixels:
    """Height x width x 3, 8-bit sRGB, reduced to `size` (width, height) by area."""
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[..., None], 3, axis=2)
    if pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ValueError(f"a picture has one or three channels, not shape {pixels.shape}")
    if pixels.dtype == np.uint16:
        pixels = np.rint(pixels.astype(np.float32) / 257).astype(np.uint8)
    if pixels.dtype != np.uint8:
        raise ValueError(f"a picture has 8 or 16 bits, not {pixels.dtype}")
    if pixels.shape[1::-1] != size:
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(pixels, dtype=np.uint8)


def encode(pixels: Pixels) -> bytes:
    """PNG with the chunks IHDR, IDAT, IEND: from the bytes of the pixels, by one setting."""
    height, width = pixels.shape[:2]
    image = Image.frombytes("RGB", (width, height), pixels.tobytes())
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=COMPRESSION)
    return out.getvalue()


def padded(files: Sequence[bytes]) -> list[bytes]:
    """All files at one length: the longest, rounded up; readers stop before the zeros."""
    length = -(-max(map(len, files)) // STEP) * STEP
    return [file.ljust(length, b"\0") for file in files]


def digest(pixels: Pixels) -> str:
    """SHA-256 of size and pixels: equal for outputs that nobody could tell apart."""
    head = f"{pixels.shape[1]}x{pixels.shape[0]}:".encode()
    return hashlib.sha256(head + pixels.tobytes()).hexdigest()


def check_sizes(outputs: Mapping[Any, NDArray[Any]]) -> tuple[int, int]:
    """The (width, height) that all outputs share. Raises ValueError where they do not."""
    sizes = {(pixels.shape[1], pixels.shape[0]) for pixels in outputs.values()}
    if len(sizes) != 1:
        raise ValueError(f"the outputs have {len(sizes)} different sizes")
    return sizes.pop()


def blind(
    outputs: Mapping[Key, NDArray[Any]],
    *,
    spoil: Mapping[Key, tuple[Key, str]] | None = None,
    original: Key | None = None,
) -> dict[Key, tuple[bytes, str, tuple[int, int]]]:
    """For each output of one photo its file, the digest of its pixels, and the common size.

    `spoil` names more pictures: key to (output it is made of, flaw); `original` is the key of
    the damaged photo. Raises ValueError where outputs have different sizes: a crop would tell
    them apart.
    """
    size = frame(*check_sizes(outputs))
    shown = {key: framed(pixels, size) for key, pixels in outputs.items()}
    damaged = shown.get(original) if original is not None else None
    for key, (source, flaw) in (spoil or {}).items():
        shown[key] = degradations.spoil(shown[source], flaw, damaged)
    files = padded([encode(pixels) for pixels in shown.values()])
    return {
        key: (file, digest(pixels), size)
        for (key, pixels), file in zip(shown.items(), files, strict=True)
    }
