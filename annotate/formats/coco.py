"""COCO JSON: run lengths (plain or compressed) and polygons in, compressed run lengths out."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from functools import partial
from typing import Any, BinaryIO

import numpy as np

from config.words.said import said
from photos.masks.arrays import Mask, Plane, from_run_lengths, run_lengths
from photos.masks.classes import CLASSES

from . import outlines
from .content import (
    Labels,
    check_size,
    field,
    listed,
    named,
    names_of,
    parse_json,
    rasterise,
    same_photo,
    whole_numbers,
)
from .large import streaming
from .large.spreading import Spread
from .reading import UNDAMAGED, Entry, How, Shapes, entries, strict

MAX_CATEGORIES = 1000
OWN_ID = "heirloom_photo"
FORM = "COCO"


def parse(data: bytes) -> Any:
    """The document, for reading many photos of it."""
    return parse_json(data, FORM)


def names(document: Any) -> list[str]:
    """The file names of all photos of a parsed document."""
    return [str(field(image, "file_name")) for image in listed(document, "images")]


def photo_id(document: Any) -> str:
    """Our own number of the photo of a document of one; empty in others' files."""
    return str(named(document, "images", 0).get(OWN_ID, ""))


def read(source: Any, name: str, width: int, height: int, labels: Labels = CLASSES) -> Mask:
    """The mask of one photo of a file (bytes, or what `parse` made of them), by its name."""
    document = parse(source) if isinstance(source, bytes) else source
    return strict(look(document, name, width, height, How(labels)))


def look(document: Any, name: str, width: int, height: int, how: How) -> Shapes:
    """All of one photo's annotations; one without a segmentation is its box, filled."""
    image = _image(document, name)
    check_size((field(image, "width"), field(image, "height")), width, height)
    categories: dict[str, Any] = {}
    for category in listed(document, "categories"):
        called = field(category, "name")
        if categories.setdefault(_id(field(category, "id")), called) != called:
            twice = repr(_id(field(category, "id"))[:50])
            raise ValueError(said("file.category-twice", id=twice))
    shapes = Shapes(width, height, how)
    shapes.undamaged = image.get(UNDAMAGED) is True
    for annotation in listed(document, "annotations"):
        if _id(field(annotation, "image_id")) == _id(field(image, "id")):
            label = categories.get(_id(field(annotation, "category_id")), "(no category)")
            shapes.add(label, "shape", partial(_drawn, annotation, shapes))
    return shapes


def _drawn(annotation: Any, shapes: Shapes) -> Plane:
    width, height = shapes.width, shapes.height
    if segmentation := annotation.get("segmentation"):
        return _segmentation(segmentation, width, height)
    if "bbox" not in annotation:
        raise ValueError(said("shape.no-box"))
    left, top, wide, tall = _box(annotation["bbox"])
    if wide < 0 or tall < 0:
        raise ValueError(said("shape.negative-box"))
    shapes.note(said("shape.read-as-box"))
    return outlines.box((left, top), (wide, tall), width, height)


def _box(values: Any) -> list[float]:
    if not isinstance(values, list) or len(values) != 4:
        raise ValueError(said("shape.box-numbers"))
    return outlines.numbers(values, "box")


def split(document: Any) -> Iterator[tuple[str, bytes]]:
    """(file name, document of this photo alone) for every photo, in one pass."""
    of_image: dict[str, list[Any]] = defaultdict(list)
    for annotation in listed(document, "annotations"):
        of_image[_id(field(annotation, "image_id"))].append(annotation)
    categories = listed(document, "categories")
    _few(categories)
    images: set[str] = set()
    for image in listed(document, "images"):
        images.add(_once(image, images))
    if lost := of_image.keys() - images:
        raise _homeless(lost)
    for image in listed(document, "images"):
        part = {
            "images": [image],
            "categories": categories,
            "annotations": of_image[_id(field(image, "id"))],
        }
        yield str(field(image, "file_name")), json.dumps(part).encode()


def spread(file: BinaryIO, into: Spread) -> None:
    """The same of a large document, in two passes: the shapes of a photo go to its own file."""
    images: list[Any] = []
    categories: list[Any] = []
    places: dict[str, int] = {}
    for key, item in streaming.items(file, ("images", "categories"), FORM):
        if key == "categories":
            categories.append(item)
            _few(categories)
        else:
            places[_once(item, places.keys())] = len(images)
            images.append(item)
    for image in images:
        head = {"images": [image], "categories": categories}
        into.begin(str(field(image, "file_name")), json.dumps(head)[:-1] + ', "annotations": [')
    file.seek(0)
    begun: set[int] = set()
    for _, item in streaming.items(file, ("annotations",), FORM):
        image_id = _id(field(item, "image_id"))
        if image_id not in places:
            raise _homeless({image_id})
        place = places[image_id]
        into.add(place, (", " if place in begun else "") + json.dumps(item))
        begun.add(place)
    into.end("]}")


def _few(categories: Sequence[Any]) -> None:
    if len(categories) > MAX_CATEGORIES:
        raise ValueError(said("file.many-categories", limit=MAX_CATEGORIES))


def _id(value: Any) -> str:
    """As text: some tools write the ids of images as numbers and name them in quotes."""
    if not isinstance(value, int | float | str):
        raise ValueError(said("file.no-id"))
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value)


def _once(image: Any, known: Set[str]) -> str:
    """The id of an image that is not known yet: shapes of two would be mixed."""
    found = _id(field(image, "id"))
    if found in known:
        raise ValueError(said("file.image-twice", id=repr(found[:50])))
    return found


def _homeless(ids: Collection[str]) -> ValueError:
    return ValueError(said("file.homeless", count=len(ids), id=repr(min(ids)[:50])))


def _image(document: Any, name: str) -> Any:
    for image in listed(document, "images"):
        if same_photo(field(image, "file_name"), name) and isinstance(image, dict):
            return image
    raise ValueError(said("file.not-mentioned", form=FORM, photo=name))


def _segmentation(segmentation: Any, width: int, height: int) -> Plane:
    if isinstance(segmentation, list):
        plane = np.zeros((height, width), bool)
        for flat in segmentation:
            if not isinstance(flat, list) or len(flat) % 2:
                raise ValueError(said("shape.no-pairs", kind="polygon"))
            plane |= rasterise(list(zip(flat[::2], flat[1::2], strict=True)), width, height)
        return plane
    rows, columns = field(segmentation, "size", 0), field(segmentation, "size", 1)
    check_size((columns, rows), width, height)
    counts = field(segmentation, "counts")
    if isinstance(counts, str):
        return from_run_lengths(expand(counts, width * height), width=width, height=height)
    plain = whole_numbers(counts).tolist()
    return from_run_lengths(plain, width=width, height=height)


def write(masks: Mapping[str, Mask], labels: Labels = CLASSES) -> bytes:
    """One file for all photos; an annotation for each class that a photo's mask uses."""
    return b"".join(pieces(entries(masks), labels))


def pieces(photos: Sequence[Entry], labels: Labels = CLASSES) -> Iterator[bytes]:
    """The same bit by bit; of masks only one is in memory.

    The images stand last: only then is it known whose mask is empty.
    """
    ids = {label: number for number, label in enumerate(labels, start=1)}
    categories = [
        {"id": number, "name": label, "supercategory": ""} for label, number in ids.items()
    ]
    yield b'{"info": {"description": "Heirloom"}, "licenses": [], "categories": '
    yield json.dumps(categories).encode() + b', "annotations": ['
    images, count = [], 0
    for image_id, entry in enumerate(photos, start=1):
        before = count
        for label, plane in names_of(entry.read(), labels):
            row = {"id": count + 1, "image_id": image_id, "category_id": ids[label]}
            yield (b", " if count else b"") + json.dumps(row | _annotation(plane)).encode()
            count += 1
        images.append(_image_of(entry, image_id, undamaged=count == before))
    yield b'], "images": ' + json.dumps(images).encode() + b"}"


def _image_of(entry: Entry, number: int, *, undamaged: bool) -> dict[str, Any]:
    size = {"width": entry.width, "height": entry.height}
    image = {"id": number, "file_name": entry.name, **size, UNDAMAGED: undamaged}
    return image | ({OWN_ID: entry.number} if entry.number else {})


def _annotation(plane: Plane) -> dict[str, Any]:
    rows, columns = np.flatnonzero(plane.any(axis=1)), np.flatnonzero(plane.any(axis=0))
    left, top = int(columns[0]), int(rows[0])
    return {
        "segmentation": {"size": list(plane.shape), "counts": compress(run_lengths(plane))},
        "area": int(plane.sum()),
        "bbox": [left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1],
        "iscrowd": 0,
    }


def compress(counts: Sequence[int]) -> str:
    """COCO's text form: differences to the count before last, five bits a character."""
    text = []
    for place, count in enumerate(counts):
        value = count - counts[place - 2] if place > 2 else count
        more = True
        while more:
            piece = value & 0x1F
            value >>= 5
            more = value != -1 if piece & 0x10 else value != 0
            text.append(chr((piece | 0x20 if more else piece) + 48))
    return "".join(text)


def expand(text: str, pixels: int) -> list[int]:
    """The counts of a compressed string. Raises ValueError on anything that is none."""
    counts: list[int] = []
    value = shift = 0
    for character in text:
        piece = ord(character) - 48
        if not 0 <= piece < 64 or shift > 40 or len(counts) > pixels:
            raise ValueError(said("shape.runs-damaged"))
        value |= (piece & 0x1F) << shift
        shift += 5
        if piece & 0x20:
            continue
        if piece & 0x10:
            value -= 1 << shift
        counts.append(value + counts[-2] if len(counts) > 2 else value)
        value = shift = 0
    if shift:
        raise ValueError(said("shape.runs-cut-off"))
    return counts
