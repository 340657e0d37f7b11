"""Hostile image files, by seed: small sound samples of every format that is read, and mutations.

Pure but for the encoders that write the samples. Every mutant is told by (format, number), so
that one that does harm can be made again: `mutant("png", 17, seed=7)`.
"""

import io
import struct
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

FORMATS = ("jpeg", "png", "tiff", "webp", "heic")
HEAD = 320  # where formats keep their sizes
SIZES = (0, 1, 2, 7, 255, 4096, 65_535, 100_000, 2**31 - 1, 2**31, 2**32 - 1)
Mutation = Callable[[bytes, np.random.Generator, str], bytes]


@cache
def samples(kind: str) -> tuple[bytes, ...]:
    """Sound files of 48 x 36 px that together use most of what a format can do."""
    return tuple(
        {"jpeg": _jpegs, "png": _pngs, "tiff": _tiffs, "webp": _webps, "heic": _heics}[kind]()
    )


def mutant(kind: str, number: int, *, seed: int = 0) -> tuple[str, bytes]:
    """(name of the mutation, bytes): the same for the same three arguments."""
    rng = np.random.default_rng([seed, FORMATS.index(kind), number])
    mutate = MUTATIONS[number % len(MUTATIONS)]
    source = samples(kind)[int(rng.integers(len(samples(kind))))]
    return mutate.__name__, mutate(source, rng, kind)


def flips(data: bytes, rng: np.random.Generator, kind: str) -> bytes:
    """One to sixty-four bytes anywhere."""
    return _overwrite(data, rng, len(data))


def header_flips(data: bytes, rng: np.random.Generator, kind: str) -> bytes:
    """The same where the sizes stand; the first bytes, which name the format, are kept."""
    return _overwrite(data, rng, min(HEAD, len(data)))


def truncation(data: bytes, rng: np.random.Generator, kind: str) -> bytes:
    return data[: int(rng.integers(16, len(data)))]


def lengths(data: bytes, rng: np.random.Generator, kind: str) -> bytes:
    """A length field says something else."""
    return _set_field(data, rng, kind, LENGTHS[kind](data))


def bomb(data: bytes, rng: np.random.Generator, kind: str) -> bytes:
    """Width or height, or both, say something else."""
    places = SIDES[kind](data)
    for _ in range(int(rng.integers(1, 3))):
        data = _set_field(data, rng, kind, places)
    return data


def splice(data: bytes, rng: np.random.Generator, kind: str) -> bytes:
    """A run of another file, of this format or of another, in place of a run of this one."""
    other = samples(str(rng.choice(FORMATS)) if rng.random() < 0.3 else kind)
    donor = other[int(rng.integers(len(other)))]
    start, stop = sorted(rng.integers(12, len(data), 2).tolist())
    first, last = sorted(rng.integers(0, len(donor), 2).tolist())
    return data[:start] + donor[first:last] + data[stop:]


def repetition(data: bytes, rng: np.random.Generator, kind: str) -> bytes:
    """A run of the file again, up to five hundred times."""
    start, stop = sorted(rng.integers(12, len(data), 2).tolist())
    return data[:stop] + data[start:stop] * int(rng.integers(1, 500)) + data[stop:]


def garbage(data: bytes, rng: np.random.Generator, kind: str) -> bytes:
    """Random bytes after a header that is sound."""
    keep = int(rng.integers(12, min(HEAD, len(data))))
    return data[:keep] + rng.bytes(int(rng.integers(1, 20_000)))


def repaired_flips(data: bytes, rng: np.random.Generator, kind: str) -> bytes:
    """Flips whose checksums are put right, so that they reach what lies behind the check."""
    return _sealed(_overwrite(data, rng, len(data)), kind)


def mute(data: bytes, rng: np.random.Generator, kind: str) -> bytes:
    """A stretch of zeros or ones."""
    start, stop = sorted(rng.integers(12, len(data), 2).tolist())
    return data[:start] + bytes([int(rng.choice([0, 255]))]) * (stop - start) + data[stop:]


MUTATIONS: tuple[Mutation, ...] = (
    flips, header_flips, truncation, lengths, bomb, splice, repetition, garbage, repaired_flips,
    mute,
)  # fmt: skip


def _overwrite(data: bytes, rng: np.random.Generator, stop: int) -> bytes:
    out = bytearray(data)
    for place in rng.integers(12, stop, int(rng.integers(1, 65))):
        out[place] = int(rng.integers(256))
    return bytes(out)


Place = tuple[int, str]  # offset, struct format


def _set_field(data: bytes, rng: np.random.Generator, kind: str, places: list[Place]) -> bytes:
    if not places:
        return _overwrite(data, rng, min(HEAD, len(data)))
    offset, form = places[int(rng.integers(len(places)))]
    most = 256 ** struct.calcsize(form) - 1
    value = int(rng.choice(SIZES)) if rng.random() < 0.7 else int(rng.integers(2**32))
    out = bytearray(data)
    struct.pack_into(form, out, offset, value & most)
    return _sealed(bytes(out), kind) if rng.random() < 0.8 else bytes(out)


def _sealed(data: bytes, kind: str) -> bytes:
    """PNG alone has checksums."""
    if kind != "png":
        return data
    out, offset = bytearray(data), 8
    while offset + 12 <= len(out):
        (length,) = struct.unpack_from(">I", out, offset)
        end = offset + 8 + length
        if end + 4 > len(out):
            break
        struct.pack_into(">I", out, end, zlib.crc32(out[offset + 4 : end]))
        offset = end + 4
    return bytes(out)


# --- where lengths and sides stand --------------------------------------------------------


def _jpeg_segments(data: bytes) -> list[tuple[int, int]]:
    """(marker, offset of its length) up to the first scan."""
    found, offset = [], 2
    while offset + 4 <= len(data) and data[offset] == 0xFF:
        found.append((data[offset + 1], offset + 2))
        offset += 2 + struct.unpack_from(">H", data, offset + 2)[0]
        if found[-1][0] == 0xDA:
            break
    return found


def _jpeg_sides(data: bytes) -> list[Place]:
    frames = [at for marker, at in _jpeg_segments(data) if marker in (0xC0, 0xC1, 0xC2)]
    return [(at + shift, ">H") for at in frames for shift in (3, 5)]


def _png_chunks(data: bytes) -> list[int]:
    found, offset = [], 8
    while offset + 12 <= len(data):
        found.append(offset)
        offset += 12 + struct.unpack_from(">I", data, offset)[0]
    return found


def _tiff_entries(data: bytes) -> tuple[str, list[tuple[int, int]]]:
    """(byte order, [(tag, offset of the entry)]) of the first directory of a classic TIFF."""
    order = "<" if data[:2] == b"II" else ">"
    if struct.unpack_from(order + "H", data, 2)[0] != 42:
        return order, []
    (start,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, start)
    places = [start + 2 + 12 * index for index in range(count)]
    return order, [(struct.unpack_from(order + "H", data, at)[0], at) for at in places]


def _tiff_lengths(data: bytes) -> list[Place]:
    order, entries = _tiff_entries(data)
    fields = [(at + shift, order + "I") for _, at in entries for shift in (4, 8)]
    return [(4, order + "I"), *fields]


def _tiff_sides(data: bytes) -> list[Place]:
    order, entries = _tiff_entries(data)
    return [(at + 8, order + "I") for tag, at in entries if tag in (256, 257, 277, 278, 322, 323)]


def _webp_sides(data: bytes) -> list[Place]:
    places: list[Place] = []
    for name, shifts in ((b"VP8 ", (14, 16)), (b"VP8L", (9, 11)), (b"VP8X", (12, 15))):
        at = data.find(name)
        places += [(at + shift, "<H") for shift in shifts if at > 0]
    return places


def _heic_boxes(data: bytes, name: bytes, *shifts: int) -> list[Place]:
    at = data.find(name)
    return [(at + shift, ">I") for shift in shifts if at > 0]


LENGTHS: dict[str, Callable[[bytes], list[Place]]] = {
    "jpeg": lambda data: [(at, ">H") for _, at in _jpeg_segments(data)],
    "png": lambda data: [(at, ">I") for at in _png_chunks(data)],
    "tiff": _tiff_lengths,
    "webp": lambda data: [(4, "<I"), (16, "<I")],
    "heic": lambda data: [
        place
        for name in (b"ftyp", b"meta", b"iloc", b"iinf", b"iprp", b"ipco", b"hvcC", b"mdat")
        for place in _heic_boxes(data, name, -4)
    ],
}
SIDES: dict[str, Callable[[bytes], list[Place]]] = {
    "jpeg": _jpeg_sides,
    "png": lambda data: [(16, ">I"), (20, ">I")],
    "tiff": _tiff_sides,
    "webp": _webp_sides,
    "heic": lambda data: _heic_boxes(data, b"ispe", 8, 12),
}


# --- sound samples -------------------------------------------------------------------------


def _pixels(bands: int, depth: type = np.uint8) -> np.ndarray:
    """A slope with noise and an edge: something for every predictor and transform."""
    rng = np.random.default_rng(5)
    y, x = np.mgrid[0:36, 0:48]
    plane = (x * 3 + y * 2 + 60 * (x > 24) + rng.integers(0, 20, x.shape)).clip(0, 255)
    planes = np.stack([np.roll(plane, 3 * band, 1) for band in range(bands)], -1).squeeze()
    return (planes * (257 if depth == np.uint16 else 1)).astype(depth)


def _vips(pixels: np.ndarray, interpretation: str) -> Any:
    import pyvips

    return pyvips.Image.new_from_array(pixels).copy(interpretation=interpretation)


def _pillow(pixels: np.ndarray, kind: str, **options: Any) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind, **options)
    return out.getvalue()


def _jpegs() -> list[bytes]:
    import pyvips

    colour = _vips(_pixels(3), "srgb")
    turned = colour.copy()
    turned.set_type(pyvips.GValue.gint_type, "orientation", 6)
    cmyk = _vips(_pixels(4), "cmyk")
    return [
        colour.jpegsave_buffer(Q=85, profile="srgb"),
        colour.jpegsave_buffer(Q=60, interlace=True, restart_interval=2),
        turned.jpegsave_buffer(Q=85),
        cmyk.jpegsave_buffer(Q=85),
        _vips(_pixels(1), "b-w").jpegsave_buffer(Q=85),
    ]


def _pngs() -> list[bytes]:
    colour = _vips(_pixels(3), "srgb")
    return [
        colour.pngsave_buffer(profile="srgb"),
        colour.pngsave_buffer(interlace=True, filter="all"),
        colour.pngsave_buffer(palette=True),
        _vips(_pixels(4), "srgb").pngsave_buffer(),
        _vips(_pixels(1, np.uint16), "grey16").pngsave_buffer(bitdepth=16),
        _vips(_pixels(1), "b-w").pngsave_buffer(bitdepth=1),
    ]


def _tiffs() -> list[bytes]:
    colour = _vips(_pixels(3), "srgb")
    tiles = {"tile": True, "tile_width": 16, "tile_height": 16}
    return [
        colour.tiffsave_buffer(compression="none"),
        colour.tiffsave_buffer(compression="lzw", predictor="horizontal", **tiles),
        colour.tiffsave_buffer(compression="jpeg", **tiles, pyramid=True),
        colour.tiffsave_buffer(compression="deflate", bigtiff=True),
        _vips(_pixels(1, np.uint16), "grey16").tiffsave_buffer(compression="deflate"),
        _vips(_pixels(4), "cmyk").tiffsave_buffer(compression="packbits"),
        _vips(_pixels(1), "b-w").tiffsave_buffer(compression="ccittfax4", bitdepth=1),
        _pillow(_pixels(3), "TIFF", compression="tiff_lzw"),
    ]


def _webps() -> list[bytes]:
    return [
        _vips(_pixels(3), "srgb").webpsave_buffer(Q=70),
        _vips(_pixels(4), "srgb").webpsave_buffer(lossless=True),
        _vips(_pixels(4), "srgb").webpsave_buffer(Q=70, profile="srgb"),
    ]


def _heics() -> list[bytes]:
    import pillow_heif
    from PIL import Image

    files = []
    for pixels in (_pixels(3), _pixels(1), _pixels(4)):
        out = io.BytesIO()
        pillow_heif.from_pillow(Image.fromarray(pixels)).save(out, quality=60)
        files.append(out.getvalue())
    return files
