"""Masks of many photos in other tools' files, on their way in."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from django.contrib.auth.models import User

from annotate.formats import documents as formats
from annotate.formats import labelme, manifest, npz, png
from annotate.models import DefectMask, Suggestion
from annotate.services.import_export import documents, zip_entries
from annotate.services.import_export.imports import import_mask, turned
from annotate.services.suggestions import save_suggestion
from config.errors import Refused
from photos import storage
from photos.masks.arrays import Mask
from photos.masks.classes import CLASSES, DAMAGE_FROM
from photos.models import Photo

DOCUMENTS = formats.MODULES  # one file for all photos, and what reads it
FORMATS = (*DOCUMENTS, "labelme", "manifest", "npz", "png", "png-index", "probability")

Beside = Callable[[str], bytes]
Found = Iterator[DefectMask | Suggestion]
Read = Callable[[int, int], Mask]


def import_masks(
    *,
    name: str,
    data: bytes,
    kind: str,
    beside: Beside,
    defect: str = "fracture",
    threshold: int = DAMAGE_FROM,
    accepted: bool = False,
    as_stored: bool = False,
) -> Found:
    """Every mask of a file whose photo is here, by the photo's title; refused in a sentence.

    A picture belongs to the photo that bears its name; `png` shows one class, `defect`, where
    it is at least `threshold` of 255. `beside` opens the files that a manifest names.
    """
    try:
        if kind == "probability":
            yield _suggestion(name, data, threshold)
        elif kind == "manifest":
            yield from _by_manifest(data, beside, accepted)
        else:
            for photo, read in _readers(name, data, kind, CLASSES[defect], threshold):
                pixels = turned(photo, read, as_stored=as_stored)
                yield import_mask(photo=photo, pixels=pixels, accepted=accepted)
    except ValueError as error:
        raise Refused(str(error)) from error


def import_archive(*, data: bytes | BinaryIO, **how: Any) -> Found:
    """The same of a ZIP, file by file; a file on the disk stays there."""
    with zip_entries.opened(data) as entries:
        names = entries.names
        if how.get("kind") == "manifest":
            names = [name for name in names if PurePosixPath(name).name == manifest.NAME]
        for name in names:
            beside = partial(_beside, entries, PurePosixPath(name).parent)
            yield from import_masks(name=name, data=entries.read(name), beside=beside, **how)


def _beside(entries: zip_entries.ZipEntries, folder: PurePosixPath, name: str) -> bytes:
    return entries.read(str(folder / name))


def in_folder(folder: Path, name: str) -> bytes:
    """A file that a manifest in this folder names; never one outside of it."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise Refused(f"{name} is not beside the manifest.")
    return path.read_bytes()


def nothing_beside(name: str) -> bytes:
    raise Refused("A manifest comes in a ZIP together with its masks.")


def _readers(
    name: str, data: bytes, kind: str, bit: int, threshold: int
) -> Iterator[tuple[Photo, Read]]:
    """Each photo of the file with what reads its mask for a width and a height."""
    if kind in DOCUMENTS:
        module = DOCUMENTS[kind]
        for photo_name, part in documents.parts(kind, data):
            yield _photo_called(photo_name), partial(module.read, part, photo_name)
        return
    read: dict[str, Read] = {
        "labelme": partial(labelme.read, data),
        "npz": partial(npz.read, data),
        "png": partial(png.read_class, data, bit, threshold),
        "png-index": partial(png.read_index, data),
    }
    yield _photo_called(name), read[kind]


def _by_manifest(data: bytes, beside: Beside, accepted: bool) -> Iterator[DefectMask]:
    for entry in manifest.parse(data):
        photo = _photo_called(entry["photo"])
        pixels = manifest.read(entry, beside(entry["file"]), photo.width, photo.height)
        assessor, seconds, tools = manifest.story(entry)
        yield import_mask(
            photo=photo,
            pixels=pixels,
            author=User.objects.filter(username=assessor).first() if assessor else None,
            accepted=accepted,
            active_seconds=seconds,
            tools=tools,
        )


def _suggestion(name: str, data: bytes, threshold: int) -> Suggestion:
    """Another tool's probability map is offered to painters like our own network's."""
    photo = _photo_called(name)
    picture = png.write_levels(png.read_probability(data, photo.width, photo.height))
    return save_suggestion(
        photo=photo,
        weights=f"imported {storage.put(picture, 'image/png').digest[:16]}",
        probability_png=picture,
        threshold=threshold / 255,
    )


def _photo_called(name: str) -> Photo:
    """The one ready photo whose title is the file's name, with its ending or without."""
    path = Path(name.replace("\\", "/"))
    found = Photo.objects.ready().filter(title__in={path.name, path.stem})[:2]
    if len(found) != 1:
        how_many = "No photo is" if not found else "Several photos are"
        raise Refused(f"{how_many} called {path.stem}.")
    return found[0]
