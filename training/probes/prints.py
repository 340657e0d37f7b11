"""The print set: listed defects of real paper prints, removed, partly removed or missed.

The list (`training/labels/prints.json`) is ours; the photographs are found by their SHA-256. A
defect is a line (points with a width) or a patch (a polygon) in the photo's pixels, with a
strength: strong, medium or faint.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from training.probes.canvas import Mask
from training.probes.harm.objects import FILLED
from training.probes.marker import DEFAULT_CUT, Bytes, Marker, reached

LISTED = Path(__file__).parents[1] / "labels" / "prints.json"
KINDS, STRENGTHS = ("line", "patch"), ("strong", "medium", "faint")
REMOVED, PARTLY = 0.7, 0.3  # of a defect's pixels filled
LARGE = 700  # px of the longest side: smaller ones are copies for the web


@dataclass(frozen=True)
class Defect:
    """A line or patch that somebody saw, in px of the photo."""

    kind: str
    label: str
    """fracture, scuff or hole."""
    strength: str
    points: tuple[tuple[float, float], ...]
    width: float = 0.0


@dataclass(frozen=True)
class Print:
    """A photograph and every defect that was listed in it."""

    file: str
    sha256: str
    split: str
    width: int
    height: int
    defects: tuple[Defect, ...]

    @property
    def large(self) -> bool:
        """Whether its longer side is LARGE px or more."""
        return max(self.width, self.height) >= LARGE


@dataclass(frozen=True)
class Outcome:
    """What a marker reached on one defect of one print."""

    print: Print
    defect: Defect
    margins: NDArray[np.float16]

    def verdict(self, cut: float = DEFAULT_CUT) -> str:
        """`removed`, `partly` or `missed`: by the share of its pixels above the cut."""
        filled = float(np.mean(self.margins > cut))
        return "removed" if filled >= REMOVED else "partly" if filled >= PARTLY else "missed"


def read_prints(path: Path = LISTED) -> list[Print]:
    """The list; raises ValueError with a sentence, OSError where there is none."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["prints"]
        return [_print(row) for row in rows]
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path.name} is no list of prints: {error!r}") from error


def _print(row: dict[str, Any]) -> Print:
    defects = tuple(_defect(one, row["file"]) for one in row["defects"])
    size = int(row["width"]), int(row["height"])
    return Print(str(row["file"]), str(row["sha256"]), str(row["split"]), *size, defects)


def _defect(row: dict[str, Any], file: str) -> Defect:
    points = tuple((float(x), float(y)) for x, y in row["points"])
    width = float(row.get("width") or 0)
    least = 3 if row["kind"] == "patch" else 2
    if row["kind"] not in KINDS or row["strength"] not in STRENGTHS or len(points) < least:
        raise ValueError(f"{file}: a defect is a line or patch with a strength and its points.")
    if row["kind"] == "line" and width <= 0:
        raise ValueError(f"{file}: a line has a width above 0 px.")
    return Defect(row["kind"], str(row["class"]), row["strength"], points, width)


def drawn(defect: Defect, shape: tuple[int, int], scale: float = 1.0) -> Mask:
    """H x W, True on the defect's pixels, at `scale` times the photo's size; never empty inside."""
    plane = np.zeros(shape, np.uint8)
    points = np.round((np.array(defect.points) + 0.5) * scale * 16 - 8).astype(np.int32)
    if defect.kind == "patch":
        cv2.fillPoly(plane, [points], 255, cv2.LINE_8, 4)
    else:
        thick = max(1, round(defect.width * scale))
        cv2.polylines(plane, [points], False, 255, thick, cv2.LINE_8, 4)
    return plane > 0


def run_print(marker: Marker, one: Print, picture: Bytes, scale: float = 1.0) -> list[Outcome]:
    """Every defect's outcome; `picture` (luma H x W) is the photo at `scale` times its size."""
    margin = np.clip(reached(marker(picture), FILLED), -100, 100).astype(np.float16)
    shape = (picture.shape[0], picture.shape[1])
    pixels = [(defect, drawn(defect, shape, scale)) for defect in one.defects]
    return [Outcome(one, d, margin[mask]) for d, mask in pixels if mask.any()]


def shares(outcomes: Sequence[Outcome], cut: float = DEFAULT_CUT) -> dict[str, float]:
    """Shares of the defects removed, partly and missed (nan without a defect), and how many."""
    verdicts = Counter(one.verdict(cut) for one in outcomes)
    total = len(outcomes)
    names = ("removed", "partly", "missed")
    return {name: verdicts[name] / total if total else float("nan") for name in names} | {
        "defects": float(total)
    }
