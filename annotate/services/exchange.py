"""Masks of many photos in other tools' files: in and out."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from annotate.formats import coco, cvat, label_studio, labelme, png
from annotate.masks import CLASSES, Mask
from annotate.models import DefectMask, Photo
from annotate.services.imports import import_mask
from annotate.services.reading import read_mask
from jobs.errors import Refused

DOCUMENTS: dict[str, ModuleType] = {"coco": coco, "cvat": cvat, "label-studio": label_studio}
ENDINGS = {"coco": "json", "cvat": "xml", "label-studio": "json"}
FORMATS = ("coco", "cvat", "label-studio", "labelme", "png")


def import_masks(
    *, file: Path, kind: str, defect: str = "fracture", accepted: bool = False
) -> Iterator[DefectMask]:
    """Every mask of the file whose photo is here, by the photo's title; refused in a sentence.

    A PNG belongs to the photo that bears its name and shows one class, `defect`.
    """
    try:
        for photo, pixels in _masks_in(file, kind, defect):
            yield import_mask(photo=photo, pixels=pixels, accepted=accepted)
    except ValueError as error:
        raise Refused(str(error)) from error


def _masks_in(file: Path, kind: str, defect: str) -> Iterator[tuple[Photo, Mask]]:
    data = file.read_bytes()
    if kind in DOCUMENTS:
        module = DOCUMENTS[kind]
        document = module.parse(data)
        for name in module.names(document):
            photo = _photo_called(name)
            yield photo, module.read(document, name, photo.width, photo.height)
        return
    photo = _photo_called(file.name)
    if kind == "labelme":
        yield photo, labelme.read(data, photo.width, photo.height)
    else:
        plane = png.read(data, photo.width, photo.height)
        yield photo, plane.astype(np.uint8) * np.uint8(CLASSES[defect])


def _photo_called(name: str) -> Photo:
    """The one ready photo whose title is the file's name, with its ending or without."""
    path = Path(name.replace("\\", "/"))
    found = Photo.objects.ready().filter(title__in=[path.name, path.stem])[:2]
    if len(found) != 1:
        how_many = "No photo is" if not found else "Several photos are"
        raise Refused(f"{how_many} called {path.stem}.")
    return found[0]


def export_masks(*, folder: Path, kind: str) -> list[Path]:
    """The newest accepted mask of every photo, written into a folder; answers the files."""
    folder.mkdir(parents=True, exist_ok=True)
    masks = _newest_accepted()
    if kind in DOCUMENTS:
        everything = {name: read_mask(mask) for name, mask in masks.items()}
        data = DOCUMENTS[kind].write(everything)
        return [_write(folder / f"masks.{ENDINGS[kind]}", data)]
    written = []
    for name, mask in masks.items():
        for ending, data in _files_of(read_mask(mask), name, kind):
            written.append(_write(folder / f"{name}{ending}", data))
    return written


def _newest_accepted() -> dict[str, DefectMask]:
    newest: dict[Any, DefectMask] = {}
    for mask in DefectMask.objects.accepted().select_related("photo").order_by("created_at"):
        newest[mask.photo_id] = mask
    titles = Counter(mask.photo.title for mask in newest.values())
    return {_name(mask.photo, titles): mask for mask in newest.values()}


def _name(photo: Photo, titles: Counter[str]) -> str:
    """The title as a file name; photos of one title are told apart by their number."""
    safe = photo.title.replace("/", "_").replace("\\", "_").lstrip(".") or "photo"
    return safe if titles[photo.title] == 1 else f"{safe} {str(photo.pk)[:8]}"


def _files_of(pixels: Mask, name: str, kind: str) -> Iterator[tuple[str, bytes]]:
    if kind == "labelme":
        yield ".json", labelme.write(pixels, name)
        return
    for label, bit in CLASSES.items():
        if (pixels & bit).any():
            yield f".{label}.png", png.write(pixels, bit)


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
