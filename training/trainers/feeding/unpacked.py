"""Pictures decoded once, into files that are mapped into memory: a crop then reads its own rows.

A 20-megapixel PNG costs 1.1 s of a core to decode, and a crop of it was worth one decoding. What a
stage does not need is left out: where finding cuts painted photos, luma alone. The disk is asked
first; without room for all of it nothing is unpacked and pictures are decoded as before. Whoever
finds no file decodes, so that no process waits for another, and the values are the same.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photos.files import replacing
from training.imaging.colour import luma
from training.run_folder import UNPACKED, Item, RunFolder, Spec

Picture = NDArray[np.uint8]
Kind = Literal["colour", "luma", "mask"]
DEPTHS: dict[Kind, int] = {"colour": 3, "luma": 1, "mask": 1}  # bytes a pixel
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wanted:
    """One file to unpack, as the run folder names it, and what of it."""

    name: str
    kind: Kind


def read_photo(path: Path) -> Picture:
    """H x W x 3 uint8."""
    with Image.open(path) as image:
        photo: Picture = np.asarray(image.convert("RGB")).copy()
    return photo


def read_mask(path: Path) -> Picture:
    """H x W uint8 with the class bits."""
    with Image.open(path) as image:
        mask: Picture = np.asarray(image if image.mode in ("L", "P") else image.convert("L")).copy()
    return mask


def read_luma(path: Path) -> Picture:
    """H x W uint8."""
    return np.asarray(luma(read_photo(path)), np.uint8)


READERS: dict[Kind, Callable[[Path], Picture]] = {
    "colour": read_photo,
    "luma": read_luma,
    "mask": read_mask,
}


def place(run: RunFolder, wanted: Wanted) -> Path:
    """Where the picture's unpacked values are, or would be."""
    key = hashlib.sha256(wanted.name.encode()).hexdigest()[:32]
    return run.path / UNPACKED / f"{key}.{wanted.kind}.npy"


def mapped(run: RunFolder, name: str, kind: Kind) -> Picture | None:
    """The unpacked picture, H x W or H x W x 3 uint8, read-only; None where there is none."""
    path = place(run, Wanted(name, kind))
    if not path.exists():
        return None
    return np.asarray(np.load(path, mmap_mode="r"), np.uint8)


def wanted_of(items: list[Item], stage: str) -> list[Wanted]:
    """What training crops of a stage are cut from, each once."""
    found: dict[Wanted, None] = {}
    for item in items:
        if item.split != "train":
            continue
        painted = stage == "segmentation" and item.mask is not None
        found[Wanted(item.image, "luma" if painted else "colour")] = None
        if painted and item.mask:
            found[Wanted(item.mask, "mask")] = None
    return list(found)


def bytes_of(run: RunFolder, wanted: Wanted) -> int:
    """How large the unpacked file is; only the picture's header is read."""
    with Image.open(run.file(wanted.name)) as image:
        return image.width * image.height * DEPTHS[wanted.kind] + 128


def unpack(
    run: RunFolder,
    spec: Spec,
    rank: int = 0,
    world: int = 1,
    stopped: Callable[[], bool] = lambda: False,
) -> bool:
    """Write this process's share of the files. False, and a line in the log, without room."""
    wanted = wanted_of(run.items(), spec.recipe.stage)
    needed = sum(bytes_of(run, one) for one in wanted if not place(run, one).exists())
    room = shutil.disk_usage(run.path).free - spec.reserve
    if needed > room:
        log.warning(
            "unpacking needs %.1f GB and %.1f GB are free above the reserve: pictures are decoded "
            "whenever they are drawn",
            needed / 1e9,
            max(0, room) / 1e9,
        )
        return False
    (run.path / UNPACKED).mkdir(exist_ok=True)
    for one in wanted[rank::world]:
        if stopped():
            break
        if place(run, one).exists():
            continue
        with replacing(place(run, one)) as aside, aside.open("wb") as file:
            np.save(file, READERS[one.kind](run.file(one.name)))
    return True


@contextmanager
def unpacked(
    run: RunFolder, spec: Spec, rank: int, world: int, stopped: Callable[[], bool]
) -> Iterator[None]:
    """Unpacked pictures, where the run asks for them, for as long as it trains."""
    if spec.unpack:
        unpack(run, spec, rank, world, stopped)
    try:
        yield
    finally:
        if spec.unpack and rank == 0:
            shutil.rmtree(run.path / UNPACKED, ignore_errors=True)
