"""`python -m training.measuring.hard_negatives PHOTOS PAIRS --weights FILE`: wrongly marked.

PHOTOS are sound photographs, so that every mark on their training split is a mistake. PAIRS gets a
cut around each of the largest with an empty mask and a SOURCES.tsv, as training.cli.prepare
--labels reads them: hard negatives (Shrivastava et al., 2016, arXiv:1604.03540).
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from annotate.formats import png
from photos.masks.components import components
from training.cli.prepare import items_of
from training.imaging.border import without_edge_marks
from training.imaging.colour import luma as luma_of
from training.labels.shipped_labels import COLUMNS
from training.measuring.evaluate import DAMAGE, decisive
from training.measuring.pictures import read_rgb
from training.networks.inference import Detector
from training.run_folder import Item, RunError

Bytes = NDArray[np.uint8]
SIDE = 384  # of a cut, px: what training sees at most
MOST = 3  # cuts of one photograph
SMALLEST = 64  # longest side of a photograph to look at, px


@dataclass(frozen=True)
class Mistake:
    """A mark on a sound photograph: its area in px, and H x W x 3 around it."""

    area: int
    cut: Bytes


def find(
    detector: Detector, photo: Bytes, *, least: int = 60, strength: float = 0.4
) -> list[Mistake]:
    """The largest marks of at least `least` px on a sound photo (H x W x 3), at most three.

    `strength` 0.5 marks what the network's own thresholds mark, less also what comes close.
    """
    luma = np.asarray(luma_of(photo), np.uint8)
    marked = decisive(detector, luma, range(len(DAMAGE))) >= strength
    _, labels = components(without_edge_marks(marked.astype(np.uint8)))
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    found = [int(k) for k in np.argsort(-areas)[:MOST] if areas[k] >= least]
    return [Mistake(int(areas[k]), _around(photo, labels == k)) for k in found]


def _around(photo: Bytes, mark: NDArray[np.bool_]) -> Bytes:
    """A cut of at most SIDE px a side with the mark's middle as near its own as the photo lets."""
    window = []
    for axis, length in enumerate(mark.shape):
        middle = int(np.median(np.nonzero(mark)[axis]))
        start = max(0, min(middle - SIDE // 2, length - SIDE))
        window.append(slice(start, start + SIDE))
    return photo[tuple(window)]


def write_pairs(
    detector: Detector, items: Sequence[Item], target: Path, sizes: Sequence[int]
) -> int:
    """Writes the cuts of all photos, each looked at with these longest sides; how many."""
    target.mkdir(parents=True, exist_ok=True)
    count = 0
    with (target / "SOURCES.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerow(COLUMNS)
        for row in _rows(detector, items, target, sizes):
            table.writerow(row)
            file.flush()  # it takes long: what was found by then is of use
            count += 1
    return count


def _rows(
    detector: Detector, items: Sequence[Item], target: Path, sizes: Sequence[int]
) -> Iterator[tuple[str, ...]]:
    for number, item in enumerate(items, start=1):
        longest = max(read_rgb(Path(item.image)).shape)
        for size in sorted({min(size, longest) for size in sizes}):
            photo = read_rgb(Path(item.image), size)
            for place, mistake in enumerate(find(detector, photo)):
                name = f"{Path(item.image).stem}_{size}_{place}"
                image, mask = f"{name}_image.png", f"{name}_mask.png"
                Image.fromarray(mistake.cut).save(target / image)
                sound = np.zeros(mistake.cut.shape[:2], np.uint8)
                (target / mask).write_bytes(png.write_index(sound))
                note = f"sound, {mistake.area} px marked"
                yield image, "train", item.licence, item.source, note, mask
        if number % 50 == 0:
            sys.stderr.write(f"{number} of {len(items)} photographs\n")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.measuring.hard_negatives", description=__doc__
    )
    parser.add_argument("photos", type=Path)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--only", action="append", default=[], help="part of a path to keep")
    parser.add_argument("--exclude", action="append", default=[], help="part of a path to leave")
    parser.add_argument("--size", action="append", type=int, help="longest side to look at, px")
    options = parser.parse_args(arguments)
    sizes = options.size or [512, 1024]
    if min(sizes) < SMALLEST:
        parser.error(f"--size must be at least {SMALLEST}")
    try:
        detector = Detector.load(options.weights)
        items = items_of(options.photos, options.exclude, options.only)
        training = [item for item in items if item.split == "train"]
        count = write_pairs(detector, training, options.pairs, sizes)
    except (RunError, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{options.pairs}: {count} mistakes on {len(training)} photographs\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
