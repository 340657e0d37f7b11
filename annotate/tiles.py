"""The painter's file of a mask: 256 px tiles as bits, deflated ("HMT1"). No Django.

    "HMT1" | u32 tile count | deflate-raw of records, all little-endian:
    u16 tx, u16 ty | u8 class bits present | for each bit, low to high: 8,192 bytes,
    256 x 256 bits, row-major, high bit first

Edge tiles are padded with zeros. A tile without planes is empty.
"""

import hashlib
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from annotate.masks import FRACTURE, HOLE, IGNORE, SCUFF

TILE = 256
PLANE = TILE * TILE // 8
MAGIC = b"HMT1"
CLASSES = FRACTURE | SCUFF | HOLE | IGNORE
HEADER = struct.Struct("<4sI")
RECORD = struct.Struct("<HHB")

Mask = NDArray[np.uint8]
# (tx, ty) -> the class bits present, then their planes
Tiles = dict[tuple[int, int], bytes]


class BadTiles(ValueError):
    """The body is no mask of this photo; the message says why."""


class TooBig(BadTiles):
    """The body holds more than a mask of this photo can."""


def raw_limit(width: int, height: int) -> int:
    """The most bytes that records of a mask of this size may have."""
    return _count(width) * _count(height) * (RECORD.size + 8 * PLANE)


def body_limit(width: int, height: int) -> int:
    """The most bytes of a whole body: deflate without compression adds 5 bytes a block."""
    raw = raw_limit(width, height)
    return HEADER.size + raw + 5 * (raw // 65_535 + 2) + 64


def decode(body: bytes, *, width: int, height: int) -> Tiles:
    """Reads a body; raises BadTiles on anything that is not a mask of width x height pixels."""
    if len(body) > body_limit(width, height):
        raise TooBig("The mask is larger than its photo allows.")
    if len(body) < HEADER.size:
        raise BadTiles("The mask ends too early.")
    magic, count = HEADER.unpack_from(body)
    if magic != MAGIC:
        raise BadTiles("This is not a mask.")
    raw = _inflate(body[HEADER.size :], raw_limit(width, height))
    return _read_records(raw, count, width, height)


def encode(tiles: Tiles) -> bytes:
    """The body that holds these tiles, in a fixed order: equal masks give equal bytes."""
    records = bytearray()
    for (tx, ty), packed in sorted(tiles.items(), key=lambda item: item[0][::-1]):
        records += struct.pack("<HH", tx, ty) + packed
    deflate = zlib.compressobj(3, zlib.DEFLATED, -15)
    return HEADER.pack(MAGIC, len(tiles)) + deflate.compress(bytes(records)) + deflate.flush()


def apply(current: Tiles, delta: Tiles) -> Tiles:
    """The tiles after a delta; tiles that became empty are gone."""
    return {place: tile for place, tile in {**current, **delta}.items() if tile[0]}


def to_mask(tiles: Tiles, *, width: int, height: int) -> Mask:
    """H x W class bits."""
    rows, columns = _count(height), _count(width)
    mask = np.zeros((rows * TILE, columns * TILE), np.uint8)
    for (tx, ty), packed in tiles.items():
        mask[ty * TILE : (ty + 1) * TILE, tx * TILE : (tx + 1) * TILE] = _unpack(packed)
    return np.ascontiguousarray(mask[:height, :width])


def from_mask(mask: Mask) -> Tiles:
    """The non-empty tiles of H x W class bits."""
    if mask.ndim != 2 or mask.dtype != np.uint8:
        raise BadTiles(f"A mask is H x W bytes, not {mask.shape} of {mask.dtype}.")
    height, width = mask.shape
    tiles: Tiles = {}
    for ty in range(_count(height)):
        for tx in range(_count(width)):
            part = mask[ty * TILE : (ty + 1) * TILE, tx * TILE : (tx + 1) * TILE]
            if part.any():
                tiles[tx, ty] = _pack(part)
    return tiles


def digest(mask: Mask) -> str:
    """SHA-256 of the raw bytes, row-major: it depends on no encoder."""
    return hashlib.sha256(np.ascontiguousarray(mask).data).hexdigest()


def _count(length: int) -> int:
    return -(-length // TILE)


def _inflate(deflated: bytes, limit: int) -> bytes:
    inflate = zlib.decompressobj(-15)
    try:
        raw = inflate.decompress(deflated, limit + 1)
    except zlib.error as error:
        raise BadTiles("The mask's compressed bytes are damaged.") from error
    if len(raw) > limit:
        raise TooBig("The mask is larger than its photo allows.")
    if not inflate.eof or inflate.unused_data:
        raise BadTiles("The mask does not end where it should.")
    return raw


def _read_records(raw: bytes, count: int, width: int, height: int) -> Tiles:
    tiles: Tiles = {}
    at = 0
    for _ in range(count):
        if at + RECORD.size > len(raw):
            raise BadTiles("The mask ends too early.")
        tx, ty, bits = RECORD.unpack_from(raw, at)
        end = at + RECORD.size + bits.bit_count() * PLANE
        if tx >= _count(width) or ty >= _count(height) or end > len(raw):
            raise BadTiles("The mask does not fit its photo.")
        if bits & ~CLASSES:
            raise BadTiles("The mask uses a class that does not exist.")
        if (tx, ty) in tiles:
            raise BadTiles(f"Tile {tx}, {ty} comes twice.")
        tiles[tx, ty] = raw[at + 4 : end]
        _check_padding(tiles[tx, ty], width - tx * TILE, height - ty * TILE)
        at = end
    if at != len(raw):
        raise BadTiles("The mask is longer than it says.")
    return tiles


def _check_padding(packed: bytes, width: int, height: int) -> None:
    """Pixels beyond the photo's edge would be in the tiles but not in the digest."""
    if width >= TILE and height >= TILE:
        return
    pixels = _unpack(packed)
    if pixels[height:].any() or pixels[:, width:].any():
        raise BadTiles("The mask has pixels outside its photo.")


def _unpack(packed: bytes) -> Mask:
    pixels = np.zeros(TILE * TILE, np.uint8)
    planes = np.frombuffer(packed, np.uint8, offset=1).reshape(-1, PLANE)
    present = [bit for bit in range(8) if packed[0] & (1 << bit)]
    for bit, plane in zip(present, planes, strict=True):
        pixels |= np.unpackbits(plane) << bit
    return pixels.reshape(TILE, TILE)


def _pack(part: Mask) -> bytes:
    pixels = np.zeros((TILE, TILE), np.uint8)
    pixels[: part.shape[0], : part.shape[1]] = part
    present = int(np.bitwise_or.reduce(pixels, axis=None))
    planes = [np.packbits(pixels & (1 << bit) != 0) for bit in range(8) if present & (1 << bit)]
    return bytes([present]) + b"".join(plane.tobytes() for plane in planes)
