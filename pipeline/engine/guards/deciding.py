"""Which marks are filled, which are asked: the guards' word against the finder's certainty."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import log2

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.areas import not_holes
from pipeline.engine.guards.busy import on_busy_ground
from pipeline.engine.guards.certainty import Marks
from pipeline.engine.guards.components import Component, components, joined
from pipeline.engine.guards.faces import Face, distinct, face_zones, find_faces
from pipeline.engine.guards.places import Places
from pipeline.engine.guards.proposals import (
    AREA,
    FACE,
    FEATURE,
    LINES,
    PERHAPS,
    RIM,
    SPOTS,
    TEXT,
    TREE,
    Proposal,
    numbered,
)
from pipeline.engine.guards.structures import of_structures
from pipeline.engine.guards.text import find_text, strokes

SEARCHED_SIDE = 1280  # px: the copy in which faces are looked for
# Logits above the cut. On 50 sound held-out faces the finder's surest mark of all has 2.2, at
# most .06 % of a face is marked, and nothing above SMALL.
IN_FACE = 2.0
PER_DOUBLING = 0.5  # more for each doubling of a mark's part of the face above SMALL
SMALL = 0.0025
CREASE = 0.6
BRIDGE = 3  # px: a crease that breaks off and goes on is one
MOST_PIECES = 60  # looked at round a face, the longest
BEYOND = 0.15  # of a face's width, that a crease goes on outside it on each side
HIDING = 0.03  # of the long side: a mark so long may hide a face
# What the finder is less sure of, down to this many logits below the cut, is asked.
DOUBT = 0.7
LEAST_DOUBT = 0.02  # of the long side: shorter doubts are not worth a question
Asked = tuple[str, Component]


@dataclass(frozen=True)
class Guarded:
    """What to fill, what to ask, and the faces that were seen."""

    bits: NDArray[np.uint8]
    """H x W class bits that are filled unasked."""
    proposals: list[Proposal]
    """What is asked, the largest first; see `proposals.numbered`."""
    labels: NDArray[np.uint8]
    """H x W, number of the proposal a pixel belongs to (from 1), 0 for none."""
    faces: list[Face] = field(default_factory=list)
    beyond: int = 0
    """How many more were left without being asked."""


def guard(grey: NDArray[np.uint8], marks: Marks) -> Guarded:
    """Divides the finder's marks of an H x W 8-bit picture into filled and asked."""
    marked = marks.bits > 0
    faces = faces_of(grey, marked)
    single = list(components(marked, marks.margin))
    places = Places(marks.margin)
    kept = marked.copy()
    asked = _set_aside(kept, list(_not_damage(grey, single, marks.margin)))
    places.leave_out(mark for _, mark in asked)
    if faces:
        asked += _set_aside(kept, list(_in_faces(kept, marks.margin, faces)))
    rest = [mark.part(kept[mark.rows, mark.columns]) for mark in single]
    rest = [mark for mark in rest if mark.area]
    asked += _set_aside(kept, list(_unlikely(rest, grey, marks.margin, places)))
    asked += [(PERHAPS, mark) for mark in _doubts(marked, marks.margin)]
    bits = np.where(kept, marks.bits, np.uint8(0))
    proposals, labels, beyond = numbered(asked, marks.surest, faces)
    return Guarded(bits, proposals, labels, faces, beyond)


def _set_aside(kept: NDArray[np.bool_], asked: list[Asked]) -> list[Asked]:
    """The same, after taking their pixels out of `kept`."""
    for _, mark in asked:
        kept[mark.rows, mark.columns] = False
    return asked


def faces_of(grey: NDArray[np.uint8], marked: NDArray[np.bool_]) -> list[Face]:
    """Faces of the scan, and those that show when long marks are filled in a small copy.

    `grey` is H x W uint8, `marked` H x W booleans; faces are in px of both.
    """
    scale = min(1.0, SEARCHED_SIDE / max(grey.shape))
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    found = find_faces(small)
    holes = cv2.resize(marked.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA) > 32
    if _may_hide(holes):
        grown = cv2.dilate(holes.astype(np.uint8), np.ones((5, 5), np.uint8))
        filled = np.asarray(cv2.inpaint(small, grown, 3, cv2.INPAINT_TELEA))
        found += find_faces(filled, closer=False)  # a small face is hidden by no long mark alone
    return [face.moved(1 / scale, 0, 0) for face in distinct(found)]


def _may_hide(holes: NDArray[np.bool_]) -> bool:
    _, _, stats, _ = cv2.connectedComponentsWithStats(holes.astype(np.uint8), connectivity=8)
    return bool((stats[1:, 2:4] > HIDING * max(holes.shape)).any())


def _not_damage(
    grey: NDArray[np.uint8], marks: Sequence[Component], margin: NDArray[np.int8]
) -> Iterator[Asked]:
    """Writing, one item a box, and pieces of structures."""
    taken: set[int] = set()
    for box in find_text(grey, marks):
        mine = [mark for mark in strokes(box, marks) if id(mark) not in taken]
        taken |= {id(mark) for mark in mine}
        if mine:
            yield TEXT, joined(mine)
    left = [mark for mark in marks if id(mark) not in taken]
    names = {"lines": LINES, "rim": RIM, "spots": SPOTS, "tree": TREE}
    kinds = of_structures(left, grey, margin)
    yield from ((names[kind], mark) for mark, kind in zip(left, kinds, strict=True) if kind)


def _unlikely(
    marks: Sequence[Component], grey: NDArray[np.uint8], margin: NDArray[np.int8], places: Places
) -> Iterator[Asked]:
    """Wide areas that are no holes, and what is not sure enough for its ground."""
    areas = {k: marks[k].part(part) for k, part in not_holes(marks, grey, places)}
    yield from ((AREA, area) for area in areas.values())
    places.leave_out(areas.values())
    thin = [mark for k, mark in enumerate(marks) if k not in areas]
    yield from ((PERHAPS, thin[k]) for k in on_busy_ground(thin, grey, margin, places))


def _in_faces(
    marked: NDArray[np.bool_], margin: NDArray[np.int8], faces: Sequence[Face]
) -> Iterator[Asked]:
    """The parts of marks that are not filled because they lie in a face."""
    inside, features = face_zones(faces, *marked.shape)
    marks = list(components(marked, margin, bridge=BRIDGE))
    creases = [set(creases_through(face, marks)) for face in faces]
    for index, mark in enumerate(marks):
        numbers = inside[mark.rows, mark.columns]
        if not numbers.any():
            continue
        in_feature = features[mark.rows, mark.columns] & (numbers > 0)
        if in_feature.any():
            yield FEATURE, mark.part(in_feature)
        for number in np.unique(numbers[numbers > 0]):
            part = (numbers == number) & ~in_feature
            sure = index in creases[number - 1] and mark.certainty >= CREASE
            if part.any() and not sure:
                rest = mark.part(part)
                if rest.certainty < demanded(rest, faces[number - 1]):
                    yield FACE, rest


def creases_through(face: Face, marks: Sequence[Component]) -> list[int]:
    """Indices of marks that together run through a face: pieces that follow each other count."""
    reach = 2.5 * max(face.width, face.height)
    x, y = face.x + face.width / 2, face.y + face.height / 2
    near = [
        k
        for k, mark in enumerate(marks)
        if np.hypot(mark.shape.x - x, mark.shape.y - y) < reach + mark.shape.length / 2
        and mark.shape.length >= max(6.0, 0.04 * face.width)
        and mark.shape.length >= 2.5 * mark.thickness
    ]
    near = sorted(near, key=lambda k: -marks[k].shape.length)[:MOST_PIECES]
    found: set[int] = set()
    for k in near:
        chain = [j for j in near if j == k or _follows(marks[k], marks[j], face)]
        if goes_through(joined([marks[j] for j in chain]), face):
            found |= set(chain)
    return sorted(found)


def _follows(one: Component, other: Component, face: Face) -> bool:
    """Does another piece lie on this one's straight continuation, turned at most 20 degrees?"""
    turn = abs(one.shape.angle - other.shape.angle)
    if min(turn, np.pi - turn) > np.deg2rad(20):
        return False
    dx, dy = other.shape.x - one.shape.x, other.shape.y - one.shape.y
    across = abs(-np.sin(one.shape.angle) * dx + np.cos(one.shape.angle) * dy)
    along = abs(np.cos(one.shape.angle) * dx + np.sin(one.shape.angle) * dy)
    return bool(across < 0.06 * face.width + 0.12 * along)


def demanded(part: Component, face: Face) -> float:
    """Logits above the cut: more for a larger part of the face, with the rim that is filled."""
    filled = (part.area**0.5 + 3.5) ** 2
    share = filled / (face.width * face.height)
    return IN_FACE + PER_DOUBLING * max(0.0, log2(share / SMALL))


def goes_through(mark: Component, face: Face) -> bool:
    """Does a long mark go on outside the face on both sides?

    Its pixels outside an ellipse round the face reach `BEYOND` widths out in two directions
    more than 100 degrees apart.
    """
    if mark.shape.length < 1.1 * face.width or mark.thickness > 0.15 * face.width:
        return False
    x, y = face.x + face.width / 2, face.y + face.height / 2
    u = (mark.columns - x) / (face.width * (0.5 + BEYOND))
    v = (mark.rows - y) / (face.height * (0.5 + BEYOND))
    outside = u**2 + v**2 > 1
    if outside.sum() < 4 or outside.all():
        return False
    angles = np.sort(np.arctan2(v[outside], u[outside]))
    gaps = np.diff(np.append(angles, angles[0] + 2 * np.pi))
    widest = np.sort(gaps)[-2:]
    return bool(len(widest) == 2 and widest.min() > 0.3 and 2 * np.pi - widest.max() > 1.75)


def _doubts(marked: NDArray[np.bool_], margin: NDArray[np.int8]) -> Iterator[Component]:
    """Marks just below the cut that touch none above it, long enough to be asked about."""
    near = (margin > -10 * DOUBT) & ~marked
    if not near.any():
        return
    grown = cv2.dilate(marked.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    least = LEAST_DOUBT * max(marked.shape)
    for mark in components(near, margin, least=least):
        touches = grown[mark.rows, mark.columns].mean() > 0.3
        if not touches and mark.shape.length >= least:
            yield mark
