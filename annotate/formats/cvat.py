"""CVAT XML for images 1.1: masks, polygons, lines, boxes and ellipses in, masks out.

Run lengths are row-major within the mask's own box and begin with background.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import BinaryIO
from xml.etree import ElementTree as Xml

import numpy as np

from config.words.said import said
from photos.decoding import plain_xml
from photos.masks.arrays import Mask, Plane
from photos.masks.classes import CLASSES

from . import outlines
from .content import (
    Labels,
    check_length,
    check_size,
    check_values,
    names_of,
    rasterise,
    same_photo,
    whole_numbers,
)
from .large import streaming
from .large.spreading import Spread
from .reading import UNDAMAGED, Entry, How, Shapes, entries, strict

OWN_ID = "heirloom_photo"
FORM = "CVAT"
ENTITIES = said("file.entities")
TRACKS = said("file.tracks")


def names(root: Xml.Element) -> list[str]:
    """The names of all photos of a parsed document."""
    return [image.get("name", "") for image in root.iter("image")]


def split(root: Xml.Element) -> Iterator[tuple[str, bytes]]:
    """(name, a document of this photo alone) for every photo, in one pass."""
    if root.find("track") is not None:
        raise ValueError(TRACKS)
    for image in root.iterfind("image"):
        yield image.get("name", ""), _alone(image)


def spread(file: BinaryIO, into: Spread) -> None:
    """The same of a large document, image by image."""
    try:
        for element in streaming.elements(file, FORM):
            if element.tag == "track":
                raise ValueError(TRACKS)
            if element.tag == "image":
                into.begin(element.get("name", ""), _alone(element).decode())
    except plain_xml.DeclaresEntities as error:
        raise ValueError(ENTITIES) from error


def _alone(image: Xml.Element) -> bytes:
    alone = Xml.Element("annotations")
    alone.append(image)
    image.tail = None
    return Xml.tostring(alone)


def photo_id(root: Xml.Element) -> str:
    """Our own number of the photo of a document of one; empty in others' files."""
    image = root.find("image")
    return "" if image is None else image.get(OWN_ID, "")


def read(
    source: bytes | Xml.Element, name: str, width: int, height: int, labels: Labels = CLASSES
) -> Mask:
    """The mask of one photo of a file (bytes, or what `parse` made of them), found by name.

    CVAT's own exports are fat by part of a pixel.
    """
    root = parse(source) if isinstance(source, bytes) else source
    return strict(look(root, name, width, height, How(labels)))


def look(root: Xml.Element, name: str, width: int, height: int, how: How) -> Shapes:
    """All of one photo's shapes."""
    image = _image(root, name)
    check_size((_number(image, "width"), _number(image, "height")), width, height)
    shapes = Shapes(width, height, how)
    for shape in image:
        label = shape.get("label")
        if shape.tag == "tag":
            shapes.undamaged |= label == UNDAMAGED
        elif shape.tag in DRAWN:
            shapes.add(label, shape.tag, partial(DRAWN[shape.tag], shape, width, height))
        elif shape.tag == "polyline":
            draw = partial(outlines.line, _points(shape, "line"), width=width, height=height)
            shapes.add_line(label, draw)
        else:
            shapes.leave_out(shape.tag, label)
    return shapes


def parse(data: bytes) -> Xml.Element:
    """The document, for reading many photos of it."""
    check_length(data)
    check_values(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(said("file.no-utf8", form=FORM)) from error
    try:
        return plain_xml.parse(text)
    except plain_xml.DeclaresEntities as error:
        raise ValueError(ENTITIES) from error
    except ValueError as error:
        raise ValueError(said("file.no-xml", form=FORM)) from error


def _image(root: Xml.Element, name: str) -> Xml.Element:
    for image in root.iter("image"):
        if same_photo(image.get("name"), name):
            return image
    raise ValueError(said("file.not-mentioned", form=FORM, photo=name))


def _number(element: Xml.Element, key: str) -> int:
    text = element.get(key, "")
    if not text.isascii() or not text.isdigit():
        raise ValueError(said("file.no-whole-number", key=repr(key), element=repr(element.tag)))
    return int(text)


def _mask(shape: Xml.Element, width: int, height: int) -> Plane:
    left, top = _number(shape, "left"), _number(shape, "top")
    wide, tall = _number(shape, "width"), _number(shape, "height")
    if left + wide > width or top + tall > height:
        raise ValueError(
            said(
                "shape.leaves-photo",
                across=wide, down=tall, left=left, top=top, width=width, height=height,
            )
        )  # fmt: skip
    texts = [text.strip() for text in shape.get("rle", "").split(",") if text.strip()]
    if not all(text.isascii() and text.isdigit() and len(text) < 12 for text in texts):
        raise ValueError(said("shape.no-whole-numbers"))
    counts = whole_numbers([int(text) for text in texts])
    if int(counts.sum()) != wide * tall:
        raise ValueError(said("shape.runs-size", width=wide, height=tall))
    plane = np.zeros((height, width), bool)
    box = np.repeat(np.arange(len(counts)) % 2 == 1, counts).reshape(tall, wide)
    plane[top : top + tall, left : left + wide] = box
    return plane


def _polygon(shape: Xml.Element, width: int, height: int) -> Plane:
    return rasterise(_points(shape, "polygon"), width, height)


def _box(shape: Xml.Element, width: int, height: int) -> Plane:
    left, top, right, bottom = _floats(shape, "xtl", "ytl", "xbr", "ybr")
    (turned,) = _floats(shape, "rotation")
    return outlines.box((left, top), (right - left, bottom - top), width, height, turned)


def _ellipse(shape: Xml.Element, width: int, height: int) -> Plane:
    x, y, across, down, turned = _floats(shape, "cx", "cy", "rx", "ry", "rotation")
    return outlines.ellipse((x, y), (across, down), width, height, turned)


def _floats(shape: Xml.Element, *keys: str) -> list[float]:
    texts = [shape.get(key, "0" if key == "rotation" else "") for key in keys]
    return outlines.numbers(texts, shape.tag)


DRAWN = {"mask": _mask, "polygon": _polygon, "box": _box, "ellipse": _ellipse}


def _points(shape: Xml.Element, kind: str) -> list[tuple[float, float]]:
    try:
        pairs = [pair.split(",") for pair in shape.get("points", "").split(";")]
        return [(float(x), float(y)) for x, y in pairs]
    except ValueError as error:
        raise ValueError(said("shape.no-pairs", kind=kind)) from error


def write(masks: Mapping[str, Mask], labels: Labels = CLASSES) -> bytes:
    """One file for all photos, a mask for each class that a photo's mask uses."""
    return b"".join(pieces(entries(masks), labels))


def pieces(photos: Sequence[Entry], labels: Labels = CLASSES) -> Iterator[bytes]:
    """The same bit by bit; of masks only one is in memory."""
    yield b'<?xml version="1.0" encoding="utf-8"?>\n<annotations><version>1.1</version>'
    yield Xml.tostring(_meta(len(photos), labels), encoding="utf-8", xml_declaration=False)
    for number, entry in enumerate(photos):
        image = _image_of(entry, number, labels)
        yield b"\n" + Xml.tostring(image, encoding="utf-8", xml_declaration=False)
    yield b"\n</annotations>\n"


def _meta(count: int, labels: Labels) -> Xml.Element:
    """What CVAT's readers ask for before the images: the task and its labels."""
    meta = Xml.Element("meta")
    task = Xml.SubElement(meta, "task")
    facts = {"id": "0", "name": "Heirloom", "size": str(count), "mode": "annotation"}
    more = {"overlap": "0", "bugtracker": "", "flipped": "False", "subset": "default"}
    frames = {"start_frame": "0", "stop_frame": str(max(0, count - 1)), "frame_filter": ""}
    for key, text in {**facts, **more, **frames}.items():
        Xml.SubElement(task, key).text = text
    listed_labels = Xml.SubElement(task, "labels")
    for name in (*labels, UNDAMAGED):
        label = Xml.SubElement(listed_labels, "label")
        Xml.SubElement(label, "name").text = name
        Xml.SubElement(label, "type").text = "tag" if name == UNDAMAGED else "mask"
        Xml.SubElement(label, "attributes")
    return meta


def _image_of(entry: Entry, number: int, labels: Labels) -> Xml.Element:
    size = {"width": str(entry.width), "height": str(entry.height)}
    own = {OWN_ID: entry.number} if entry.number else {}
    image = Xml.Element("image", {"id": str(number), "name": entry.name} | size | own)
    for label, plane in names_of(entry.read(), labels):
        fixed = {"label": label, "source": "manual", "occluded": "0", "z_order": "0"}
        Xml.SubElement(image, "mask", fixed | _boxed(plane))
    if not len(image):
        Xml.SubElement(image, "tag", {"label": UNDAMAGED, "source": "manual"})
    return image


def _boxed(plane: Plane) -> dict[str, str]:
    rows, columns = np.flatnonzero(plane.any(axis=1)), np.flatnonzero(plane.any(axis=0))
    box = plane[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    flat = box.ravel()
    edges = np.flatnonzero(np.diff(flat, prepend=False))
    counts = np.diff(edges, prepend=0, append=flat.size)
    sizes = {"top": rows[0], "left": columns[0], "width": box.shape[1], "height": box.shape[0]}
    return {"rle": ", ".join(map(str, counts))} | {key: str(size) for key, size in sizes.items()}
