"""The chunks of a PNG before its pixels, read without a decoder. Pure."""

import struct
from collections.abc import Iterator

Primaries = tuple[float, ...]
SRGB = (0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)  # x and y of white, red, green, blue
ALIKE = 0.005  # of a coordinate: primaries as near are sRGB's
FLAT = 0.01  # least area of a triangle of primaries (sRGB's: 0.11): libpng too leaves smaller alone
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
    data = _undecided(head, b"gAMA")
    if len(data) != 4:
        return None
    stored = struct.unpack(">I", data)[0]
    if not 1000 <= stored <= 1_000_000 or abs(stored / GAMMA - 1) <= NEAR:
        return None
    return float(stored) / 100_000


def primaries_of(head: bytes) -> Primaries | None:
    """x and y of white, red, green and blue, where no profile decides; None for sRGB's and for
    what spans no colours."""
    data = _undecided(head, b"cHRM")
    if len(data) != 32:
        return None
    found = tuple(each / 100_000 for each in struct.unpack(">8I", data))
    if all(abs(a - b) <= ALIKE for a, b in zip(found, SRGB, strict=True)) or not _spans(found):
        return None
    return found


def is_animated(head: bytes) -> bool:
    return b"acTL" in dict(chunks(head))


def _undecided(head: bytes, name: bytes) -> bytes:
    """A chunk's data; nothing where a profile or sRGB overrules it."""
    found = dict(chunks(head))
    return b"" if b"iCCP" in found or b"sRGB" in found else found.get(name, b"")


def _spans(found: Primaries) -> bool:
    (wx, wy), *corners = zip(found[::2], found[1::2], strict=True)
    (ax, ay), (bx, by), (cx, cy) = corners
    area = abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2
    real = all(y > 0 and x >= 0 and x + y <= 1 for x, y in corners)
    return area >= FLAT and real and 0 < wx < 1 and 0.05 < wy < 1
