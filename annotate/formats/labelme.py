"""labelme JSON: masks (a PNG within a box) and polygons in, masks out. One photo a file."""

import json

import numpy as np

from photos.masks.arrays import Mask, Plane, encode_png
from photos.masks.classes import CLASSES

from . import png
from .content import (
    Labels,
    bit_of,
    check_size,
    field,
    from_base64,
    listed,
    names_of,
    parse_json,
    rasterise,
    to_base64,
)


def read(data: bytes, width: int, height: int, labels: Labels = CLASSES) -> Mask:
    """The mask of the file's photo; other shapes than masks and polygons are refused."""
    document = parse_json(data, "a labelme file")
    check_size((field(document, "imageWidth"), field(document, "imageHeight")), width, height)
    mask = np.zeros((height, width), np.uint8)
    for shape in listed(document, "shapes"):
        kind = field(shape, "shape_type")
        if kind == "mask":
            plane = _boxed_mask(shape, width, height)
        elif kind == "polygon":
            plane = rasterise(field(shape, "points"), width, height)
        else:
            raise ValueError(f"A labelme shape of type {kind!r} is no mask and no polygon.")
        mask[plane] |= np.uint8(bit_of(field(shape, "label"), labels))
    return mask


def _boxed_mask(shape: object, width: int, height: int) -> Plane:
    """The PNG covers the box from the first corner to the second, both included."""
    try:
        corners = [round(float(field(shape, "points", n, k))) for n in (0, 1) for k in (0, 1)]
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError("A labelme mask lacks the corners of its box.") from error
    left, top, right, bottom = corners
    if not (0 <= left <= right < width and 0 <= top <= bottom < height):
        raise ValueError(f"A labelme mask leaves the photo of {width} x {height} pixels.")
    data = from_base64(field(shape, "mask"), "A labelme mask")
    plane = np.zeros((height, width), bool)
    box = png.read(data, right - left + 1, bottom - top + 1, threshold=1)
    plane[top : bottom + 1, left : right + 1] = box
    return plane


def write(mask: Mask, name: str, labels: Labels = CLASSES) -> bytes:
    """A labelme file that names the photo and does not hold it."""
    height, width = mask.shape
    document = {
        "version": "5.8.1",
        "flags": {},
        "shapes": [_shape(label, plane) for label, plane in names_of(mask, labels)],
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
