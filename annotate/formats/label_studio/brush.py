"""Label Studio's brushes: run lengths of a bit stream of RGBA bytes, four a pixel; the mask is the
alpha. Pure.
"""

import numpy as np
from numpy.typing import NDArray

from config.words.said import said
from photos.masks.arrays import Plane

SIZES = (3, 4, 8, 16)
WORD = 8
_LONGEST = 1 << 16


def encode(plane: Plane) -> bytes:
    """The bit stream of an H x W plane, alpha 255 where it is true."""
    flat = np.asarray(plane, bool).ravel()
    starts = np.flatnonzero(np.diff(flat, prepend=~flat[:1]))
    lengths = 4 * np.diff(starts, append=flat.size)
    pieces = -(-lengths // _LONGEST)
    levels = np.repeat(np.where(flat[starts], 255, 0), pieces)
    sizes = np.full(len(levels), _LONGEST)
    last = np.cumsum(pieces) - 1
    sizes[last] = lengths - (pieces - 1) * _LONGEST
    kind = np.searchsorted(1 << np.array(SIZES[:3]), sizes)
    width = np.array(SIZES)[kind]
    # 1 bit "a run", 2 bits which size, the length less one, the byte
    tokens = ((4 + kind) << width | (sizes - 1)) << WORD | levels
    head = [(4 * flat.size, 32), (WORD - 1, 5), *((size - 1, 4) for size in SIZES)]
    values = np.concatenate([[value for value, _ in head], tokens])
    bits = np.concatenate([[count for _, count in head], 3 + width + WORD])
    return _pack(values.astype(np.int64), bits.astype(np.int64))


def _pack(values: NDArray[np.int64], bits: NDArray[np.int64]) -> bytes:
    """Each value in so many bits, high bit first, the last byte filled with zeros."""
    ends = np.cumsum(bits)
    stream = np.zeros(int(ends[-1]), np.uint8)
    for place in range(int(bits.max())):
        chosen = bits > place
        stream[ends[chosen] - 1 - place] = values[chosen] >> place & 1
    return np.packbits(stream).tobytes()


def decode(data: bytes, width: int, height: int) -> NDArray[np.uint8]:
    """H x W alpha of a bit stream that must hold exactly this size."""
    bits = _Bits(data)
    total = bits.take(32)
    if total != 4 * width * height:
        raise ValueError(said("shape.brush-size", pixels=total // 4, wanted=width * height))
    word = bits.take(5) + 1
    sizes = [bits.take(4) + 1 for _ in range(4)]
    if word != WORD:
        raise ValueError(said("shape.brush-bytes"))
    flat = np.zeros(total, np.uint8)
    at = 0
    while at < total:
        run = bits.take(1)
        length = bits.take(sizes[bits.take(2)]) + 1
        if at + length > total:
            raise ValueError(said("shape.brush-too-long"))
        flat[at : at + length] = bits.take(WORD) if run else bits.take_bytes(length)
        at += length
    return flat.reshape(height, width, 4)[..., 3]


class _Bits:
    """Reads a byte string bit by bit, high bit first."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, count: int) -> int:
        first, last = self._at >> 3, (self._at + count + 7) >> 3
        if last > len(self._data):
            raise ValueError(said("shape.brush-cut-off"))
        self._at += count
        chunk = int.from_bytes(self._data[first:last], "big")
        return chunk >> (8 * last - self._at) & ((1 << count) - 1)

    def take_bytes(self, count: int) -> NDArray[np.uint8]:
        first, shift = self._at >> 3, self._at & 7
        last = (self._at + 8 * count + 7) >> 3
        if last > len(self._data):
            raise ValueError(said("shape.brush-cut-off"))
        bits = np.unpackbits(np.frombuffer(self._data, np.uint8, last - first, first))
        self._at += 8 * count
        return np.packbits(bits[shift : shift + 8 * count])
