"""What a TIFF's directories say, read without a decoder and without trust. Pure.

TIFF 6.0 and BigTIFF; only tags that tell which picture is which. Nothing is believed: offsets
and counts beyond the file end the reading, loops are left, and there is a most of everything.
"""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

MOST_DIRECTORIES = 500
MOST_ENTRIES = 1000
MOST_VALUES = 64
SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    18: 8,
}
LETTERS = {
    1: "B",
    3: "H",
    4: "I",
    6: "b",
    8: "h",
    9: "i",
    11: "f",
    12: "d",
    13: "I",
    16: "Q",
    18: "Q",
}
SUBFILE, WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 254, 256, 257, 258, 259, 262
SAMPLES, X_RESOLUTION, Y_RESOLUTION, PLANAR, UNIT, SUB_IFDS = 277, 282, 283, 284, 296, 330
EXTRA_SAMPLES, SAMPLE_FORMAT, OLD_SUBFILE, DNG_VERSION = 338, 339, 255, 50706
CFA, LINEAR_RAW = 32803, 34892
NEF = 34713


@dataclass(frozen=True)
class Directory:
    """A picture of the file: `page` counts the main chain from 0, `sub` its SubIFDs (-1: none)."""

    page: int
    sub: int = -1
    tags: dict[int, tuple[float, ...]] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """Its description and page name, lower case."""
        return " ".join(self.texts.get(tag, "") for tag in (270, 285)).lower()

    def one(self, tag: int, default: int = 0) -> int:
        values = self.tags.get(tag)
        return int(values[0]) if values else default

    @property
    def size(self) -> tuple[int, int]:
        return self.one(WIDTH), self.one(HEIGHT)

    @property
    def area(self) -> int:
        return self.size[0] * self.size[1]

    @property
    def samples(self) -> int:
        return self.one(SAMPLES, 1)

    @property
    def is_reduced(self) -> bool:
        return bool(self.one(SUBFILE) & 1) or self.one(OLD_SUBFILE) == 2

    @property
    def is_mask(self) -> bool:
        return bool(self.one(SUBFILE) & 4) or self.one(PHOTOMETRIC) == 4

    @property
    def is_raw(self) -> bool:
        """What a camera's sensor saw."""
        mosaic = self.one(PHOTOMETRIC) in (CFA, LINEAR_RAW) or self.one(COMPRESSION) == NEF
        return mosaic or DNG_VERSION in self.tags


def read_directories(path: Path) -> list[Directory]:
    """All of the main chain, each followed by its SubIFDs; what cannot be read is left out."""
    with path.open("rb") as file:
        return list(_directories(file))


def first_of(file: BinaryIO) -> Directory | None:
    """The first directory alone, of a TIFF or of EXIF."""
    return next(_directories(file), None)


def pointed_at(file: BinaryIO, tag: int) -> Directory | None:
    """The directory that a tag of the first one points at, as EXIF's own."""
    file.seek(0)
    reader = _Reader.opened(file)
    first = reader.directory(reader.first, 0, -1) if reader else None
    if reader is None or first is None or not first[0].one(tag):
        return None
    found = reader.directory(first[0].one(tag), 0, 0)
    return found[0] if found else None


def offset_of_value(file: BinaryIO, tag: int) -> int | None:
    """Where in the file the value of a short tag of the first directory stands."""
    reader = _Reader.opened(file)
    if reader is None or reader.big:
        return None
    count = int.from_bytes(reader._at(reader.first, 2), "little" if reader.order == "<" else "big")
    for k in range(min(count, MOST_ENTRIES)):
        at = reader.first + 2 + 12 * k
        entry = reader._at(at, 12)
        if entry and struct.unpack(reader.order + "HH", entry[:4]) == (tag, 3):
            return at + 8
    return None


def _text(data: bytes) -> str:
    """UTF-8, as is written today, or the Latin letters of old."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _directories(file: BinaryIO) -> Iterator[Directory]:
    reader = _Reader.opened(file)
    if reader is None:
        return
    seen: set[int] = set()
    at, page = reader.first, 0
    while at and at not in seen and len(seen) < MOST_DIRECTORIES:
        seen.add(at)
        read = reader.directory(at, page, -1)
        if read is None:
            return
        main, at = read
        yield main
        for number, below in enumerate(main.tags.get(SUB_IFDS, ())):
            if int(below) not in seen and len(seen) < MOST_DIRECTORIES:
                seen.add(int(below))
                found = reader.directory(int(below), page, number)
                if found:
                    yield found[0]
        page += 1


@dataclass(frozen=True)
class _Reader:
    file: BinaryIO
    order: str
    big: bool
    first: int

    @classmethod
    def opened(cls, file: BinaryIO) -> "_Reader | None":
        head = file.read(16)
        order = {b"II": "<", b"MM": ">"}.get(head[:2])
        if order is None or len(head) < 8:
            return None
        version = struct.unpack(order + "H", head[2:4])[0]
        if version == 42:
            return cls(file, order, False, struct.unpack(order + "I", head[4:8])[0])
        if version == 43 and len(head) == 16:
            return cls(file, order, True, struct.unpack(order + "Q", head[8:16])[0])
        return None

    def directory(self, at: int, page: int, sub: int) -> tuple[Directory, int] | None:
        """(the directory, where the next one is); None beyond the file's end."""
        count_of, entry, pointer = ("Q", 20, "Q") if self.big else ("H", 12, "I")
        head = self._at(at, struct.calcsize("=" + count_of))
        if not head:
            return None
        count = struct.unpack(self.order + count_of, head)[0]
        if count > MOST_ENTRIES:
            return None
        start = at + len(head)
        block = self._at(start, count * entry)
        after = self._at(start + count * entry, struct.calcsize("=" + pointer))
        if len(block) < count * entry:
            return None
        tags, texts = {}, {}
        for k in range(count):
            tag, values, text = self._entry(block[k * entry : (k + 1) * entry])
            if values:
                tags[tag] = values
            if text:
                texts[tag] = text.split("\0")[0]
        following = struct.unpack(self.order + pointer, after)[0] if after else 0
        return Directory(page, sub, tags, texts), following

    def _entry(self, entry: bytes) -> tuple[int, tuple[float, ...], str]:
        tag, kind = struct.unpack(self.order + "HH", entry[:4])
        count = struct.unpack(
            self.order + ("Q" if self.big else "I"), entry[4 : 12 if self.big else 8]
        )[0]
        field_ = entry[12:] if self.big else entry[8:]
        taken = min(count, MOST_VALUES if kind != 2 else 1000)
        length = SIZES.get(kind, 0) * taken
        if not length:
            return tag, (), ""
        if SIZES[kind] * count > len(field_):
            field_ = self._at(self._word(field_), length)
        data = field_[:length]
        if len(data) < length:
            return tag, (), ""
        if kind == 2:
            return tag, (), _text(data)
        return tag, self._values(kind, data, taken), ""

    def _word(self, data: bytes) -> int:
        return int(struct.unpack(self.order + ("Q" if self.big else "I"), data)[0])

    def _values(self, kind: int, data: bytes, count: int) -> tuple[float, ...]:
        if kind in (5, 10):
            pairs = struct.unpack(f"{self.order}{2 * count}{'I' if kind == 5 else 'i'}", data)
            return tuple(a / b if b else 0.0 for a, b in zip(pairs[::2], pairs[1::2], strict=True))
        letter = LETTERS.get(kind)
        found = struct.unpack(f"{self.order}{count}{letter}", data) if letter else ()
        return found if all(map(math.isfinite, found)) else ()  # no size, offset or count

    def _at(self, offset: int, length: int) -> bytes:
        """All of those bytes, or none."""
        try:
            self.file.seek(offset)
            data = self.file.read(length)
        except (OSError, OverflowError, ValueError):
            return b""
        return data if len(data) == length else b""
