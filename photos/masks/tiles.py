"""Masks in tiles of 256 x 256: as arrays, and packed as they travel and are stored. No Django.

HMT1, little-endian: magic, u32 tile count, then deflated records of u16 tx, u16 ty, u8 class
bits and one plane of 8,192 bytes (row-major, high bit first) for each bit, low to high.
"""

import struct
import zlib
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from photos.masks.arrays import Mask, each_bit
from photos.masks.classes import CLASSES, KNOWN

TILE = 256
PLANE_BYTES = TILE * TILE // 8
_MAGIC = b"HMT1"
_HEAD = struct.Struct("<HHB")

Place = tuple[int, int]
Tiles = dict[Place, Mask]


class PackedTile(NamedTuple):
    """The class bits a tile uses and their planes, one after the other; not yet unpacked."""

    bits: int
    planes: bytes

    def unpack(self) -> Mask:
        """256 x 256 class bits."""
        tile = np.zeros(TILE * TILE, np.uint8)
        for number, bit in enumerate(each_bit(self.bits)):
            plane = np.frombuffer(self.planes, np.uint8, PLANE_BYTES, number * PLANE_BYTES)
            tile |= np.unpackbits(plane) * np.uint8(bit)
        return tile.reshape(TILE, TILE)


PackedTiles = dict[Place, PackedTile]


def tile_grid(width: int, height: int) -> tuple[int, int]:
    """How many tile columns and rows a photo has."""
    return -(-width // TILE), -(-height // TILE)


# --- arrays --------------------------------------------------------------------------------------


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


def assemble(tiles: Mapping[Place, PackedTile], *, width: int, height: int) -> Mask:
    """The mask of H x W whose tiles these are; all else is empty."""
    mask = np.zeros((height, width), np.uint8)
    for place, packed in tiles.items():
        if packed.bits:
            left, top = place[0] * TILE, place[1] * TILE
            view = mask[top : top + TILE, left : left + TILE]
            view[...] = packed.unpack()[: view.shape[0], : view.shape[1]]
    return mask


def areas(mask: Mask, tiles: Mapping[Place, PackedTile]) -> dict[str, int]:
    """Pixels of each class in a mask of these tiles; only what a tile uses is counted.

    `mask` is H x W class bits.
    """
    found = dict.fromkeys(CLASSES, 0)
    for (tx, ty), packed in tiles.items():
        view = mask[ty * TILE : (ty + 1) * TILE, tx * TILE : (tx + 1) * TILE]
        for name, bit in CLASSES.items():
            if packed.bits & bit:
                found[name] += int(np.count_nonzero(view & bit))
    return found


# --- the wire ------------------------------------------------------------------------------------


def encode_tiles(tiles: Mapping[Place, Mask]) -> bytes:
    """HMT1 of tiles as arrays of 256 x 256 class bits."""
    return encode_packed({place: _pack(tile) for place, tile in tiles.items()})


def encode_packed(tiles: Mapping[Place, PackedTile]) -> bytes:
    """HMT1 of packed tiles, in their order."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    parts = [_MAGIC, struct.pack("<I", len(tiles))]
    for (tx, ty), packed in tiles.items():
        parts.append(deflate.compress(_HEAD.pack(tx, ty, packed.bits) + packed.planes))
    parts.append(deflate.flush())
    return b"".join(parts)


def read_packed(data: bytes, *, width: int, height: int) -> PackedTiles:
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
    tiles: PackedTiles = {}
    at = 0
    for _ in range(count):
        place, tile, at = _read_tile(raw, at)
        if place[0] >= columns or place[1] >= rows or place in tiles:
            raise ValueError(f"Tile {place} lies outside the photo or comes twice.")
        tiles[place] = tile
    if at != len(raw):
        raise ValueError("The mask data is longer than its tiles.")
    return tiles


def _pack(tile: Mask) -> PackedTile:
    bits = int(np.bitwise_or.reduce(tile, axis=None))
    planes = [np.packbits((tile & bit) > 0).tobytes() for bit in each_bit(bits)]
    return PackedTile(bits, b"".join(planes))


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


def _read_tile(raw: bytes, at: int) -> tuple[Place, PackedTile, int]:
    if at + _HEAD.size > len(raw):
        raise ValueError("The mask data ends inside a tile.")
    tx, ty, bits = _HEAD.unpack_from(raw, at)
    at += _HEAD.size
    if bits & ~KNOWN:
        raise ValueError(f"Tile ({tx}, {ty}) uses classes that do not exist.")
    end = at + bits.bit_count() * PLANE_BYTES
    if end > len(raw):
        raise ValueError("The mask data ends inside a tile.")
    return (tx, ty), PackedTile(bits, raw[at:end]), end
