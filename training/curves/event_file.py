"""TensorBoard's event files, written without TensorBoard: scalars alone.

A file is a row of records: length (8 bytes, little endian), its masked CRC-32C, the data, its
masked CRC-32C. The data is a protocol buffer `Event`: wall time (1), step (2), then the file's
version (3) or a summary (5) of values with a tag (1) and a simple value (2). As in TensorFlow's
`tensorflow/core/lib/io/record_writer.h` and `tensorflow/core/util/event.proto`.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

POLYNOMIAL = 0x82F63B78  # Castagnoli's, reflected
MASK_DELTA = 0xA282EAD8
VERSION = "brain.Event:2"
DOUBLE, VARINT, BYTES, FLOAT = 1, 0, 2, 5  # wire types


@dataclass(frozen=True)
class Scalar:
    """One number of a curve; ``wall_time`` in seconds since 1970."""

    tag: str
    step: int
    value: float
    wall_time: float


def _table() -> tuple[int, ...]:
    rows = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ (POLYNOMIAL if value & 1 else 0)
        rows.append(value)
    return tuple(rows)


TABLE = _table()


def crc32c(data: bytes) -> int:
    """CRC-32C (RFC 3720, appendix B.4)."""
    value = 0xFFFFFFFF
    for byte in data:
        value = TABLE[(value ^ byte) & 0xFF] ^ (value >> 8)
    return value ^ 0xFFFFFFFF


def _masked(data: bytes) -> bytes:
    value = crc32c(data)
    turned = ((value >> 15) | (value << 17)) & 0xFFFFFFFF
    return struct.pack("<I", (turned + MASK_DELTA) & 0xFFFFFFFF)


def record(data: bytes) -> bytes:
    """Data as a record of an event file."""
    length = struct.pack("<Q", len(data))
    return length + _masked(length) + data + _masked(data)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _key(number: int, wire: int) -> bytes:
    return _varint(number << 3 | wire)


def _text(number: int, data: bytes) -> bytes:
    return _key(number, BYTES) + _varint(len(data)) + data


def _event(wall_time: float, step: int, rest: bytes) -> bytes:
    head = _key(1, DOUBLE) + struct.pack("<d", wall_time) + _key(2, VARINT) + _varint(step)
    return record(head + rest)


def events(scalars: Iterable[Scalar], *, started: float) -> Iterator[bytes]:
    """The file's records in order: its version, then an event for every scalar."""
    yield _event(started, 0, _text(3, VERSION.encode()))
    for one in scalars:
        value = _text(1, one.tag.encode()) + _key(2, FLOAT) + struct.pack("<f", one.value)
        yield _event(one.wall_time, one.step, _text(5, _text(1, value)))
