"""Accepted masks for other tools."""

import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from annotate.formats import coco, cvat, label_studio, labelme, manifest, npz, png
from annotate.formats.content import PICTURE_ENDINGS, bare, without_ending
from annotate.formats.reading import Entry
from annotate.models import DefectMask
from annotate.services.import_export.matching import folders_of
from annotate.services.import_export.pictures import Picture, picture_of
from annotate.services.mask_storage import read_mask
from photos import storage
from photos.file_names import LONGEST, assigned, fitted
from photos.masks.classes import CLASSES
from photos.models import Photo

LONGEST_ENDING = len(".fracture.png")  # of what is written beside a name
Pieces = Iterable[bytes]
Files = Iterator[tuple[str, Pieces]]
DOCUMENTS: dict[str, tuple[str, Callable[[Sequence[Entry]], Iterator[bytes]]]] = {
    "coco": ("annotations/instances_default.json", coco.pieces),  # where COCO's readers look
    "cvat": ("masks.xml", cvat.pieces),
    "label-studio": ("masks.json", label_studio.pieces),
    "label-studio-bitmask": ("masks.json", partial(label_studio.pieces, bitmask=True)),
}


@dataclass(frozen=True)
class Item:
    """A mask on its way out: its photo's name without and with the picture's ending."""

    mask: DefectMask
    stem: str
    picture: Picture

    @property
    def name(self) -> str:
        return f"{self.stem}.{self.picture.ending}"

    @property
    def number(self) -> str:
        return str(self.mask.photo_id)

    def entry(self) -> Entry:
        photo, author = self.mask.photo, self.mask.author
        return Entry(
            name=self.name,
            width=photo.width,
            height=photo.height,
            read=partial(read_mask, self.mask),
            number=self.number,
            key=str(self.mask.pk),
            author=(author.email or author.username) if author else "",
        )


def export_masks(*, folder: Path, kind: str, pictures: bool = False) -> list[Path]:
    """The newest accepted mask of every photo, written into a folder; answers the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, data in files_of(newest_accepted(), kind, pictures=pictures):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.writelines(data)
        written.append(path)
    return written


def export_archive(
    masks: Iterable[DefectMask], kind: str, out: IO[bytes], *, pictures: bool = False
) -> int:
    """The same as a ZIP into a file, photo by photo; answers how many files are in it."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files_of(masks, kind, pictures=pictures):
            with archive.open(name, "w", force_zip64=True) as file:
                file.writelines(data)
        return len(archive.namelist())


def newest_accepted(**which: Any) -> list[DefectMask]:
    """One mask a photo; ``which`` narrows the photos."""
    newest: dict[Any, DefectMask] = {}
    accepted = DefectMask.objects.accepted().wanted().with_leave().filter(**which)
    rows = accepted.select_related("photo", "author", "photo__original", "photo__display")
    for mask in rows.order_by("created_at"):
        newest[mask.photo_id] = mask
    return list(newest.values())


def files_of(masks: Iterable[DefectMask], kind: str, *, pictures: bool = False) -> Files:
    """(name, bytes in pieces) of every file that the masks make in this form."""
    items = _items(list(masks), pictures=pictures)
    if kind in DOCUMENTS:
        file, pieces = DOCUMENTS[kind]
        yield file, pieces([item.entry() for item in items])
    elif kind == "manifest":
        yield from _manifest(items)
    else:
        for item in items:
            yield from _files_of_one(item, kind)
    if pictures:
        folder = "" if kind == "labelme" else "images/"  # labelme looks beside its file
        for item in items:
            if item.picture.blob is not None:
                yield f"{folder}{item.name}", storage.pieces(item.picture.blob)


def _items(masks: Sequence[DefectMask], *, pictures: bool) -> list[Item]:
    by_photo = {mask.photo_id: mask for mask in masks}
    names = assigned({mask.photo_id: _candidates(mask.photo) for mask in masks})
    return [
        Item(by_photo[photo], name, picture_of(by_photo[photo].photo, taken_along=pictures))
        for photo, name in names.items()
    ]


def _candidates(photo: Photo) -> list[str]:
    """The original's name, or the title, as a file name; same ones are told apart by their
    folders, and then by number."""
    number = str(photo.pk)
    room = LONGEST - LONGEST_ENDING
    name = without_ending(bare(photo.original_name)) or _bare_title(photo)
    return [
        fitted(name, room),
        "/".join([*map(fitted, folders_of(photo.original_name)), fitted(name, room)]),
        f"{fitted(name, room - 9)} {number[:8]}",
        f"{fitted(name, room - len(number) - 1)} {number}",
    ]


def _bare_title(photo: Photo) -> str:
    ending = photo.title.rpartition(".")[2].lower()
    return without_ending(photo.title) if ending in PICTURE_ENDINGS else photo.title or "photo"


def _files_of_one(item: Item, kind: str) -> Files:
    mask, name, number = item.mask, item.stem, item.number
    if kind == "probability":
        if (suggestion := mask.photo.suggestions.first()) and suggestion.probability:
            picture = storage.read(suggestion.probability)
            yield f"{name}.png", [png.with_photo_id(picture, number)]
        return
    pixels = read_mask(mask)
    if kind == "labelme":
        yield f"{name}.json", [labelme.write(pixels, bare(item.name), photo=number)]
    elif kind == "npz":
        yield f"{name}.npz", [npz.write(pixels, photo=number)]
    elif kind == "png-index":
        yield f"{name}.png", [png.with_photo_id(png.write_index(pixels), number)]
    else:
        used = [label for label, bit in CLASSES.items() if (pixels & bit).any()]
        for label in used or ["fracture"]:  # "no damage" is not "never labelled"
            picture = png.write(pixels, CLASSES[label])
            yield f"{name}.{label}.png", [png.with_photo_id(picture, number)]


def _manifest(items: Sequence[Item]) -> Files:
    entries = []
    for item in items:
        file = f"masks/{item.stem}.png"
        yield file, [png.write_index(read_mask(item.mask))]
        named = {"photo": item.name, "photo_id": item.number, "file": file}
        entries.append(named | _story(item.mask))
    yield manifest.NAME, [manifest.write(entries)]


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
