"""Many photographs: which ones, where their results go, and the table about them. Pure."""

import csv
import glob
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ENDINGS = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".heic", ".heif"}
COLUMNS = (
    "photo",
    "state",
    "width",
    "height",
    "seconds",
    "seconds_per_megapixel",
    "damage_percent",
    "largest_hole",
    "said",
)
TONED = "toned.png"
KINDS = ("mask", "inpainted", "inpainted_colorized", "colorized")
PARTIAL = ".partial"
STEPS = ("decode", "mask", "inpainted", "inpainted_colorized", "colorized")
DONE, SKIPPED, FAILED = "done", "skipped", "failed"


@dataclass(frozen=True)
class BatchItem:
    """A photo, and where its results go: FOLDER/NAME.inpainted.png and so on."""

    photo: Path
    folder: Path
    name: str

    def result(self, ending: str) -> Path:
        return self.folder / f"{self.name}.{ending}"

    def partial(self, ending: str) -> Path:
        return self.folder / f".{self.name}.{ending}{PARTIAL}"

    @property
    def endings(self) -> list[str]:
        """Of everything that may be written."""
        return [*(f"{kind}.png" for kind in KINDS), *self.toned, "proposals.png", "json"]

    @property
    def toned(self) -> list[str]:
        """Of the pictures with tones that may be written."""
        return [f"{kind}.{TONED}" for kind in KINDS if kind != "mask"]

    def must_have(self, facts: Mapping[str, Any]) -> list[str]:
        """The endings that a finished photo with these facts has."""
        kinds = [kind for kind in KINDS if kind not in facts.get("skipped", {})]
        questions = ["proposals.png"] if facts.get("proposals") else []
        toned = [f"{kind}.{TONED}" for kind in facts.get("toned", {}).get("kinds", [])]
        return [*(f"{kind}.png" for kind in kinds), *toned, *questions, "json"]


@dataclass(frozen=True)
class Choices:
    """What changes the pictures."""

    careful: bool = False
    strength: float = 0.5
    ask: str = "leave"
    """What is done with marks that may belong to the picture: leave, list or fill."""
    colourise: bool = False
    """Also what is in colour already."""
    grain: bool = True
    tones: float | str | None = None
    """Further pictures with tones: off (None), "auto" or a strength 0 to 1."""
    keep_sepia: bool = False

    @property
    def said(self) -> dict[str, Any]:
        """Without tones where they are off, as results without them were always told."""
        said: dict[str, Any] = {"careful": self.careful, "strength": self.strength}
        said |= {"ask": self.ask, "colourise": self.colourise, "grain": self.grain}
        tones = {"tones": self.tones, "keep_sepia": self.keep_sepia}
        return said if self.tones is None else said | tones


@dataclass(frozen=True)
class Outcome:
    """What became of one photo; `said` is the reason or the warnings."""

    photo: Path
    state: str
    facts: dict[str, Any]
    said: str = ""

    def row(self) -> list[object]:
        facts = self.facts
        size = facts.get("width", 0) * facts.get("height", 0) / 1e6
        seconds = sum(facts.get("seconds", {}).get(kind, 0.0) for kind in STEPS)
        if not size:
            return [str(self.photo), self.state, "", "", "", "", "", "", self.said]
        hole = facts.get("largest_hole")
        return [
            str(self.photo),
            self.state,
            facts["width"],
            facts["height"],
            f"{seconds:.2f}",
            f"{seconds / size:.2f}",
            f"{100 * facts.get('covered', 0.0):.2f}",
            "" if hole is None else hole,
            self.said or " ".join(facts.get("warnings", [])),
        ]


def batch_items(given: Sequence[str], out: Path) -> list[BatchItem]:
    """Files as named, folders with all below them, patterns; each photo once, in this order.

    Below a folder's own place the results keep its subfolders. Photos whose results would carry
    one name keep their endings in it. What lies in `out` is no photo. A name that is neither
    file, folder nor pattern stays, so that its failure is told.
    """
    found: dict[Path, Path] = {}
    for text in given:
        for photo, place in _expanded(text, out.resolve()):
            found.setdefault(photo, place)
    wanted = [(photo, out / place, photo.stem) for photo, place in found.items()]
    names = Counter((folder, name) for _, folder, name in wanted)
    return [
        BatchItem(photo, folder, name if names[folder, name] == 1 else photo.name)
        for photo, folder, name in wanted
    ]


def _expanded(text: str, out: Path) -> Iterable[tuple[Path, Path]]:
    """(photo, subfolder of the results) for one argument."""
    path = Path(text)
    if path.is_dir():
        for photo in _below(path, out):
            yield photo, photo.parent.relative_to(path)
    elif not path.exists() and glob.has_magic(text):
        for name in sorted(glob.glob(text, recursive=True)):  # noqa: PTH207
            if Path(name).suffix.lower() in ENDINGS and out not in Path(name).resolve().parents:
                yield Path(name), Path()
    else:
        yield path, Path()


def _below(folder: Path, out: Path) -> list[Path]:
    """Photos by their endings; hidden ones are somebody's half-written files."""
    photos = (path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)
    return sorted(
        path
        for path in photos
        if path.is_file() and not path.name.startswith(".") and out not in path.resolve().parents
    )


def write_table(outcomes: Iterable[Outcome], path: Path) -> None:
    """The table as CSV, put into place whole."""
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        table.writerows(outcome.row() for outcome in outcomes)
    partial.replace(path)


def in_words(outcomes: Sequence[Outcome], seconds: float) -> str:
    """The table's last line, for whoever watches."""
    counts = Counter(outcome.state for outcome in outcomes)
    made = [outcome.facts for outcome in outcomes if outcome.state == DONE]
    size = sum(facts["width"] * facts["height"] for facts in made) / 1e6
    pace = f", {seconds / size:.2f} s per megapixel" if size else ""
    return (
        f"{counts[DONE]} done, {counts[SKIPPED]} skipped, {counts[FAILED]} failed; "
        f"{size:.1f} megapixels in {seconds:.1f} s{pace}"
    )


def as_lines(outcomes: Sequence[Outcome]) -> list[str]:
    """The table for a terminal, its columns below each other."""
    rows = [[str(cell) for cell in outcome.row()] for outcome in outcomes]
    rows = [list(COLUMNS), *rows]
    widths = [max(len(row[k]) for row in rows) for k in range(len(COLUMNS) - 1)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
        for row in rows
    ]
