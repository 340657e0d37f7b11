"""labelme JSON (5 and 6): masks (a PNG within a box), polygons, boxes, circles and lines in, masks
out. One photo a file.
"""

import json
import math
from functools import partial
from typing import Any

import numpy as np

from config.words.said import said
from photos.masks.arrays import Mask, Plane, encode_png
from photos.masks.classes import CLASSES

from . import outlines, png
from .content import (
    Labels,
    check_size,
    field,
    from_base64,
    listed,
    names_of,
    parse_json,
    rasterise,
    to_base64,
)
from .reading import UNDAMAGED, How, Shapes, strict

OWN_ID = "heirloom_photo"


def parse(data: bytes) -> Any:
    """The document. ValueError with a sentence for JSON of another kind."""
    document = parse_json(data, "labelme")
    if not isinstance(document, dict) or "shapes" not in document:
        raise ValueError(said("file.no-shapes"))
    return document


def photo_id(document: Any) -> str:
    """Our own number of the photo; empty in others' files."""
    return str(document.get(OWN_ID) or "")


def read(data: bytes, width: int, height: int, labels: Labels = CLASSES) -> Mask:
    """The mask of the file's photo; shapes that have no pixels are refused."""
    return strict(look(parse(data), width, height, How(labels)))


def look(document: Any, width: int, height: int, how: How) -> Shapes:
    """All shapes of the file."""
    check_size((field(document, "imageWidth"), field(document, "imageHeight")), width, height)
    shapes = Shapes(width, height, how)
    flags = document.get("flags")
    shapes.undamaged = isinstance(flags, dict) and flags.get(UNDAMAGED) is True
    for shape in listed(document, "shapes"):
        kind, label = field(shape, "shape_type"), field(shape, "label")
        if kind in ("line", "linestrip"):
            draw = partial(outlines.line, _pairs(shape), width=width, height=height)
            shapes.add_line(label, draw)
        elif isinstance(kind, str) and kind in DRAWN:
            shapes.add(label, kind, partial(DRAWN[kind], shape, width, height))
        else:
            shapes.leave_out(kind, label)
    return shapes


def _pairs(shape: object) -> list[list[float]]:
    points = listed(shape, "points")
    if not all(isinstance(point, list) and len(point) == 2 for point in points):
        raise ValueError(said("shape.no-pairs", kind="labelme"))
    return [outlines.numbers(point, "labelme") for point in points]


def _two(shape: object) -> list[list[float]]:
    if len(points := _pairs(shape)) != 2:
        raise ValueError(said("shape.two-points"))
    return points


def _polygon(shape: object, width: int, height: int) -> Plane:
    return rasterise(field(shape, "points"), width, height)


def _rectangle(shape: object, width: int, height: int) -> Plane:
    """By two corners, whichever."""
    (x1, y1), (x2, y2) = _two(shape)
    size = (abs(x2 - x1), abs(y2 - y1))
    return outlines.box((min(x1, x2), min(y1, y2)), size, width, height)


def _circle(shape: object, width: int, height: int) -> Plane:
    """By its middle and a point on it."""
    (x1, y1), (x2, y2) = _two(shape)
    radius = math.hypot(x2 - x1, y2 - y1)
    return outlines.ellipse((x1, y1), (radius, radius), width, height)


def _boxed_mask(shape: object, width: int, height: int) -> Plane:
    """The PNG covers the box from the first corner to the second, both included."""
    try:
        corners = [round(float(field(shape, "points", n, k))) for n in (0, 1) for k in (0, 1)]
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(said("shape.no-corners")) from error
    left, top, right, bottom = corners
    if not (0 <= left <= right < width and 0 <= top <= bottom < height):
        raise ValueError(said("shape.box-leaves-photo", width=width, height=height))
    data = from_base64(field(shape, "mask"))
    plane = np.zeros((height, width), bool)
    box = png.read(data, right - left + 1, bottom - top + 1, threshold=1)
    plane[top : bottom + 1, left : right + 1] = box
    return plane


DRAWN = {
    "mask": _boxed_mask,
    "polygon": _polygon,
    "oriented_rectangle": _polygon,
    "rectangle": _rectangle,
    "circle": _circle,
}


def write(mask: Mask, name: str, labels: Labels = CLASSES, *, photo: str = "") -> bytes:
    """A labelme file that names the photo and does not hold it; `photo` is our number of it."""
    height, width = mask.shape
    shapes = [_shape(label, plane) for label, plane in names_of(mask, labels)]
    own = {OWN_ID: photo} if photo else {}
    document = own | {
        "version": "5.8.1",
        "flags": {} if shapes else {UNDAMAGED: True},
        "shapes": shapes,
        "imagePath": name,
        "imageData": None,
        "imageHeight": height,
        "imageWidth": width,
    }
    return json.dumps(document).encode()


def _shape(label: str, plane: Plane) -> dict[str, object]:
    rows, columns = np.flatnonzero(plane.any(axis=1)), np.flatnonzero(plane.any(axis=0))
    top, left, bottom, right = (int(n) for n in (rows[0], columns[0], rows[-1], columns[-1]))
    picture = encode_png(plane[top : bottom + 1, left : right + 1])
    return {
        "label": label,
        "points": [[left, top], [right, bottom]],
        "group_id": None,
        "description": "",
        "shape_type": "mask",
        "flags": {},
        "mask": to_base64(picture),
    }
