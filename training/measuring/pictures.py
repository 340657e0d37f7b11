"""Which pictures of a folder are measured, and how they and their masks are read."""

from collections.abc import Collection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from photos.files import sha256
from photos.masks.classes import CLASSES, DEFECTS, IGNORE, KNOWN
from training.imaging.colour import luma as luma_of
from training.labels.source_table import canonical, read_table
from training.measuring.benchmarks import Pair
from training.splitting import smallest_digests

Bytes = NDArray[np.uint8]
PICTURES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".bmp"}


class BadRequest(Exception):
    """A sentence for whoever typed the command."""


def find_pictures(
    folder: Path, stage: str, split: str | None, *, plain: bool = False
) -> list[Path]:
    """Photos of the folder, by name; with a split, those that SOURCES.tsv gives it.

    Segmentation reads pairs, the other stages (and it too, if `plain`) single photos.
    """
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in PICTURES)
    if stage == "segmentation" and not plain:
        paths = [p for p in paths if p.stem.endswith("_image") and _mask_of(p).is_file()]
    else:
        paths = [p for p in paths if not p.stem.endswith("_mask")]
    if split is not None:
        listed = _listed(folder, split)
        paths = [p for p in paths if p.resolve() in listed]
    if not paths:
        paired = stage == "segmentation" and not plain
        wanted = "NAME_image.* with NAME_mask.png" if paired else "photos"
        suffix = f" of split {split}" if split else ""
        raise BadRequest(f"No {wanted}{suffix} in {folder}.")
    return paths


def named(
    paths: list[Path], folder: Path, only: Collection[str], exclude: Collection[str]
) -> list[Path]:
    """Those whose path below the folder holds a part of `only`, if any, and none of `exclude`.

    It begins with a slash, as training.cli.prepare knows it: /photos/a.jpg.
    """
    names = {path: f"/{path.relative_to(folder).as_posix()}" for path in paths}
    kept = [
        path
        for path, name in names.items()
        if (not only or any(part in name for part in only))
        and not any(part in name for part in exclude)
    ]
    if not kept:
        raise BadRequest("--only and --exclude leave no picture.")
    return kept


def held_by_digest(paths: list[Path], count: int) -> list[Path]:
    """What `prepare --hold-out PART=count` held out of these pictures."""
    digests = {path: sha256(path) for path in paths}
    held = smallest_digests(digests.values(), count)
    return [path for path in paths if digests[path] in held]


def _mask_of(image: Path) -> Path:
    return image.with_name(image.stem.removesuffix("_image") + "_mask.png")


def _listed(folder: Path, split: str) -> set[Path]:
    """What the nearest SOURCES.tsv (in the folder or above it) puts into the split."""
    wanted = canonical(split)
    for root in (folder, *folder.resolve().parents):
        table = root / "SOURCES.tsv"
        if table.is_file():
            rows = read_table(table)
            return {(root / r["file"]).resolve() for r in rows if r["split"] == wanted}
    raise BadRequest(f"--split needs a SOURCES.tsv in {folder} or above it.")


def read_rgb(path: Path, longest: int | None = None) -> Bytes:
    """H x W x 3, shrunk by area to the longest side. Raises ValueError naming the file."""
    try:
        with Image.open(path) as image:
            picture = image.convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise ValueError(f"{path} is not a readable picture.") from error
    if longest and max(picture.size) > longest:
        scale = longest / max(picture.size)
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.BOX)
    return np.array(picture)


def read_pair(path: Path, damage: str) -> Pair:
    """The photo with its mask: class bits, or 0 / 128 / 255 where all damage is of one kind."""
    luma = np.asarray(luma_of(read_rgb(path)), np.uint8)
    mask = read_rgb(_mask_of(path))[..., 0]
    if mask.shape != luma.shape:
        raise BadRequest(f"{path.name} and its mask differ in size.")
    coded = not (mask & ~np.uint8(KNOWN)).any() and (mask & DEFECTS).any()
    bits = DEFECTS if damage == "any" else CLASSES[damage]
    truth = (mask & bits) > 0 if coded else mask > 192
    ignored = (mask & IGNORE) > 0 if coded else (mask > 63) & ~truth
    return Pair(path.name, luma, truth, ~ignored)
