"""Which marks are filled, which are asked: the guards' word against the finder's certainty."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import log2

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.areas import not_holes
from pipeline.engine.guards.certainty import Marks
from pipeline.engine.guards.components import Component, components, joined
from pipeline.engine.guards.creases import CREASE, creases_through, flakes, of_crease
from pipeline.engine.guards.faces import SIDE, Face, box_of, distinct, face_zones, find_faces
from pipeline.engine.guards.objects.busy import on_busy_ground
from pipeline.engine.guards.objects.company import SMALL, TWIG, beside
from pipeline.engine.guards.objects.patterns import on_pattern
from pipeline.engine.guards.objects.printed_rule import printed_rules
from pipeline.engine.guards.objects.stumps import settled
from pipeline.engine.guards.objects.twins import twins
from pipeline.engine.guards.places import Places
from pipeline.engine.guards.proposals import (
    AREA,
    FACE,
    FEATURE,
    LINES,
    PATTERN,
    PERHAPS,
    RIM,
    SPOTS,
    TEXT,
    TREE,
    Proposal,
    numbered,
)
from pipeline.engine.guards.second_look import DOUBTED, looked_at, sure_of
from pipeline.engine.guards.structures import of_structures
from pipeline.engine.guards.text import find_text, strokes
from training.imaging.border import without_edge_marks

SEARCHED_SIDE = 1280  # px: the copy in which faces are looked for
# Logits above the cut. On 50 sound held-out faces the finder's surest mark of all has 2.2, at
# most .06 % of a face is marked, and nothing above SMALL_PART.
IN_FACE = 2.0
PER_DOUBLING = 0.5  # more for each doubling of a mark's part of the face above SMALL_PART
SMALL_PART = 0.0025
BRIDGE = 3  # px: a crease that breaks off and goes on is one
HIDING = 0.05  # of the long side: a mark so long may hide a face
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
    sure = surely_damage(grey, marked, marks.margin, faces)
    rest = [mark.part(kept[mark.rows, mark.columns]) for mark in single]
    rest = [mark for mark in rest if mark.area]
    asked += _set_aside(kept, list(_unlikely(rest, grey, marks.margin, places)))
    asked = list(_without(asked, sure))
    kept |= sure
    if faces:
        asked = _without_stumps(kept, asked, sure, grey, marks.margin, faces)
    asked += [(PERHAPS, mark) for mark in _doubts(marked, marks.margin)]
    bits = np.where(kept, marks.bits, np.uint8(0))
    proposals, labels, beyond = numbered(asked, marks.surest, faces)
    return Guarded(bits, proposals, labels, faces, beyond)


def _set_aside(kept: NDArray[np.bool_], asked: list[Asked]) -> list[Asked]:
    """The same, after taking their pixels out of `kept`."""
    for _, mark in asked:
        kept[mark.rows, mark.columns] = False
    return asked


def _without(asked: Sequence[Asked], sure: NDArray[np.bool_]) -> Iterator[Asked]:
    for reason, mark in asked:
        left = ~sure[mark.rows, mark.columns]
        if left.any():
            yield reason, mark if left.all() else mark.part(left)


def _without_stumps(
    kept: NDArray[np.bool_],
    asked: list[Asked],
    sure: NDArray[np.bool_],
    grey: NDArray[np.uint8],
    margin: NDArray[np.int8],
    faces: Sequence[Face],
) -> list[Asked]:
    """What is asked, after `kept` was given what is filled through and lost what is left."""
    standing = np.zeros_like(kept)
    for reason, mark in asked:
        if reason in (FACE, FEATURE):
            standing[mark.rows, mark.columns] = True
    filled, left = settled(kept, standing, sure, grey, margin, faces)
    kept |= filled
    kept &= ~left
    return [*_without(asked, filled), *((FACE, mark) for mark in components(left, margin))]


def faces_of(grey: NDArray[np.uint8], marked: NDArray[np.bool_]) -> list[Face]:
    """Faces of the scan, and those that show when long marks are filled in a small copy.

    `grey` is H x W uint8, `marked` H x W booleans; faces are in px of both.
    """
    scale = min(1.0, SEARCHED_SIDE / max(grey.shape))
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    holes = cv2.resize(marked.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA) > 32
    found = find_faces(small, where=holes)
    if _may_hide(holes):
        found += _hidden(small, holes)
    return [face.moved(1 / scale, 0, 0) for face in distinct(found)]


def _hidden(small: NDArray[np.uint8], holes: NDArray[np.bool_]) -> list[Face]:
    """Faces that show when marks are filled, at the size that the detector looks at.

    Nobody looks closer: a small face is hidden by no long mark alone.
    """
    scale = min(1.0, SIDE / max(small.shape))
    size = (max(1, round(small.shape[1] * scale)), max(1, round(small.shape[0] * scale)))
    least = cv2.resize(small, size, interpolation=cv2.INTER_AREA)
    marked = cv2.resize(holes.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA) > 32
    grown = cv2.dilate(marked.astype(np.uint8), np.ones((3, 3), np.uint8))
    filled = np.asarray(cv2.inpaint(least, grown, 3, cv2.INPAINT_TELEA))
    return [face.moved(1 / scale, 0, 0) for face in find_faces(filled, closer=False)]


def _may_hide(holes: NDArray[np.bool_]) -> bool:
    _, _, stats, _ = cv2.connectedComponentsWithStats(holes.astype(np.uint8), connectivity=8)
    return bool((stats[1:, 2:4] > HIDING * max(holes.shape)).any())


def _not_damage(
    grey: NDArray[np.uint8], marks: Sequence[Component], margin: NDArray[np.int8]
) -> Iterator[Asked]:
    """Writing, one item a box, and pieces of structures."""
    taken: set[int] = set()
    boxes = find_text(grey, marks)
    for box in boxes:
        mine = [mark for mark in strokes(box, marks) if id(mark) not in taken]
        taken |= {id(mark) for mark in mine}
        if mine:
            yield TEXT, joined(mine)
    left = [mark for mark in marks if id(mark) not in taken]
    ruled = printed_rules(left, boxes, grey)
    yield from ((TEXT, mark) for mark, rule in zip(left, ruled, strict=True) if rule)
    left = [mark for mark, rule in zip(left, ruled, strict=True) if not rule]
    names = {"lines": LINES, "rim": RIM, "spots": SPOTS, "tree": TREE}
    kinds = of_structures(left, grey, margin)
    known = [(names[kind], mark) for mark, kind in zip(left, kinds, strict=True) if kind]
    yield from known
    rest = [mark for mark, kind in zip(left, kinds, strict=True) if not kind]
    for reason in (LINES, TREE):
        these = [mark for name, mark in known if name == reason]
        pieces = beside(rest, these, grey, TWIG if reason == TREE else SMALL)
        if reason == LINES:
            pieces = [a or b for a, b in zip(pieces, twins(rest, these, grey), strict=True)]
        yield from ((reason, mark) for mark, piece in zip(rest, pieces, strict=True) if piece)
        rest = [mark for mark, piece in zip(rest, pieces, strict=True) if not piece]
    pieces = on_pattern(rest, grey)
    yield from ((PATTERN, mark) for mark, piece in zip(rest, pieces, strict=True) if piece)


def _unlikely(
    marks: Sequence[Component], grey: NDArray[np.uint8], margin: NDArray[np.int8], places: Places
) -> Iterator[Asked]:
    """What a second look doubts; of what it is not sure of, wide areas that are no holes, and
    what is unsure for its ground."""
    logits = looked_at(marks, grey, margin)
    doubted = [k for k, logit in logits.items() if logit < DOUBTED]
    plain = {k for k, logit in logits.items() if sure_of(marks[k], logit, grey)}
    yield from ((PERHAPS, marks[k]) for k in doubted)
    places.leave_out(marks[k] for k in doubted)
    unsure = [mark for k, mark in enumerate(marks) if k not in plain.union(doubted)]
    areas = {k: unsure[k].part(part) for k, part in not_holes(unsure, grey, margin, places)}
    yield from ((AREA, area) for area in areas.values())
    places.leave_out(areas.values())
    thin = [mark for k, mark in enumerate(unsure) if k not in areas]
    yield from ((PERHAPS, thin[k]) for k in on_busy_ground(thin, grey, margin, places))


def _in_faces(
    marked: NDArray[np.bool_], margin: NDArray[np.int8], faces: Sequence[Face]
) -> Iterator[Asked]:
    """The parts of marks that are not filled because they lie in a face."""
    inside, features = face_zones(faces, *marked.shape)
    for mark in components(marked & (inside > 0), margin, bridge=BRIDGE):
        numbers = inside[mark.rows, mark.columns]
        in_feature = features[mark.rows, mark.columns]
        if in_feature.any():
            yield FEATURE, mark.part(in_feature)
        for number in np.unique(numbers):
            part = (numbers == number) & ~in_feature
            if part.any():
                rest = mark.part(part)
                if rest.certainty < demanded(rest, faces[number - 1]):
                    yield FACE, rest


def surely_damage(
    grey: NDArray[np.uint8],
    marked: NDArray[np.bool_],
    margin: NDArray[np.int8],
    faces: Sequence[Face],
) -> NDArray[np.bool_]:
    """H x W, True for what is filled in faces: creases and flakes, without the features."""
    sure = np.zeros_like(marked)
    inside, features = face_zones(faces, *marked.shape)
    if not (marked & (inside > 0)).any():
        return sure
    marks = list(components(marked, margin, bridge=BRIDGE))
    for number, face in enumerate(faces, 1):
        place = box_of(face, inside.shape)
        corner = place[0].start, place[1].start
        mine = marked[place] & (inside[place] == number)
        parts = list(components(mine, margin, bridge=BRIDGE, corner=corner))
        for part in parts:
            on_it = of_crease(part, parts, face, grey, margin)
            sure[part.rows[on_it], part.columns[on_it]] = True
        for k, on_it in flakes(parts, face, grey):
            sure[parts[k].rows[on_it], parts[k].columns[on_it]] = True
        for k in creases_through(face, marks):
            whole = inside[marks[k].rows, marks[k].columns] == number
            if marks[k].certainty >= CREASE:
                sure[marks[k].rows[whole], marks[k].columns[whole]] = True
    return sure & ~features


def demanded(part: Component, face: Face) -> float:
    """Logits above the cut: more for a larger part of the face, with the rim that is filled."""
    filled = (part.area**0.5 + 3.5) ** 2
    share = filled / (face.width * face.height)
    return IN_FACE + PER_DOUBLING * max(0.0, log2(share / SMALL_PART))


def _doubts(marked: NDArray[np.bool_], margin: NDArray[np.int8]) -> Iterator[Component]:
    """Marks just below the cut that touch none above it, long enough to be asked about."""
    near = without_edge_marks(((margin > -10 * DOUBT) & ~marked).astype(np.uint8)) > 0
    if not near.any():
        return
    grown = cv2.dilate(marked.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    least = LEAST_DOUBT * max(marked.shape)
    for mark in components(near, margin, least=least):
        touches = grown[mark.rows, mark.columns].mean() > 0.3
        if not touches and mark.shape.length >= least:
            yield mark
