"""Components that a finder really marks, with the share of each that is damage.

On sound photographs all are mistakes. The same photographs with drawn damage, sparse and dense,
give damage and mistakes side by side; painted ones give the real thing. Each photograph is looked
at once and kept as one file, so that the work can be stopped and goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from photos.files import replacing
from photos.masks.classes import DEFECTS, IGNORE
from photos.masks.components import components
from training.augmentation.samples import damage_photo_lightly, damaged_more
from training.imaging.border import without_edge_marks
from training.imaging.colour import luma as luma_of
from training.imaging.component_views import FIGURES, SIDE, Viewer
from training.labels.shipped_labels import Label
from training.measuring.pictures import read_rgb
from training.probes.marker import Marker

Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
CUTS = (0, -10)  # tenths of a logit: what is marked, and what nearly is
LEAST = 120  # px of a component: smaller ones are never asked about
NEAR = 2  # px beside painted damage that are damage still
SIZES = (440, 600, 768)  # px of a photograph's longest side
SCALES = (0.6, 1.0, 1.5)  # of a painted photograph
LARGEST = 1500  # px
ALL = (10**6, 10**6)
MOST = {"sound": (0, 6), "drawn": (6, 5), "print": (24, 8), "plate": (24, 8), "looked": (5, 5)}
"""Damaged and sound components kept of one look at one cut, by kind of picture."""


@dataclass(frozen=True)
class Gathered:
    """Components of one photograph: views N x 2 x 3 x S x S, figures, shares of damage, areas."""

    views: Bytes
    figures: NDArray[np.float32]
    damage: NDArray[np.float32]
    areas: NDArray[np.int64]

    def save(self, path: Path) -> None:
        """Whole or not at all."""
        with replacing(path) as temporary, Path(temporary).open("wb") as file:
            np.savez_compressed(file, **vars(self))

    @classmethod
    def load(cls, path: Path) -> Gathered:
        """What `save` wrote; raises OSError or ValueError."""
        with np.load(path) as file:
            return cls(**{name: file[name] for name in cls.__dataclass_fields__})

    @classmethod
    def joined(cls, parts: Sequence[Gathered]) -> Gathered:
        """Several as one; of none an empty one."""
        if not parts:
            empty = np.zeros(0, np.float32)
            views = np.zeros((0, 2, 3, SIDE, SIDE), np.uint8)
            return cls(views, np.zeros((0, FIGURES), np.float32), empty, np.zeros(0, np.int64))
        names = cls.__dataclass_fields__
        return cls(**{name: np.concatenate([vars(each)[name] for each in parts]) for name in names})


@dataclass(frozen=True)
class Seen:
    """A picture as the finder sees it: luma, margins in tenths, and what is damage or undecided.

    All planes are H x W.
    """

    luma: Bytes
    margin: NDArray[np.int8]
    damage: Mask
    undecided: Mask

    @classmethod
    def of(cls, marker: Marker, luma: Bytes, classes: Bytes) -> Seen:
        """By class bits, H x W, of which none is sound."""
        tenths = np.clip(np.rint(10 * marker(luma)), -127, 127).astype(np.int8)
        grown = cv2.dilate((classes & DEFECTS > 0).astype(np.uint8), np.ones((2 * NEAR + 1,) * 2))
        return cls(luma, tenths, grown > 0, (classes & IGNORE > 0) & (grown == 0))


def seed_of(name: str) -> int:
    """The same for a file's name on every machine."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:12], 16)


def of_sound(marker: Marker, path: Path, name: str) -> Gathered:
    """A sound photograph as it is, with sparse drawn damage, and with much of it."""
    rng = np.random.default_rng(seed_of(name))
    photo = read_rgb(path, int(rng.choice(SIZES)))
    luma = np.asarray(luma_of(photo), np.uint8)
    seen = [(Seen.of(marker, luma, np.zeros_like(luma)), "sound")]
    for dense in (False, True):
        drawn = damage_photo_lightly(photo, rng=rng, dense=dense)
        seen.append((Seen.of(marker, *drawn), "drawn"))
    return Gathered.joined([part for one, kind in seen for part in chosen(one, MOST[kind], rng)])


def of_held_out(marker: Marker, photo: Bytes, classes: Bytes) -> Gathered:
    """All components of a painted photograph at three scales; RGB or grey, and class bits.

    H x W (x 3) levels and H x W bits.
    """
    rng = np.random.default_rng(0)
    seen = (Seen.of(marker, *pair) for pair in _at_scales(_luma(photo), classes))
    return Gathered.joined([part for one in seen for part in chosen(one, ALL, rng)])


def of_label(marker: Marker, label: Label, photo: Bytes, classes: Bytes) -> Gathered:
    """A painted photograph at three scales; one that was looked through as it is and damaged.

    H x W (x 3) levels and H x W class bits.
    """
    rng = np.random.default_rng(seed_of(label.name))
    luma = _luma(photo)
    kind = label.name.split("_")[0]
    kind = kind if kind in MOST else "plate"
    if kind == "looked":
        pairs = [(luma, classes), damaged_more(luma, classes, rng=rng, holes=0.4)]
    else:
        pairs = _at_scales(luma, classes)
    seen = (Seen.of(marker, *pair) for pair in pairs)
    return Gathered.joined([part for one in seen for part in chosen(one, MOST[kind], rng)])


def _luma(photo: Bytes) -> Bytes:
    return np.asarray(luma_of(photo) if photo.ndim == 3 else photo, np.uint8)


def _at_scales(luma: Bytes, classes: Bytes) -> list[tuple[Bytes, Bytes]]:
    return [pair for scale in SCALES if (pair := scaled(luma, classes, scale))]


def scaled(luma: Bytes, classes: Bytes, scale: float) -> tuple[Bytes, Bytes] | None:
    """Both H x W planes `scale` times as large; None beyond LARGEST px."""
    size = [round(length * scale) for length in luma.shape[::-1]]
    if max(size) > LARGEST:
        return None
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    # The largest class of what falls together: thin lines must not be gone.
    wide = cv2.dilate(classes, np.ones((2, 2), np.uint8)) if scale < 1 else classes
    sized = cv2.resize(wide, size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.resize(luma, size, interpolation=way), np.uint8), np.asarray(sized)


def chosen(
    seen: Seen, most: tuple[int, int], rng: np.random.Generator, cuts: Sequence[int] = CUTS
) -> Iterator[Gathered]:
    """At each cut the largest components and some of the others: at most so many damaged, sound."""
    viewer = Viewer(seen.luma, seen.margin)
    for cut in cuts:
        found = list(_components(seen, cut))
        for wanted, many in zip((True, False), most, strict=True):
            these = [one for one in found if (one[2] >= 0.5) == wanted]
            for rows, columns, share in _some(these, many, rng):
                yield Gathered(
                    viewer.views(rows, columns)[None],
                    viewer.figures(rows, columns)[None],
                    np.array([share], np.float32),
                    np.array([len(rows)]),
                )


Found = tuple[NDArray[np.intp], NDArray[np.intp], float]


def _components(seen: Seen, cut: int) -> Iterator[Found]:
    """Rows, columns and share of damage of what is mostly decided."""
    _, labels = components(without_edge_marks((seen.margin > cut).astype(np.uint8)))
    rows, columns = np.nonzero(labels)
    order = np.argsort(labels[rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    ends = np.flatnonzero(np.diff(labels[rows, columns])) + 1
    for r, c in zip(np.split(rows, ends), np.split(columns, ends), strict=True):
        decided = ~seen.undecided[r, c]
        if len(r) >= LEAST and decided.mean() > 0.5:
            yield r, c, float(seen.damage[r, c][decided].mean())


def _some(found: list[Found], most: int, rng: np.random.Generator) -> list[Found]:
    """Half of them the largest, half any others."""
    ordered = sorted(found, key=lambda one: -len(one[0]))
    first = (most + 1) // 2
    rest = ordered[first:]
    picked = rng.permutation(len(rest))[: most - first] if rest else ()
    return ordered[:first] + [rest[int(k)] for k in picked]
