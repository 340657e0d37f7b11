"""Accepted masks for other tools."""

import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any

from annotate.formats import coco, cvat, label_studio, labelme, manifest, npz, png
from annotate.models import DefectMask
from annotate.services.mask_storage import read_mask
from photos import storage
from photos.file_names import LONGEST, assigned, fitted
from photos.masks.arrays import Mask
from photos.masks.classes import CLASSES
from photos.models import Photo

LONGEST_ENDING = len(".fracture.png")  # of what is written beside a name
Files = Iterator[tuple[str, bytes]]
DOCUMENTS: dict[str, tuple[str, Callable[[Mapping[str, Mask]], bytes]]] = {
    "coco": ("json", coco.write),
    "cvat": ("xml", cvat.write),
    "label-studio": ("json", label_studio.write),
    "label-studio-bitmask": ("json", partial(label_studio.write, bitmask=True)),
}


def export_masks(*, folder: Path, kind: str) -> list[Path]:
    """The newest accepted mask of every photo, written into a folder; answers the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, data in files_of(newest_accepted(), kind):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        written.append(path)
    return written


def export_archive(masks: Iterable[DefectMask], kind: str, out: IO[bytes]) -> int:
    """The same as a ZIP into a file; answers how many files are in it."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files_of(masks, kind):
            archive.writestr(name, data)
        return len(archive.namelist())


def newest_accepted(**which: Any) -> list[DefectMask]:
    """One mask a photo; ``which`` narrows the photos."""
    newest: dict[Any, DefectMask] = {}
    accepted = DefectMask.objects.accepted().wanted().with_leave().filter(**which)
    rows = accepted.select_related("photo", "author")
    for mask in rows.order_by("created_at"):
        newest[mask.photo_id] = mask
    return list(newest.values())


def files_of(masks: Iterable[DefectMask], kind: str) -> Files:
    """(name, bytes) of every file that the masks make in this form."""
    masks = list(masks)
    by_photo = {mask.photo_id: mask for mask in masks}
    names = assigned({mask.photo_id: _candidates(mask.photo) for mask in masks})
    named = {name: by_photo[photo] for photo, name in names.items()}
    if kind in DOCUMENTS:
        ending, write = DOCUMENTS[kind]
        yield f"masks.{ending}", write({name: read_mask(mask) for name, mask in named.items()})
    elif kind == "manifest":
        yield from _manifest(named)
    else:
        for name, mask in named.items():
            yield from _files_of_one(mask, name, kind)


def _candidates(photo: Photo) -> list[str]:
    """The title as a file name; photos of one title are told apart by their number."""
    number = str(photo.pk)
    room = LONGEST - LONGEST_ENDING
    return [
        fitted(photo.title or "photo", room),
        f"{fitted(photo.title or 'photo', room - 9)} {number[:8]}",
        f"{fitted(photo.title or 'photo', room - len(number) - 1)} {number}",
    ]


def _files_of_one(mask: DefectMask, name: str, kind: str) -> Files:
    if kind == "probability":
        if (suggestion := mask.photo.suggestions.first()) and suggestion.probability:
            yield f"{name}.png", storage.read(suggestion.probability)
        return
    pixels = read_mask(mask)
    if kind == "labelme":
        yield f"{name}.json", labelme.write(pixels, name)
    elif kind == "npz":
        yield f"{name}.npz", npz.write(pixels)
    elif kind == "png-index":
        yield f"{name}.png", png.write_index(pixels)
    else:
        for label, bit in CLASSES.items():
            if (pixels & bit).any():
                yield f"{name}.{label}.png", png.write(pixels, bit)


def _manifest(named: Mapping[str, DefectMask]) -> Files:
    entries = []
    for name, mask in named.items():
        file = f"masks/{name}.png"
        yield file, png.write_index(read_mask(mask))
        entries.append({"photo": name, "file": file, **_story(mask)})
    yield manifest.NAME, manifest.write(entries)


def _story(mask: DefectMask) -> dict[str, Any]:
    return {
        "width": mask.photo.width,
        "height": mask.photo.height,
        "sha256": mask.digest,
        "revision": mask.revision,
        "state": mask.state,
        "origin": mask.origin,
        "assessor": mask.author.username if mask.author else "",
        "active_seconds": mask.active_seconds,
        "tools": mask.tools,
        "submitted_at": mask.submitted_at.isoformat() if mask.submitted_at else "",
    }
