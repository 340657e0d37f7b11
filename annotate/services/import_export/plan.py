"""What an import would do, photo by photo: the same for the page, the command and the API."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from annotate.services.import_export.imports import Stored
from annotate.services.import_export.parts import Part
from config.errors import Refused
from config.words.said import Said, Words, code_of, plain, read, said
from config.words.wall import for_programs
from photos.models import Blob, Photo

NEW, HERE, NOTHING, LEFT_OUT, REFUSED_ROW = "new", "here", "nothing", "left out", "refused"
WORDS = {
    NEW: "comes in",
    HERE: "already here",
    NOTHING: "not annotated",
    LEFT_OUT: "left out",
    REFUSED_ROW: "refused",
}
SHOWN = 5


@dataclass
class Row:
    """One photo's share. `shapes` and `pixels` are by class; `left_out` says what and how often."""

    file: str
    outcome: str = NEW
    reason: Words = ""
    photo: Photo | None = None
    by: str = ""
    shapes: dict[str, int] = field(default_factory=dict)
    left_out: dict[Words, int] = field(default_factory=dict)
    pixels: dict[str, int] = field(default_factory=dict)
    notes: list[Words] = field(default_factory=list)
    replaces: Words = ""
    digest: str = ""
    present: int = 0  # masks of this digest that will be here when it is its turn
    part: Part | None = None
    mask: Stored | None = None
    probability: Blob | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "outcome": self.outcome,
            "reason": plain(self.reason),
            "photo": str(self.photo.pk) if self.photo else None,
            "title": self.photo.title if self.photo else "",
            "by": self.by,
            "shapes": self.shapes,
            "left_out": [
                {"what": plain(what), "count": count} for what, count in self.left_out.items()
            ],
            "pixels": self.pixels,
            "notes": plain(self.notes),
            "replaces": plain(self.replaces),
            "digest": self.digest,
        }

    def refuse(self, reason: Words) -> "Row":
        self.outcome, self.reason = REFUSED_ROW, reason
        return self


def left_out_of(row: Mapping[str, Any]) -> list[tuple[Words, int]]:
    """What a kept row left out, and how often; older releases kept sentences with their counts."""
    left_out = row.get("left_out", {})
    if isinstance(left_out, Mapping):
        return list(left_out.items())
    return [(read(each["what"]), each["count"]) for each in left_out]


def report_for_programs(report: Mapping[str, Any]) -> dict[str, Any]:
    """A kept report with words, and the codes beside them."""
    told: dict[str, Any] = for_programs({**report})
    for row, kept in zip(told.get("rows", []), report.get("rows", []), strict=True):
        if "left_out" not in kept:
            continue
        counts = left_out_of(kept)
        row["left_out"] = {str(what): count for what, count in counts}
        row["left_out_said"] = [
            {"what": code_of(what), "count": count} for what, count in counts if code_of(what)
        ]
    return told


def _of(row: Row) -> Said:
    return said("import.file", file=row.file, why=row.reason)


def _refused(rows: list[Row]) -> Said:
    """Each reason once, with the first file that it holds for and how many more there are."""
    alike: dict[str, list[Row]] = {}
    for row in rows:
        alike.setdefault(str(plain(row.reason)), []).append(row)
    groups = list(alike.values())
    files = [_of_all(group) for group in groups[:SHOWN]]
    if left := sum(map(len, groups[SHOWN:])):
        return said("import.many-refused", files=files, count=left)
    return said("import.refused", files=files)


def _of_all(rows: list[Row]) -> Said:
    first, more = rows[0], len(rows) - 1
    if not more:
        return _of(first)
    return said("import.files", file=first.file, count=more, why=first.reason)


class PlanRefused(Refused):
    """Nothing came in, for the reasons that the plan's rows have."""

    def __init__(self, plan: "Plan") -> None:
        super().__init__(plan.refusal)
        self.plan = plan


@dataclass
class Plan:
    """`rows` in the order of the files; `aside` are files that are no annotations."""

    kind: str
    rows: list[Row]
    aside: list[str]

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in WORDS}

    @property
    def refused(self) -> list[Row]:
        return [row for row in self.rows if row.outcome == REFUSED_ROW]

    @property
    def refusal(self) -> Words:
        """Why nothing of it comes in; empty where it may."""
        refused = self.refused
        if refused:
            return _refused(refused)
        if self.counts[NEW] or self.counts[HERE]:
            return ""
        if not self.rows:
            return said("import.holds-nothing")
        return said("import.nothing-fits", why=_of(self.rows[0]))

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "counts": self.counts,
            "refusal": plain(self.refusal),
            "rows": [row.as_json() for row in self.rows],
            "aside": self.aside[:1000],
        }
