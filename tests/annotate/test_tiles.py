"""The painter's mask file: what goes in comes out, and nothing else is let in."""

import struct
import zlib

import numpy as np
import pytest

from annotate import tiles
from annotate.tiles import BadTiles, TooBig


def random_mask(height, width, seed=3):
    rng = np.random.default_rng(seed)
    mask = np.zeros((height, width), np.uint8)
    for bit in (1, 2, 4, 128):
        mask[rng.random((height, width)) < 0.01] |= bit
    return mask


def body(records: bytes, count: int) -> bytes:
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    return struct.pack("<4sI", b"HMT1", count) + deflate.compress(records) + deflate.flush()


def record(tx=0, ty=0, bits=0, planes=b"") -> bytes:
    return struct.pack("<HHB", tx, ty, bits) + planes


@pytest.mark.parametrize("size", [(1, 1), (256, 256), (257, 255), (300, 700), (1, 1000)])
def test_a_mask_survives_the_round_trip(size):
    mask = random_mask(*size)
    read = tiles.decode(tiles.encode(tiles.from_mask(mask)), width=size[1], height=size[0])
    assert np.array_equal(tiles.to_mask(read, width=size[1], height=size[0]), mask)


def test_the_bits_lie_as_the_painter_packs_them():
    mask = np.zeros((2, 9), np.uint8)
    mask[0, 0], mask[0, 8], mask[1, 1] = 1, 4, 1
    packed = tiles.from_mask(mask)[0, 0]
    assert packed[0] == 5
    assert (packed[1], packed[1 + 32]) == (0x80, 0x40)  # fracture: (0, 0), then row 1
    assert packed[1 + tiles.PLANE + 1] == 0x80  # hole: column 8


def test_an_empty_mask_has_no_tiles():
    assert tiles.from_mask(np.zeros((300, 300), np.uint8)) == {}
    assert tiles.decode(tiles.encode({}), width=300, height=300) == {}


def test_an_empty_tile_clears_what_was_there():
    current = tiles.from_mask(np.full((256, 512), 1, np.uint8))
    assert list(tiles.apply(current, {(0, 0): b"\0"})) == [(1, 0)]


def test_equal_masks_give_equal_bytes():
    built = tiles.from_mask(random_mask(600, 600))
    assert tiles.encode(built) == tiles.encode(dict(reversed(built.items())))


def test_the_digest_is_of_the_raw_bytes():
    mask = np.zeros((2, 3), np.uint8)
    assert tiles.digest(mask[:, ::-1]) == tiles.digest(mask)
    mask[1, 2] = 4
    assert tiles.digest(mask) == (
        __import__("hashlib").sha256(bytes([0, 0, 0, 0, 0, 4])).hexdigest()
    )


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"HMT1",
        b"PNG1" + bytes(20),
        struct.pack("<4sI", b"HMT1", 1) + b"not deflate",
        body(record(), 2),
        body(record() + b"x", 1),
        body(record(tx=9), 1),
        body(record(bits=1, planes=bytes(100)), 1),
        body(record(bits=8, planes=bytes(tiles.PLANE)), 1),
        body(record() * 2, 2),
        body(record(bits=1, planes=b"\xff" * tiles.PLANE), 1),
        body(record(), 1)[:-1],
        body(record(), 1) + b"tail",
    ],
)
def test_anything_else_is_refused(broken):
    with pytest.raises(BadTiles):
        tiles.decode(broken, width=300, height=200)


def test_a_bomb_is_not_inflated():
    with pytest.raises(TooBig):
        tiles.decode(body(bytes(10_000_000), 1), width=100, height=100)
    with pytest.raises(TooBig):
        tiles.decode(bytes(200_000), width=100, height=100)
