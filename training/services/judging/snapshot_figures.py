"""What a snapshot holds, in figures, and how it differs from another."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from photos.masks.classes import CLASSES
from training.models import DatasetSnapshot

NOBODY = "nobody here"


@dataclass(frozen=True)
class Contents:
    """Pixels by class over the masks whose areas are known, and who made the masks."""

    pixels: int
    painted: int
    classes: list[tuple[str, int, int, float]]
    people: list[tuple[str, int]]
    unknown: int


def contents(snapshot: DatasetSnapshot) -> Contents:
    """Areas are those that were counted when a mask was handed in; one changed since has none."""
    rows = snapshot.items.values(
        "mask_digest", "mask__digest", "mask__areas", "mask__author__username",
        "photo__width", "photo__height",
    )  # fmt: skip
    pixels = painted = unknown = 0
    areas: Counter[str] = Counter()
    photos: Counter[str] = Counter()
    people: Counter[str] = Counter()
    for row in rows:
        size = (row["photo__width"] or 0) * (row["photo__height"] or 0)
        pixels += size
        if not row["mask_digest"]:
            continue
        people[row["mask__author__username"] or NOBODY] += 1
        known = row["mask__areas"] if row["mask__digest"] == row["mask_digest"] else None
        if not known:
            unknown += 1
            continue
        painted += size
        for name in CLASSES:
            areas[name] += int(known.get(name, 0))
            photos[name] += bool(known.get(name, 0))
    classes = [
        (name, photos[name], areas[name], 100 * areas[name] / painted if painted else 0.0)
        for name in CLASSES
    ]
    return Contents(pixels, painted, classes, people.most_common(), unknown)


def difference(snapshot: DatasetSnapshot, other: DatasetSnapshot) -> list[tuple[str, int]]:
    """How many photographs each has alone, and of those in both what is not the same."""
    mine, theirs = _items(snapshot), _items(other)
    both = mine.keys() & theirs.keys()

    def changed(at: int) -> int:
        return sum(mine[digest][at] != theirs[digest][at] for digest in both)

    return [
        ("only here", len(mine.keys() - theirs.keys())),
        ("only there", len(theirs.keys() - mine.keys())),
        ("in both", len(both)),
        ("of those with another mask", changed(0)),
        ("of those on the other side of the split", changed(1)),
    ]


def _items(snapshot: DatasetSnapshot) -> dict[str, tuple[Any, Any]]:
    rows = snapshot.items.values_list("image_digest", "mask_digest", "split")
    return {image: (mask, split) for image, mask, split in rows}
