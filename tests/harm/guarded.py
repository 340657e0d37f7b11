"""`python -m tests.harm.guarded PHOTOS KEPT [--look FILE] [--split test]`: the guards' price.

What stays filled of sound pictures, painted damage, drawn lines and listed defects, behind the
shipped finder. KEPT keeps what the finder said, so that another second look, or other guards,
are measured in minutes and on the same marks.
"""

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from photos.files import replacing
from photos.masks.classes import DEFECTS
from pipeline.engine.guards import second_look
from pipeline.engine.guards.certainty import Marks
from pipeline.engine.guards.deciding import Guarded, guard
from pipeline.engine.guards.sessions import running
from pipeline.engine.networks import open_network
from tests.harm.measures import WEIGHTS, finder_marks
from training.imaging.colour import luma as luma_of
from training.labels.shipped_labels import find_photos, pairs
from training.labels.source_table import canonical
from training.measuring.pictures import BadRequest, find_pictures, read_rgb
from training.measuring.probing import PORTRAITS, Material, sound_pictures
from training.probes.choosing import for_lines
from training.probes.harm.objects import FILLED
from training.probes.lines import CONTRASTS, SIGNS, WIDTHS, drawn_line
from training.probes.marker import reached
from training.probes.prints import PARTLY, REMOVED, drawn, read_prints
from training.probes.sound import holds_large

NEAR = 2  # px beside painted damage that are damage still


@dataclass(frozen=True)
class Picture:
    """Luma H x W, and what is damage on it: planes H x W, none on a sound picture."""

    name: str
    kind: str
    luma: np.ndarray
    damage: tuple[np.ndarray, ...] = ()


def pictures(photos: Path, split: str) -> Iterator[Picture]:
    """Everything the table asks about."""
    paths = find_pictures(photos, "segmentation", split, plain=True)
    material = Material(paths, photos, split, read_rgb)
    sound = sound_pictures(material)
    portraits = [material.named(path) for path in material.of(PORTRAITS)]
    for one in [*sound, *portraits]:
        yield Picture(one.name, one.name.split("/")[0], one.luma)
    for label, photo, classes in pairs(photos):
        if canonical(label.split) == canonical(split):
            kind = "painted prints" if label.name.startswith("print") else "painted plates"
            yield Picture(label.name, kind, _grey(photo), (_near(classes & DEFECTS > 0, NEAR),))
    for index, picture in enumerate(for_lines(sound)):
        yield from _lines(picture, index)
    wanted = [one for one in read_prints() if canonical(one.split) == canonical(split)]
    files = find_photos(photos / "prints", {one.sha256 for one in wanted})
    for one in (one for one in wanted if one.sha256 in files):
        planes = tuple(drawn(each, (one.height, one.width)) for each in one.defects)
        kind = "listed, large" if one.large else "listed, small"
        yield Picture(one.file, kind, _grey(read_rgb(files[one.sha256])), planes)


def _lines(picture: np.ndarray, index: int) -> Iterator[Picture]:
    """One line of each width, of signs and contrasts by turns."""
    for k, width in enumerate(WIDTHS):
        sign, contrast = SIGNS[(index + k) % 3], CONTRASTS[(index + k) % 2]
        line = drawn_line(picture, index, sign, width, contrast)
        if line is not None:
            yield Picture(f"line_{index}_{k}", "lines", line.picture, (line.core,))


def _grey(photo: np.ndarray) -> np.ndarray:
    return np.asarray(luma_of(photo) if photo.ndim == 3 else photo, np.uint8)


class Table:
    """Sums and counts by kind of picture."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))

    def add(self, one: Picture, marks: Marks, found: Guarded) -> None:
        """What is marked and what is filled of one picture."""
        row = self.rows[one.kind]
        row["pictures"] += 1
        row["questions"] += len(found.proposals)
        marked, filled = marks.bits > 0, found.bits > 0
        if not one.damage:
            row["large before"] += holds_large(marked)
            row["large"] += holds_large(filled)
        elif one.kind.startswith("painted"):
            row["marked px"] += (marked & one.damage[0]).sum()
            row["filled px"] += (filled & one.damage[0]).sum()
        elif one.kind == "lines":
            row["marked"] += _near(marked, 1)[one.damage[0]].mean()
            row["filled"] += _near(filled, 1)[one.damage[0]].mean()
        else:
            before, after = _near(marked, FILLED), _near(filled, FILLED)
            for plane in one.damage:
                row["defects"] += 1
                row["removed before"] += before[plane].mean() >= REMOVED
                row["removed"] += after[plane].mean() >= REMOVED
                row["missed before"] += before[plane].mean() < PARTLY
                row["missed"] += after[plane].mean() < PARTLY

    def text(self) -> str:
        """A line for each kind."""
        return "".join(
            f"{kind}: " + ", ".join(f"{name} {value:.6g}" for name, value in row.items()) + "\n"
            for kind, row in self.rows.items()
        )


def _near(plane: np.ndarray, reach: int) -> np.ndarray:
    return reached(plane, reach) > 0


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("photos", type=Path)
    words.add_argument("kept", type=Path)
    words.add_argument("--split", choices=("val", "test"), default="val")
    words.add_argument("--look", type=Path, help="another second look, ONNX")
    words.add_argument("--verbose", action="store_true", help="name the pictures with large marks")
    given = words.parse_args()
    try:
        if given.look:
            session = running(given.look.read_bytes())
            second_look._session = lambda: session
        sys.stdout.write(measured(given).text())
    except (BadRequest, OSError, ValueError) as error:
        words.error(str(error))


def measured(given: argparse.Namespace) -> Table:
    """Every picture once; names those with a large mark, if asked to."""
    given.kept.mkdir(parents=True, exist_ok=True)
    table = Table()
    with tempfile.TemporaryDirectory() as exports:
        network = open_network(WEIGHTS, engine="onnx", threads=1, exports=Path(exports))
        for one in pictures(given.photos, given.split):
            name = f"{given.split}_{one.kind}_{one.name}.npz".replace("/", "_")
            marks = _kept(one, network, given.kept / name)
            found = guard(one.luma, marks)
            table.add(one, marks, found)
            if given.verbose and not one.damage and holds_large(found.bits > 0):
                sys.stdout.write(f"  large mark: {one.name}\n")
    return table


def _kept(one: Picture, network, path: Path) -> Marks:
    if not path.is_file():
        with replacing(path) as temporary, Path(temporary).open("wb") as file:
            np.savez_compressed(file, **vars(finder_marks(one.luma, network)))
    with np.load(path) as file:
        return Marks(file["bits"], file["margin"], file["surest"])


if __name__ == "__main__":
    main()
