"""Label Studio JSON: brushes, bitmasks and outlines in, brushes or bitmasks out."""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from config.words.said import said
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
from ..large import streaming
from ..large.spreading import Spread
from ..reading import Entry, How, Shapes, entries, strict
from .brush import decode, encode
from .tasks import OWN_ID, finished, name_of, photo_without

FORM = "Label Studio"
SHAPED = {"rle", "imageDataURL", "points", "vertices", "radiusX", "width"}  # it has pixels
_DATA_URL = "data:image/png;base64,"


def parse(data: bytes) -> Any:
    """The list of tasks, for reading many photos of it."""
    tasks = parse_json(data, FORM)
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


def spread(file: BinaryIO, into: Spread) -> None:
    """The same of a large export, task by task."""
    for _, task in streaming.items(file, (), FORM):
        into.begin(name_of(task), json.dumps([task]))


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
        raise ValueError(photo_without(task, name))
    shapes = Shapes(width, height, how)
    results = listed(annotations[which], "result")
    shapes.undamaged = not results
    for result in results:
        _add(shapes, result)
    return shapes


def _add(shapes: Shapes, result: Any) -> None:
    kinds = [key for key in named(result, "value") if key.endswith("labels")]
    if not kinds or not listed(result, "value", kinds[0]):
        if SHAPED & {*result["value"]}:
            shapes.leave_out_classless(result.get("type"), result.get("id"))
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
    points = [outlines.numbers(point, "polygon") for point in _lists(value, "points")]
    scaled = [[x * width / 100 for x in point[:1]] + [y * height / 100 for y in point[1:]]
              for point in points]  # fmt: skip
    return rasterise(scaled, width, height)


def _lists(value: Any, key: str) -> list[list[object]]:
    rows = listed(value, key)
    if not all(isinstance(row, list) and len(row) == 2 for row in rows):
        raise ValueError(said("shape.no-pairs", kind="polygon"))
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
    found = outlines.numbers([field(value, key) for key in keys], "outline")
    (turned,) = outlines.numbers([value.get("rotation") or 0], "rotation")
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
    raise ValueError(said("file.not-mentioned", form=FORM, photo=name))


def _alpha(value: Any, width: int, height: int) -> NDArray[np.uint8]:
    if "imageDataURL" in value:
        url = str(value["imageDataURL"])
        if not url.startswith(_DATA_URL):
            raise ValueError(said("shape.no-data-url"))
        plane = png.read(from_base64(url[len(_DATA_URL) :]), width, height)
        return plane.astype(np.uint8) * np.uint8(255)
    words = whole_numbers(field(value, "rle"))
    if (words > 255).any():
        raise ValueError(said("shape.brush-bytes"))
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
