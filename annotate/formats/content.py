"""What every format checks first: sizes, limits, class names, polygons, embedded pictures."""

import base64
import binascii
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import skimage
from numpy.typing import NDArray

from config.words.said import Said, said
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
        self.found, self.wanted = found, (width, height)
        across, down = map(str, found)
        super().__init__(
            said("mask.other-size", across=across, down=down, width=width, height=height)
        )

    def as_stored(self) -> Said:
        """What is said where these are the sides of the file before it was turned."""
        (across, down), (width, height) = map(str, self.found), self.wanted
        return said(
            "mask.other-size-as-stored", across=across, down=down, width=width, height=height
        )


def parse_json(data: bytes, form: str) -> Any:
    """The document, refused before parsing when it is too large; `form` is its name."""
    check_length(data)
    check_values(data)
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError(said("file.no-json", form=form)) from error


def check_length(data: bytes) -> None:
    if len(data) > MAX_DOCUMENT:
        raise ValueError(said("file.too-long", limit=MAX_DOCUMENT >> 20))


def values_in(data: bytes) -> int:
    """At most how many values a JSON or XML document makes, counted without parsing it.

    Run lengths and points inside a text are one value; between brackets each is one.
    """
    return sum(data.count(mark) for mark in (b",", b"[", b"{", b"<", b"=", b";"))


def check_values(data: bytes) -> None:
    if values_in(data) > MAX_VALUES:
        raise ValueError(said("file.too-much", limit=MAX_VALUES))


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
        unknown = said("shape.unknown-class", name=repr(str(name)), known=sorted(bits))
        raise ValueError(unknown) from None


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


def without_ending(name: str) -> str:
    """The name without a picture's ending; any other point belongs to the name."""
    stem, point, ending = name.rpartition(".")
    return stem if stem and point and ending.lower() in PICTURE_ENDINGS else name


def rasterise(points: Sequence[Sequence[float]], width: int, height: int) -> Plane:
    """The pixels whose centre lies inside the polygon [[x, y], ...]; pixel 0 spans 0 to 1."""
    try:
        corners = np.asarray(points, np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(said("shape.no-pairs", kind="polygon")) from error
    if corners.ndim != 2 or corners.shape[1] != 2 or not np.isfinite(corners).all():
        raise ValueError(said("shape.no-pairs", kind="polygon"))
    if not 3 <= len(corners) <= MAX_POINTS:
        raise ValueError(said("shape.corners", limit=MAX_POINTS, count=len(corners)))
    plane, far = np.zeros((height, width), bool), width + height
    if corners.min() < -far or corners.max() > 2 * far:
        raise ValueError(said("shape.far-outside"))
    rows, columns = skimage.draw.polygon(corners[:, 1] - 0.5, corners[:, 0] - 0.5, plane.shape)
    plane[rows, columns] = True
    return plane


def whole_numbers(values: object) -> NDArray[np.int64]:
    """A flat list of integers, none below zero."""
    try:
        numbers = np.asarray(values)
        if numbers.size == 0:
            return np.zeros(0, np.int64)
        whole = numbers.astype(np.int64)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(said("shape.no-whole-numbers")) from error
    if numbers.ndim != 1 or (whole != numbers).any() or (whole < 0).any():
        raise ValueError(said("shape.no-whole-numbers"))
    return whole


def from_base64(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(said("shape.no-base64")) from error


def to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def field(record: object, *keys: str | int) -> Any:
    """record[key][key]...; a sentence instead of a KeyError."""
    for key in keys:
        try:
            record = record[key]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            raise ValueError(said("file.lacks", key=repr(key))) from None
    return record


def listed(record: object, *keys: str | int) -> list[Any]:
    """A list at record[key]...; a sentence when something else stands there."""
    value = field(record, *keys)
    if not isinstance(value, list):
        raise ValueError(said("file.no-list", key=repr(keys[-1])))
    return value


def named(record: object, *keys: str | int) -> dict[str, Any]:
    """An object at record[key]..., or itself; a sentence when something else stands there."""
    value = field(record, *keys)
    if not isinstance(value, dict):
        raise ValueError(said("file.no-object", key=repr(keys[-1] if keys else 0)))
    return value
