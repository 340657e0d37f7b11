"""Masks as arrays: class bits, tiles, files, run lengths and agreement. No Django.

A mask is H x W uint8, one byte a pixel, row-major; each class is a bit and classes may overlap.
"""

import hashlib
import io
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage.morphology import skeletonize

FRACTURE = 1
SCUFF = 2
HOLE = 4
IGNORE = 128
CLASSES: dict[str, int] = {"fracture": FRACTURE, "scuff": SCUFF, "hole": HOLE, "ignore": IGNORE}
DEFECTS = FRACTURE | SCUFF | HOLE
KNOWN = DEFECTS | IGNORE

TILE = 256
PLANE_BYTES = TILE * TILE // 8
_MAGIC = b"HMT1"
_HEAD = struct.Struct("<HHB")

Array = NDArray[np.generic]
Mask = NDArray[np.uint8]
Plane = NDArray[np.bool_]
Tiles = dict[tuple[int, int], Mask]


# --- tiles and their wire format ---------------------------------------------------------------


def tile_grid(width: int, height: int) -> tuple[int, int]:
    """How many tile columns and rows a photo has."""
    return -(-width // TILE), -(-height // TILE)


def split_tiles(mask: Mask) -> Tiles:
    """Every tile that holds a pixel, as {(tx, ty): 256 x 256}; edge tiles padded with zeros."""
    tiles: Tiles = {}
    for ty in range(0, mask.shape[0], TILE):
        for tx in range(0, mask.shape[1], TILE):
            part = mask[ty : ty + TILE, tx : tx + TILE]
            if part.any():
                tile = np.zeros((TILE, TILE), np.uint8)
                tile[: part.shape[0], : part.shape[1]] = part
                tiles[tx // TILE, ty // TILE] = tile
    return tiles


def changed_tiles(before: Mask, after: Mask) -> Tiles:
    """The tiles of `after` that differ from `before`; one that became empty is all zeros."""
    if before.shape != after.shape:
        raise ValueError(_sizes(before.shape, after.shape))
    old, new = split_tiles(before), split_tiles(after)
    empty = np.zeros((TILE, TILE), np.uint8)
    return {
        at: new.get(at, empty)
        for at in sorted(old.keys() | new.keys(), key=lambda at: (at[1], at[0]))
        if not np.array_equal(old.get(at, empty), new.get(at, empty))
    }


def apply_tiles(mask: Mask, tiles: Mapping[tuple[int, int], Mask]) -> Mask:
    """A copy of the mask with whole tiles replaced; what lies outside the photo is dropped."""
    result = mask.copy()
    for (tx, ty), tile in tiles.items():
        view = result[ty * TILE : (ty + 1) * TILE, tx * TILE : (tx + 1) * TILE]
        view[...] = tile[: view.shape[0], : view.shape[1]]
    return result


def encode_tiles(tiles: Mapping[tuple[int, int], Mask]) -> bytes:
    """HMT1: magic, tile count, then deflated records of position, class bits and bit planes."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    parts = [_MAGIC, struct.pack("<I", len(tiles))]
    for (tx, ty), tile in tiles.items():
        bits = int(np.bitwise_or.reduce(tile, axis=None))
        parts.append(deflate.compress(_HEAD.pack(tx, ty, bits)))
        for bit in _each_bit(bits):
            parts.append(deflate.compress(np.packbits((tile & bit) > 0).tobytes()))
    parts.append(deflate.flush())
    return b"".join(parts)


def decode_tiles(data: bytes, *, width: int, height: int) -> Tiles:
    """Read HMT1 for a photo of this size. Raises ValueError with a sentence on anything else.

    Inflation stops at what the photo's own tiles can need, so a small body cannot fill memory.
    """
    columns, rows = tile_grid(width, height)
    if len(data) < 8 or data[:4] != _MAGIC:
        raise ValueError("The mask data does not begin with HMT1.")
    count = struct.unpack_from("<I", data, 4)[0]
    if count > columns * rows:
        raise ValueError(f"The mask has {count} tiles, the photo only {columns * rows}.")
    raw = _inflate(data[8:], count * (_HEAD.size + KNOWN.bit_count() * PLANE_BYTES))
    tiles: Tiles = {}
    at = 0
    for _ in range(count):
        place, tile, at = _read_tile(raw, at)
        if place[0] >= columns or place[1] >= rows or place in tiles:
            raise ValueError(f"Tile {place} lies outside the photo or comes twice.")
        tiles[place] = tile
    if at != len(raw):
        raise ValueError("The mask data is longer than its tiles.")
    return tiles


def _inflate(data: bytes, most: int) -> bytes:
    inflate = zlib.decompressobj(-15)
    try:
        raw = inflate.decompress(data, most + 1)
    except zlib.error as error:
        raise ValueError("The mask data is damaged.") from error
    if len(raw) > most:
        raise ValueError("The mask data is larger than the photo allows.")
    if not inflate.eof or inflate.unused_data:
        raise ValueError("The mask data is cut off or has something after its end.")
    return raw


def _read_tile(raw: bytes, at: int) -> tuple[tuple[int, int], Mask, int]:
    if at + _HEAD.size > len(raw):
        raise ValueError("The mask data ends inside a tile.")
    tx, ty, bits = _HEAD.unpack_from(raw, at)
    at += _HEAD.size
    if bits & ~KNOWN:
        raise ValueError(f"Tile ({tx}, {ty}) uses classes that do not exist.")
    if at + bits.bit_count() * PLANE_BYTES > len(raw):
        raise ValueError("The mask data ends inside a tile.")
    tile = np.zeros(TILE * TILE, np.uint8)
    for bit in _each_bit(bits):
        plane = np.frombuffer(raw, np.uint8, PLANE_BYTES, at)
        tile |= np.unpackbits(plane) * np.uint8(bit)
        at += PLANE_BYTES
    return (tx, ty), tile.reshape(TILE, TILE), at


def _each_bit(bits: int) -> list[int]:
    return [1 << place for place in range(8) if bits >> place & 1]


# --- files ---------------------------------------------------------------------------------------


def digest(mask: Mask) -> str:
    """SHA-256 of the raw bytes, row-major: it does not depend on any encoder."""
    return hashlib.sha256(np.ascontiguousarray(mask, np.uint8).tobytes()).hexdigest()


def encode_png(plane: Array) -> bytes:
    """A 1-bit PNG of H x W, white where the plane is not zero."""
    out = io.BytesIO()
    Image.fromarray(np.asarray(plane) != 0).save(out, "PNG", optimize=True)
    return out.getvalue()


def decode_png(data: bytes, *, width: int, height: int) -> Plane:
    """H x W of a 1-bit PNG; size and kind are checked before a pixel is decoded."""
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            if image.size != (width, height):
                raise ValueError(_sizes(image.size[::-1], (height, width)))
            if image.mode != "1":
                raise ValueError("A mask file must be a 1-bit PNG.")
            return np.array(image, dtype=np.bool_)
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("The mask file is not a readable PNG.") from error


def encode_planes(mask: Mask) -> dict[int, bytes]:
    """One 1-bit PNG for each class that the mask uses: the canonical files."""
    used = int(np.bitwise_or.reduce(mask, axis=None)) if mask.size else 0
    return {bit: encode_png(mask & bit) for bit in _each_bit(used)}


def decode_planes(planes: Mapping[int, bytes], *, width: int, height: int) -> Mask:
    """The mask that encode_planes wrote."""
    mask = np.zeros((height, width), np.uint8)
    for bit, data in planes.items():
        mask[decode_png(data, width=width, height=height)] |= np.uint8(bit)
    return mask


def run_lengths(plane: Array) -> list[int]:
    """COCO's counts: column-major, background first (so it may begin with 0)."""
    flat = np.asarray(plane).ravel(order="F") != 0
    edges = np.flatnonzero(np.diff(flat, prepend=False, append=not flat[-1:].all()))
    counts = np.diff(edges, prepend=0)
    return [int(count) for count in counts] if flat.size else []


def from_run_lengths(counts: list[int], *, width: int, height: int) -> Plane:
    """H x W from COCO's counts, which must add up to the size."""
    if any(count < 0 for count in counts) or sum(counts) != width * height:
        raise ValueError(f"The run lengths do not add up to {width} x {height} pixels.")
    values = np.arange(len(counts)) % 2 == 1
    return np.repeat(values, counts).reshape((height, width), order="F")


# --- components and agreement ---------------------------------------------------------------------


def components(plane: Array) -> tuple[int, NDArray[np.int32]]:
    """(n, H x W labels 0..n) of the 8-connected components."""
    count, labels = cv2.connectedComponents((np.asarray(plane) != 0).astype(np.uint8), None, 8)
    return count - 1, np.asarray(labels, np.int32)


@dataclass(frozen=True)
class Agreement:
    """How well a mask meets another: 0..1 each. Recall is NaN where there is no component."""

    dice: float
    tolerant_f1: float
    cl_dice: float
    component_recall: float


def agreement(predicted: Mask, truth: Mask, *, bits: int = DEFECTS) -> Agreement:
    """All four figures for the pixels of any of the classes in `bits`; ignored ones count nowhere.

    A pixel is ignored when either mask says so.
    """
    p, t = _pair(predicted & bits, truth & bits, ((predicted | truth) & IGNORE) == 0)
    both = int(p.sum() + t.sum())
    return Agreement(
        dice=2 * float((p & t).sum()) / both if both else 1.0,
        tolerant_f1=tolerant_f1(p, t),
        cl_dice=cl_dice(p, t),
        component_recall=component_recall(p, t),
    )


def tolerant_f1(
    predicted: Array, truth: Array, *, tolerance: float = 2.0, counted: Array | None = None
) -> float:
    """F1 where a pixel within `tolerance` px (Euclidean) of the other mask counts as met.

    H x W masks; both empty 1, one empty 0. `counted` leaves pixels out of both masks.
    """
    p, t = _pair(predicted, truth, counted)
    if not p.any() or not t.any():
        return float(p.any() == t.any())
    return _harmonic(float(grown(t, tolerance)[p].mean()), float(grown(p, tolerance)[t].mean()))


def cl_dice(predicted: Array, truth: Array, *, counted: Array | None = None) -> float:
    """Centre-line Dice (Shit et al. 2021): skeletons met by the other mask. Both empty 1."""
    p, t = _pair(predicted, truth, counted)
    if not p.any() or not t.any():
        return float(p.any() == t.any())
    line_p, line_t = skeletonize(p), skeletonize(t)
    return _harmonic(float(t[line_p].mean()), float(p[line_t].mean()))


def component_recall(
    predicted: Array, truth: Array, *, sizes: tuple[int, float] = (1, float("inf"))
) -> float:
    """Share of the true components of `sizes` px (from, below) of which at least half is met
    within 2 px; NaN when there is none.
    """
    p, t = _pair(predicted, truth, None)
    count, labels = components(t)
    pixels = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    met = np.bincount(labels[grown(p, 2.0)], minlength=count + 1)[1:]
    chosen = (pixels >= sizes[0]) & (pixels < sizes[1])
    return float(np.mean(2 * met[chosen] >= pixels[chosen])) if chosen.any() else float("nan")


def grown(plane: Plane, reach: float) -> Plane:
    """Dilated by a disc of `reach` px."""
    side = np.arange(-int(reach), int(reach) + 1)
    disc = (side[:, None] ** 2 + side[None, :] ** 2 <= reach * reach).astype(np.uint8)
    return np.asarray(cv2.dilate(plane.astype(np.uint8), disc), np.bool_)


def _pair(predicted: Array, truth: Array, counted: Array | None) -> tuple[Plane, Plane]:
    p, t = np.asarray(predicted) != 0, np.asarray(truth) != 0
    if p.shape != t.shape:
        raise ValueError(_sizes(p.shape, t.shape))
    if counted is None:
        return p, t
    keep = np.asarray(counted) != 0
    return p & keep, t & keep


def _sizes(first: tuple[int, ...], second: tuple[int, ...]) -> str:
    return f"The sizes differ: {first[1]} x {first[0]} and {second[1]} x {second[0]} pixels."


def _harmonic(first: float, second: float) -> float:
    return 2 * first * second / (first + second) if first + second else 0.0
