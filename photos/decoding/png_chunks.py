"""The chunks of a PNG before its pixels, read without a decoder. Pure."""

import struct
from collections.abc import Iterator

GAMMA = 45455  # what sRGB writes, in hundred-thousandths
NEAR = 0.05  # so far from it is taken for it, as libpng does


def chunks(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(name, data) of each whole chunk in front of the pixels."""
    at = 8
    while at + 8 <= len(head):
        length, name = struct.unpack(">I4s", head[at : at + 8])
        data = head[at + 8 : at + 8 + length]
        if name == b"IDAT" or len(data) < length:
            return
        yield name, data
        at += 12 + length


def gamma_of(head: bytes) -> float | None:
    """The exponent that makes samples of light, where no profile decides; None for sRGB's."""
    found = dict(chunks(head))
    data = found.get(b"gAMA", b"")
    if len(data) != 4 or b"iCCP" in found or b"sRGB" in found:
        return None
    stored = struct.unpack(">I", data)[0]
    if not 1000 <= stored <= 1_000_000 or abs(stored / GAMMA - 1) <= NEAR:
        return None
    return float(stored) / 100_000
