"""Many photographs: which ones, where their results go, and the table about them. Pure."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.words import wall
from photos.file_names import shown

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
TONED = "toned"
KINDS = ("mask", "inpainted", "inpainted_colorized", "colorized")
PARTIAL = ".partial"
TABLE = "summary.csv"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
STEPS = ("decode", "mask", "inpainted", "inpainted_colorized", "colorized")
DONE, SKIPPED, REFUSED, FAILED, PASSED = "done", "skipped", "refused", "failed", "passed over"
STATES = (DONE, SKIPPED, REFUSED, FAILED, PASSED)
# What a mask or picture may be written as; `x.json`, `x.ora` and these never end alike.
FORMS = ("png", "tif", "jpg")
BESIDE = ("proposals.png", "repair.png", "ora", "json")
TONED_ENDINGS = tuple(f"{kind}.{TONED}.{form}" for kind in KINDS[1:] for form in FORMS)
ENDINGS = (*(f"{kind}.{form}" for kind in KINDS for form in FORMS), *TONED_ENDINGS, *BESIDE)
LONGEST_ENDING = max(map(len, ENDINGS))


@dataclass(frozen=True)
class BatchItem:
    """A photo, and where its results go: FOLDER/NAME.inpainted.png and so on."""

    photo: Path
    folder: Path
    name: str
    page: int = 1
    """Which photograph of a file of several."""

    @property
    def shown(self) -> str:
        """Its name for people, whatever bytes it has."""
        return named(self.photo, self.page)

    def result(self, ending: str) -> Path:
        return self.folder / f"{self.name}.{ending}"

    def partial(self, ending: str) -> Path:
        return self.folder / f".{self.name}.{ending}{PARTIAL}"


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
    salvage: bool = False
    """Read what is there of a file that ends too early."""
    rotate: int = 0
    """Degrees clockwise, by quarters."""
    crop: bool = False
    """Straighten and crop to the print, where one stands out from the bed."""
    frame: dict[str, float] | None = None
    """Cut all scans to this one, as `Frame.said` has it."""
    negative: str = ""
    """A film negative, "bw" or "colour"."""
    tones: float | str | None = None
    """Further pictures with tones: off (None), "auto" or a strength 0 to 1."""
    keep_sepia: bool = False

    @property
    def said(self) -> dict[str, Any]:
        """What newer releases let choose (tones, how a scan is read) stands here only where it
        was chosen: what was made before is still good."""
        said: dict[str, Any] = {"careful": self.careful, "strength": self.strength}
        said |= {"ask": self.ask, "colourise": self.colourise, "grain": self.grain}
        said |= {name: asked for name, asked in self.reading.items() if asked}
        tones = {"tones": self.tones, "keep_sepia": self.keep_sepia}
        return said if self.tones is None else said | tones

    @property
    def reading(self) -> dict[str, Any]:
        """What is asked of the decoder."""
        said: dict[str, Any] = {"salvage": self.salvage, "rotate": self.rotate}
        return said | {"negative": self.negative, "crop": self.crop, "frame": self.frame}


@dataclass(frozen=True)
class Outcome:
    """What became of one photo; `said` is the reason or the warnings."""

    photo: Path
    state: str
    facts: dict[str, Any]
    said: str = ""
    page: int = 1

    @property
    def shown(self) -> str:
        return named(self.photo, self.page)

    def row(self) -> list[object]:
        facts = self.facts
        size = facts.get("width", 0) * facts.get("height", 0) / 1e6
        seconds = sum(facts.get("seconds", {}).get(kind, 0.0) for kind in STEPS)
        if not size:
            return [self.shown, self.state, "", "", "", "", "", "", self.said]
        hole = facts.get("largest_hole")
        return [
            self.shown,
            self.state,
            facts["width"],
            facts["height"],
            f"{seconds:.2f}",
            f"{seconds / size:.2f}",
            f"{100 * facts.get('covered', 0.0):.2f}",
            "" if hole is None else hole,
            self.said or " ".join(map(wall.in_words, facts.get("warnings", []))),
        ]


def named(photo: Path, page: int) -> str:
    """A photograph's path in one line of text."""
    return shown(photo) + (f" (page {page})" if page > 1 else "")


def write_table(outcomes: Iterable[Outcome], path: Path) -> None:
    """The table as CSV, put into place whole."""
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("w", newline="", encoding="utf-8", errors="backslashreplace") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        table.writerows(map(harmless, outcome.row()) for outcome in outcomes)
    partial.replace(path)


def harmless(cell: object) -> object:
    """Not a formula, whatever a spreadsheet takes for one."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in FORMULA else cell


def in_words(outcomes: Sequence[Outcome], seconds: float) -> str:
    """The table's last line, for whoever watches."""
    counts = Counter(outcome.state for outcome in outcomes)
    made = [outcome.facts for outcome in outcomes if outcome.state == DONE]
    size = sum(facts["width"] * facts["height"] for facts in made) / 1e6
    pace = f", {seconds / size:.2f} s per megapixel" if size else ""
    told = ", ".join(f"{counts[state]} {state}" for state in STATES[:3])
    told += f", {counts[FAILED]} failed" if counts[FAILED] else ""
    passed = counts[PASSED]
    told += f", {passed} file{'s' if passed > 1 else ''} passed over" if passed else ""
    return f"{told}; {size:.1f} megapixels in {seconds:.1f} s{pace}"


def as_lines(outcomes: Sequence[Outcome]) -> list[str]:
    """The table for a terminal, its columns below each other."""
    rows = [[str(cell) for cell in outcome.row()] for outcome in outcomes]
    rows = [list(COLUMNS), *rows]
    widths = [max(len(row[k]) for row in rows) for k in range(len(COLUMNS) - 1)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
        for row in rows
    ]
