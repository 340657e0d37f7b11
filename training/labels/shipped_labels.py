"""`python -m training.labels.shipped_labels PHOTOS PAIRS`: masks that ship, with their photos.

The masks of `training/labels/` were painted in the product; the photos are not ours to ship. They
are found below PHOTOS by their SHA-256, whatever they are called there. PAIRS gets NAME_image.png
and NAME_mask.png (class bits) with a SOURCES.tsv, as training.measuring.evaluate and
training.cli.prepare read them; `--split train` those of one split.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from annotate.formats import png
from photos.files import sha256
from photos.masks.arrays import Mask, digest
from photos.masks.classes import CLASSES

FOLDER = Path(__file__).parent
SPLITS = ("train", "validation", "test")
PICTURES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp"}
COLUMNS = ("file", "split", "licence", "source", "note", "mask")

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Label:
    """A line of the manifest: whose mask, of which photo, and what may be done with it."""

    name: str
    split: str
    photo: str
    sha256: str
    """Of the photo's file, byte for byte."""
    width: int
    height: int
    """Of the labelled part, px."""
    crop: tuple[int, int, int, int] | None
    """Left, top, right, bottom of that part in the upright photo, px; None: all of it."""
    digest: str
    """Of the mask: SHA-256 of its class bits, row by row."""
    licence: str
    source: str


def read_manifest(folder: Path | None = None) -> list[Label]:
    """Every label of the folder. Raises ValueError or OSError with a sentence."""
    rows = json.loads(((folder or FOLDER) / "manifest.json").read_text(encoding="utf-8"))["labels"]
    fields = Label.__dataclass_fields__
    labels = []
    for row in rows:
        known = {key: row[key] for key in fields}
        labels.append(Label(**known | {"crop": tuple(row["crop"]) if row["crop"] else None}))
    if wrong := [label.name for label in labels if label.split not in SPLITS]:
        raise ValueError(f"{', '.join(wrong)}: a split must be one of {', '.join(SPLITS)}.")
    return labels


def read_mask(label: Label, folder: Path | None = None) -> Mask:
    """H x W class bits from one 1-bit PNG a class. Raises ValueError if it is another one."""
    mask = np.zeros((label.height, label.width), np.uint8)
    for name, bit in CLASSES.items():
        path = (folder or FOLDER) / label.split / f"{label.name}.{name}.png"
        if path.is_file():
            mask |= png.read(path.read_bytes(), label.width, label.height) * np.uint8(bit)
    if digest(mask) != label.digest:
        raise ValueError(f"The mask files of {label.name} are not those of the manifest.")
    return mask


def find_photos(photos: Path, wanted: Collection[str]) -> dict[str, Path]:
    """The wanted SHA-256 digests that a picture below `photos` has, with its path."""
    found: dict[str, Path] = {}
    for path in sorted(p for p in photos.rglob("*") if p.suffix.lower() in PICTURES):
        if (digest := sha256(path)) in wanted:
            found.setdefault(digest, path)
    return found


def read_photo(label: Label, path: Path) -> Bytes:
    """The labelled part, upright: H x W x 3, or H x W where the photo is grey."""
    try:
        with Image.open(path) as image:
            upright = ImageOps.exif_transpose(image)
            picture = upright if upright.mode == "L" else upright.convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise ValueError(f"{path} is not a readable picture.") from error
    part = np.array(picture.crop(label.crop) if label.crop else picture)
    if part.shape[:2] != (label.height, label.width):
        raise ValueError(f"{path} and the mask of {label.name} differ in size.")
    return part


def pairs(
    photos: Path, *, split: str | None = None, folder: Path | None = None
) -> Iterator[tuple[Label, Bytes, Mask]]:
    """Each label whose photo is below `photos`, with photo and mask. Others are left out.

    Photos are H x W x 3 uint8 (H x W where grey), masks H x W class bits.
    """
    labels = [label for label in read_manifest(folder) if split in (None, label.split)]
    found = find_photos(photos, {label.sha256 for label in labels})
    for label in labels:
        if path := found.get(label.sha256):
            yield label, read_photo(label, path), read_mask(label, folder)


def write_pairs(
    photos: Path, target: Path, *, split: str | None = None, folder: Path | None = None
) -> list[Label]:
    """Writes the pairs and their SOURCES.tsv into `target`; answers what was written."""
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for label, photo, mask in pairs(photos, split=split, folder=folder):
        Image.fromarray(photo).save(target / f"{label.name}_image.png")
        (target / f"{label.name}_mask.png").write_bytes(png.write_index(mask))
        written.append(label)
    with (target / "SOURCES.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(_row(label) for label in written)
    return written


def _row(label: Label) -> tuple[str, ...]:
    split = "val" if label.split == "validation" else label.split
    image, mask = f"{label.name}_image.png", f"{label.name}_mask.png"
    return image, split, label.licence, label.source, f"painted: {label.photo}", mask


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.labels.shipped_labels", description=__doc__
    )
    parser.add_argument("photos", type=Path)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--split", choices=SPLITS, help="leave out for all")
    options = parser.parse_args(arguments)
    try:
        written = write_pairs(options.photos, options.pairs, split=options.split)
        wanted = [one for one in read_manifest() if options.split in (None, one.split)]
    except (ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    missing = sorted({label.photo for label in wanted} - {label.photo for label in written})
    sys.stdout.write(f"{options.pairs}: {len(written)} of {len(wanted)} labels\n")
    if missing:
        sys.stderr.write(f"Not found below {options.photos}: {', '.join(missing)}\n")
    return 0 if written else 2


if __name__ == "__main__":
    sys.exit(main())
