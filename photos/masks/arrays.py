"""Masks as arrays: files and run lengths. No Django.

A mask is H x W uint8, one byte a pixel, row-major; each class is a bit and classes may overlap.
"""

import hashlib
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from config.words.said import said

Array = NDArray[np.generic]
Mask = NDArray[np.uint8]
Plane = NDArray[np.bool_]


def digest(mask: Mask) -> str:
    """SHA-256 of the raw bytes of an H x W mask, row-major: it does not depend on any encoder."""
    return hashlib.sha256(np.ascontiguousarray(mask, np.uint8).data).hexdigest()


def encode_png(plane: Array) -> bytes:
    """A 1-bit PNG of H x W, white where the plane is not zero."""
    out = io.BytesIO()
    Image.fromarray(np.asarray(plane) != 0).save(out, "PNG", optimize=True)
    return out.getvalue()


def run_lengths(plane: Array) -> list[int]:
    """COCO's counts: column-major, background first (so it may begin with 0).

    `plane` is H x W, not 0 = marked; the lengths, in pixels, add up to H x W.
    """
    flat = np.asarray(plane, dtype=bool).ravel(order="F")
    if not flat.size:
        return []
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    counts: list[int] = np.diff(edges, prepend=0, append=flat.size).tolist()
    return [0, *counts] if flat[0] else counts


def from_run_lengths(counts: list[int], *, width: int, height: int) -> Plane:
    """H x W from COCO's counts, which must add up to the size."""
    if any(count < 0 for count in counts) or sum(counts) != width * height:
        raise ValueError(said("shape.runs-size", width=width, height=height))
    values = np.arange(len(counts)) % 2 == 1
    return np.repeat(values, counts).reshape((height, width), order="F")


def each_bit(bits: int) -> list[int]:
    return [1 << place for place in range(8) if bits >> place & 1]


def sizes_differ(first: tuple[int, ...], second: tuple[int, ...]) -> str:
    return f"The sizes differ: {first[1]} x {first[0]} and {second[1]} x {second[0]} pixels."
