"""Label Studio JSON: brush run lengths and bitmask pictures in, brush run lengths out.

Its run lengths are a bit stream of RGBA bytes, four a pixel; the mask is the alpha.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photos.masks.arrays import Mask, Plane
from photos.masks.classes import CLASSES, DAMAGE_FROM

from .. import outlines, png
from ..content import (
    Labels,
    check_size,
    field,
    from_base64,
    listed,
    named,
    names_of,
    parse_json,
    rasterise,
    same_photo,
    to_base64,
    whole_numbers,
)
from ..reading import Entry, How, Shapes, entries, strict
from .tasks import OWN_ID, finished, name_of, why_nothing

SIZES = (3, 4, 8, 16)
WORD = 8
_LONGEST = 1 << 16
_DATA_URL = "data:image/png;base64,"


def parse(data: bytes) -> Any:
    """The list of tasks, for reading many photos of it."""
    tasks = parse_json(data, "a Label Studio export")
    return tasks if isinstance(tasks, list) else [tasks]


def names(tasks: Any) -> list[str]:
    """The paths of all tasks' pictures, without the mark that an upload gets in front."""
    return [name_of(task) for task in tasks]


def photo_id(tasks: Any) -> str:
    """Our own number of the photo of a list of one task; empty in others' files."""
    return str(named(tasks, 0, "data").get(OWN_ID) or "")


def split(tasks: Any) -> Iterator[tuple[str, bytes]]:
    """(file name, a list of this task alone) for every photo, in one pass."""
    for task in tasks:
        yield name_of(task), json.dumps([task]).encode()


def read(
    source: Any,
    name: str,
    width: int,
    height: int,
    labels: Labels = CLASSES,
    *,
    threshold: int = DAMAGE_FROM,
) -> Mask:
    """The mask of one task of an export (bytes, or what `parse` made of them), by its image.

    The newest annotation that was not cancelled counts. Brushes can be half transparent: alpha
    from `threshold` (1..255) up is damage.
    """
    tasks = parse(source) if isinstance(source, bytes) else source
    return strict(look(tasks, name, width, height, How(labels, threshold=threshold)))


def look(tasks: Any, name: str, width: int, height: int, how: How, *, which: int = 0) -> Shapes:
    """The shapes of one finished annotation of a task, the newest being 0."""
    task = _task(tasks, name)
    annotations = finished(task)
    if which >= len(annotations):
        raise ValueError(f"{name} is {why_nothing(task)}.")
    shapes = Shapes(width, height, how)
    results = listed(annotations[which], "result")
    shapes.undamaged = not results
    for result in results:
        _add(shapes, result)
    return shapes


def _add(shapes: Shapes, result: Any) -> None:
    kinds = [key for key in named(result, "value") if key.endswith("labels")]
    if not kinds:
        if "rle" in result["value"]:
            shapes.leave_out("brush without a class", result.get("id"))
        return
    check_size(
        (field(result, "original_width"), field(result, "original_height")),
        shapes.width,
        shapes.height,
    )
    for label in listed(result, "value", kinds[0]):
        if DRAWN.get(kinds[0]) is None and not {"rle", "imageDataURL"} & {*result["value"]}:
            shapes.leave_out(kinds[0], label)
        else:
            shapes.add(label, kinds[0].removesuffix("labels"), partial(_drawn, result, shapes))


def _drawn(result: Any, shapes: Shapes) -> Plane:
    value = field(result, "value")
    if {"rle", "imageDataURL"} & {*value}:
        alpha: NDArray[np.uint8] = _alpha(value, shapes.width, shapes.height)
        return alpha >= shapes.how.threshold
    kind = next(key for key in value if key.endswith("labels"))
    return DRAWN[kind](value, shapes.width, shapes.height)


def _polygon(value: Any, width: int, height: int) -> Plane:
    """In hundredths of the sides, as are all of Label Studio's outlines."""
    points = [outlines.numbers(point, "A polygon") for point in _lists(value, "points")]
    scaled = [[x * width / 100 for x in point[:1]] + [y * height / 100 for y in point[1:]]
              for point in points]  # fmt: skip
    return rasterise(scaled, width, height)


def _lists(value: Any, key: str) -> list[list[object]]:
    rows = listed(value, key)
    if not all(isinstance(row, list) and len(row) == 2 for row in rows):
        raise ValueError("A polygon is not a list of x, y pairs.")
    return rows


def _rectangle(value: Any, width: int, height: int) -> Plane:
    """Turned about its upper left corner, which is where Label Studio turns it."""
    x, y, wide, tall, turned = _hundredths(value, ("x", "y", "width", "height"))
    left, top, wide, tall = x * width, y * height, wide * width, tall * height
    angle = math.radians(turned)
    across = wide / 2 * math.cos(angle) - tall / 2 * math.sin(angle)
    down = wide / 2 * math.sin(angle) + tall / 2 * math.cos(angle)
    corner = (left + across - wide / 2, top + down - tall / 2)
    return outlines.box(corner, (wide, tall), width, height, turned)


def _ellipse(value: Any, width: int, height: int) -> Plane:
    x, y, across, down, turned = _hundredths(value, ("x", "y", "radiusX", "radiusY"))
    radii = (across * width, down * height)
    return outlines.ellipse((x * width, y * height), radii, width, height, turned)


def _hundredths(value: Any, keys: tuple[str, ...]) -> list[float]:
    """The shares of a side, and the turn in degrees."""
    found = outlines.numbers([field(value, key) for key in keys], "An outline")
    (turned,) = outlines.numbers([value.get("rotation") or 0], "A turn")
    return [*(number / 100 for number in found), turned]


DRAWN: dict[str, Callable[[Any, int, int], Plane]] = {
    "polygonlabels": _polygon,
    "rectanglelabels": _rectangle,
    "ellipselabels": _ellipse,
}


def _task(tasks: Any, name: str) -> Any:
    for task in tasks:
        if any(same_photo(path, name) for path in names([task])):
            return task
    raise ValueError(f"The Label Studio export does not mention {name}.")


def _alpha(value: Any, width: int, height: int) -> NDArray[np.uint8]:
    if "imageDataURL" in value:
        url = str(value["imageDataURL"])
        if not url.startswith(_DATA_URL):
            raise ValueError("A bitmask must be a PNG in a data URL.")
        plane = png.read(from_base64(url[len(_DATA_URL) :], "A bitmask"), width, height)
        return plane.astype(np.uint8) * np.uint8(255)
    words = whole_numbers(field(value, "rle"), "Brush data")
    if (words > 255).any():
        raise ValueError("Brush data must be bytes.")
    return decode(words.astype(np.uint8).tobytes(), width, height)


def write(masks: Mapping[str, Mask], labels: Labels = CLASSES, *, bitmask: bool = False) -> bytes:
    """One task for each photo, a brush (or a bitmask) for each class its mask uses."""
    return b"".join(pieces(entries(masks), labels, bitmask=bitmask))


def pieces(
    photos: Sequence[Entry], labels: Labels = CLASSES, *, bitmask: bool = False
) -> Iterator[bytes]:
    """The same bit by bit; of masks only one is in memory."""
    form = _bitmask if bitmask else _brush
    yield b"["
    for number, entry in enumerate(photos, start=1):
        results = [form(label, plane) for label, plane in names_of(entry.read(), labels)]
        annotation: dict[str, Any] = {"id": number, "was_cancelled": False, "result": results}
        if entry.key:
            annotation["unique_id"] = entry.key
        if entry.author:
            annotation["completed_by"] = {"email": entry.author}
        data = {"image": entry.name} | ({OWN_ID: entry.number} if entry.number else {})
        task = {"id": number, "data": data, "annotations": [annotation]}
        yield (b",\n" if number > 1 else b"") + json.dumps(task).encode()
    yield b"]"


def _brush(label: str, plane: Plane) -> dict[str, Any]:
    value = {"format": "rle", "rle": list(encode(plane)), "brushlabels": [label]}
    return _result(label, plane, "brushlabels", value)


def _bitmask(label: str, plane: Plane) -> dict[str, Any]:
    """A picture that is transparent where nothing is painted: any alpha counts as paint."""
    url = _DATA_URL + to_base64(png.write_transparent(plane))
    return _result(label, plane, "bitmasklabels", {"imageDataURL": url, "bitmasklabels": [label]})


def _result(label: str, plane: Plane, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    height, width = plane.shape
    return {
        "id": label,
        "type": kind,
        "from_name": "tag",
        "to_name": "image",
        "original_width": width,
        "original_height": height,
        "image_rotation": 0,
        "value": value,
    }


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
        raise ValueError(f"The brush holds {total // 4} pixels, the photo {width * height}.")
    word = bits.take(5) + 1
    sizes = [bits.take(4) + 1 for _ in range(4)]
    if word != WORD:
        raise ValueError("The brush is not made of bytes.")
    flat = np.zeros(total, np.uint8)
    at = 0
    while at < total:
        run = bits.take(1)
        length = bits.take(sizes[bits.take(2)]) + 1
        if at + length > total:
            raise ValueError("The brush is longer than its photo.")
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
            raise ValueError("The brush is cut off.")
        self._at += count
        chunk = int.from_bytes(self._data[first:last], "big")
        return chunk >> (8 * last - self._at) & ((1 << count) - 1)

    def take_bytes(self, count: int) -> NDArray[np.uint8]:
        first, shift = self._at >> 3, self._at & 7
        last = (self._at + 8 * count + 7) >> 3
        if last > len(self._data):
            raise ValueError("The brush is cut off.")
        bits = np.unpackbits(np.frombuffer(self._data, np.uint8, last - first, first))
        self._at += 8 * count
        return np.packbits(bits[shift : shift + 8 * count])
