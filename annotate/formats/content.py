"""What every format checks first: sizes, limits, class names, polygons, embedded pictures."""

import base64
import binascii
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage.draw import polygon as fill

from photos.masks.arrays import Mask, Plane
from photos.masks.classes import CLASSES

MAX_DOCUMENT = 256 * 1024 * 1024
MAX_POINTS = 100_000
# An empty list of three bytes takes 72 in memory: so many values are parsed, and no more.
MAX_VALUES = 20_000_000
MAX_SMALL_VALUES = 1_000_000  # of a document that the web process reads: about 70 MB

PICTURE_ENDINGS = frozenset(
    {
        "jpg",
        "jpeg",
        "jpe",
        "jfif",
        "png",
        "tif",
        "tiff",
        "webp",
        "heic",
        "heif",
        "avif",
        "jp2",
        "j2k",
    }
    | {"bmp", "ppm", "pgm", "pnm", "gif", "dng"}
)

Labels = Mapping[str, int]


class SizeDiffers(ValueError):
    """A mask of another size than its photo; ``found`` is (width, height)."""

    def __init__(self, found: tuple[object, object], width: int, height: int) -> None:
        super().__init__(
            f"The mask is {found[0]} x {found[1]} pixels, the photo {width} x {height}."
        )
        self.found = found


NO_TEXT = re.compile("[\0\ud800-\udfff]")


def parse_json(data: bytes, what: str) -> Any:
    """The document, refused before parsing when it is too large."""
    check_length(data, what)
    check_values(data, what)
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"This is not {what}: it cannot be read as JSON.") from error


def check_length(data: bytes, what: str) -> None:
    if len(data) > MAX_DOCUMENT:
        raise ValueError(f"The file is too large for {what}: at most {MAX_DOCUMENT >> 20} MB.")


def values_in(data: bytes) -> int:
    """At most how many values a JSON or XML document makes, counted without parsing it.

    Run lengths and points inside a text are one value; between brackets each is one.
    """
    return sum(data.count(mark) for mark in (b",", b"[", b"{", b"<", b"=", b";"))


def check_values(data: bytes, what: str) -> None:
    if values_in(data) > MAX_VALUES:
        raise ValueError(f"The file holds too much for {what}: at most {MAX_VALUES:,} values.")


def check_size(found: tuple[object, object], width: int, height: int) -> None:
    """Refuse a (width, height) other than the photo's, naming both."""
    if tuple(map(_whole, found)) != (width, height):
        raise SizeDiffers(found, width, height)


def _whole(size: object) -> object:
    """Some tools write numbers as texts."""
    plain = isinstance(size, str) and size.isascii() and size.isdigit() and len(size) < 10
    return int(size) if plain else size  # type: ignore[call-overload]


def bit_of(name: object, labels: Labels = CLASSES) -> int:
    """The class bit of a label, whatever its case."""
    bits = {key.lower(): bit for key, bit in labels.items()}
    try:
        return bits[str(name).strip().lower()]
    except KeyError:
        known = ", ".join(sorted(bits))
        raise ValueError(f"The class {str(name)!r} is unknown here: one of {known}.") from None


def names_of(mask: Mask, labels: Labels = CLASSES) -> Iterator[tuple[str, Plane]]:
    """(label, H x W plane) for every labelled class that the mask uses; made one by one."""
    for name, bit in labels.items():
        plane = (mask & bit) > 0
        if plane.any():
            yield name, plane


def same_photo(path: object, name: str) -> bool:
    """Do a path inside a document and our name (with its ending or without) mean the same file?

    Folders are not compared. Only a picture's ending is one: `1912.verso` is not `1912`.
    """
    found, wanted = bare(str(path)), bare(name)
    return wanted in (found, without_ending(found))


def bare(path: str) -> str:
    """The last part of a path of any system, in composed letters (NFC)."""
    return unicodedata.normalize("NFC", path.replace("\\", "/").rpartition("/")[2])


def kept(text: str) -> str:
    """A file's own words with a sign in place of what no database keeps and no page shows."""
    return NO_TEXT.sub("\ufffd", text)


def without_ending(name: str) -> str:
    """The name without a picture's ending; any other point belongs to the name."""
    stem, point, ending = name.rpartition(".")
    return stem if stem and point and ending.lower() in PICTURE_ENDINGS else name


def rasterise(points: Sequence[Sequence[float]], width: int, height: int) -> Plane:
    """The pixels whose centre lies inside the polygon [[x, y], ...]; pixel 0 spans 0 to 1."""
    try:
        corners = np.asarray(points, np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError("A polygon is not a list of x, y pairs.") from error
    if corners.ndim != 2 or corners.shape[1] != 2 or not np.isfinite(corners).all():
        raise ValueError("A polygon is not a list of x, y pairs.")
    if not 3 <= len(corners) <= MAX_POINTS:
        raise ValueError(f"A polygon needs 3 to {MAX_POINTS} points, this has {len(corners)}.")
    plane, far = np.zeros((height, width), bool), width + height
    if corners.min() < -far or corners.max() > 2 * far:
        raise ValueError("A polygon lies far outside the photo: it is of another picture.")
    rows, columns = fill(corners[:, 1] - 0.5, corners[:, 0] - 0.5, plane.shape)
    plane[rows, columns] = True
    return plane


def whole_numbers(values: object, what: str) -> NDArray[np.int64]:
    """A flat list of integers, none below zero."""
    try:
        numbers = np.asarray(values)
        if numbers.size == 0:
            return np.zeros(0, np.int64)
        whole = numbers.astype(np.int64)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{what} must be whole numbers.") from error
    if numbers.ndim != 1 or (whole != numbers).any() or (whole < 0).any():
        raise ValueError(f"{what} must be whole numbers from 0 up.")
    return whole


def from_base64(text: object, what: str) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"{what} is not base64.") from error


def to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def field(record: object, *keys: str | int) -> Any:
    """record[key][key]...; a sentence instead of a KeyError."""
    for key in keys:
        try:
            record = record[key]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            raise ValueError(f"The file lacks {key!r} where it should stand.") from None
    return record


def listed(record: object, *keys: str | int) -> list[Any]:
    """A list at record[key]...; a sentence when something else stands there."""
    value = field(record, *keys)
    if not isinstance(value, list):
        raise ValueError(f"The file should hold a list at {keys[-1]!r}.")
    return value


def named(record: object, *keys: str | int) -> dict[str, Any]:
    """An object at record[key]..., or itself; a sentence when something else stands there."""
    value = field(record, *keys)
    if not isinstance(value, dict):
        raise ValueError(f"The file should hold an object at {keys[-1] if keys else 0!r}.")
    return value
