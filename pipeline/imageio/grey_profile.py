"""The ICC profile of our grey pictures: grey steps along the sRGB curve. Pure.

ICC.1:2001-04: a monochrome display profile needs a description, a copyright, a white point and
one tone curve. libvips ships profiles for colour alone.
"""

import struct
from functools import cache

STEPS = 1024
WHITE_D50 = (0.9642, 1.0, 0.8249)


@cache
def grey() -> bytes:
    """A version 2 profile, class "mntr", space "GRAY"."""
    tags = {
        b"desc": _description("Grey with the sRGB curve"),
        b"cprt": b"text\0\0\0\0No copyright, use freely\0",
        b"wtpt": b"XYZ \0\0\0\0" + b"".join(map(_fixed, WHITE_D50)),
        b"kTRC": b"curv\0\0\0\0" + struct.pack(">I", STEPS) + _curve(),
    }
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    size = start + len(body)
    return _header(size) + struct.pack(">I", len(tags)) + table + body


def _header(size: int) -> bytes:
    date = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    head = struct.pack(">I4sI", size, b"\0" * 4, 0x02100000) + b"mntrGRAYXYZ " + date + b"acsp"
    illuminant = b"".join(map(_fixed, WHITE_D50))
    return (head.ljust(68, b"\0") + illuminant).ljust(128, b"\0")


def _fixed(value: float) -> bytes:
    """s15Fixed16Number."""
    return struct.pack(">i", round(value * 65536))


def _curve() -> bytes:
    return b"".join(struct.pack(">H", round(65535 * linear(k / (STEPS - 1)))) for k in range(STEPS))


def linear(value: float) -> float:
    """IEC 61966-2-1: light, 0..1, of an sRGB value 0..1."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _description(text: str) -> bytes:
    """textDescriptionType: ASCII, then an empty Unicode and an empty Macintosh part."""
    name = text.encode() + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + b"\0" * (4 + 4 + 2 + 1 + 67)
