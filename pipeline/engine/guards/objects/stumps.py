"""No stumps: where a mark runs from outside into a face, it is filled through or left for a way.

A crease that is filled up to a face and stands inside it is worse than both. Light lines that are
filled at both ends, and paper that goes on with the tone of what is filled at one, are filled
outside eyes, nose and mouth; of other marks the way to the face is left, up to where the finder
is least sure of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.creases import CREASE
from pipeline.engine.guards.faces import Face, inner_features

AROUND = 0.5  # of a face's width: the ground round its box that is looked at
TOUCHING = np.ones((5, 5), np.uint8)  # px: so near, and it is one line
THROUGH, LIGHT = 0.1, 8.0  # of a face's width thick at most; levels lighter than its ground
# Paper that goes on: of a face's width thick, levels lighter, off its tone; logits above the cut.
PAPER, LIGHTER, SAME_TONE, SURE = 0.3, 45.0, 14.0, 1.5
WAY = (0.08, 0.25)  # of a face's width from what is left: where the fill ends
SHORT = 0.7  # of a mark within the longer way: left whole
Plane = NDArray[np.bool_]


@dataclass(frozen=True)
class _Window:
    """Planes h x w round a face: what is filled, what is asked, the features' inside, `sure`
    damage; levels and tenths of a logit; the face's width, px."""

    kept: Plane
    asked: Plane
    inner: Plane
    sure: Plane
    grey: NDArray[np.uint8]
    margin: NDArray[np.int8]
    width: float


def settled(
    kept: Plane,
    asked: Plane,
    sure: Plane,
    grey: NDArray[np.uint8],
    margin: NDArray[np.int8],
    faces: Sequence[Face],
) -> tuple[Plane, Plane]:
    """(what is filled besides, what is left besides): both H x W.

    All are H x W: `kept` is filled so far, `asked` is asked about because of a face, `sure` is
    plainly damage on a face, `grey` in levels, `margin` in tenths of a logit above the cut.
    """
    filled, left = np.zeros_like(kept), np.zeros_like(kept)
    for face in faces:
        place = _place(face, kept.shape)
        if not asked[place].any() or not kept[place].any():
            continue
        inner = inner_features(face, place)
        view = _Window(
            kept[place], asked[place], inner, sure[place], grey[place], margin[place], face.width
        )
        through = _filled_through(view)
        filled[place] |= through
        left[place] |= _left_before(view, through)
    return filled, left & ~filled


def _place(face: Face, shape: tuple[int, ...]) -> tuple[slice, slice]:
    reach = AROUND * face.width + 4
    top, left = max(0, round(face.y - reach)), max(0, round(face.x - reach))
    bottom, right = round(face.y + face.height + reach), round(face.x + face.width + reach)
    return slice(top, max(top, min(shape[0], bottom))), slice(left, max(left, min(shape[1], right)))


def _pieces(plane: Plane) -> Iterator[tuple[Plane, tuple[slice, slice]]]:
    """Connected pieces, each in its box with room for what touches it."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(plane.astype(np.uint8))
    for label in range(1, count):
        x, y, wide, tall = (int(value) for value in stats[label, :4])
        box = slice(max(0, y - 4), y + tall + 4), slice(max(0, x - 4), x + wide + 4)
        yield labels[box] == label, box


def _contacts(piece: Plane, others: Plane) -> int:
    """In how many places a piece touches others."""
    near = cv2.dilate(piece.astype(np.uint8), TOUCHING) & others.astype(np.uint8)
    return int(cv2.connectedComponents(cv2.dilate(near, TOUCHING))[0]) - 1


def _filled_through(view: _Window) -> Plane:
    found = np.zeros_like(view.kept)
    for piece, box in _pieces(view.asked & ~view.inner):
        touched = _contacts(piece, view.kept[box])
        certainty = float(view.margin[box][piece].mean()) / 10
        if not touched or certainty < CREASE:
            continue
        thick = 2 * float(cv2.distanceTransform(piece.astype(np.uint8), cv2.DIST_L2, 3).max())
        lighter, like = _beside(piece, box, view)
        slim = touched > 1 and thick <= THROUGH * view.width and lighter >= LIGHT
        paper = certainty >= SURE and thick <= PAPER * view.width and lighter >= LIGHTER
        if slim or (paper and like <= SAME_TONE):
            found[box] |= piece
    return found


def _beside(piece: Plane, box: tuple[slice, slice], view: _Window) -> tuple[float, float]:
    """Levels lighter than the sound ground beside it, and off the tone of what is filled there."""
    grown = cv2.dilate(piece.astype(np.uint8), np.ones((15, 15), np.uint8)) > 0
    levels, kept = view.grey[box], view.kept[box]
    ground = grown & ~piece & (view.margin[box] <= 0)
    beside = grown & kept
    if not ground.any() or not beside.any():
        return -np.inf, np.inf
    tone = float(np.median(levels[piece]))
    like = abs(tone - float(np.median(levels[beside])))
    return tone - float(np.median(levels[ground])), like


def _left_before(view: _Window, through: Plane) -> Plane:
    """Of what is filled: the ways to what stays."""
    asked, kept = view.asked & ~through, view.kept | through
    left = np.zeros_like(kept)
    away = cv2.distanceTransform((~asked).astype(np.uint8), cv2.DIST_L2, 3)
    for piece, box in _pieces(kept):
        touched = _contacts(piece, asked[box])
        if touched and not (view.sure[box] | through[box])[piece].any():
            left[box] |= piece & (away[box] < _end(piece, box, away, view))
    return left


def _end(piece: Plane, box: tuple[slice, slice], away: NDArray[np.float32], view: _Window) -> float:
    """How far from what stays the fill of a piece ends, px: where it is faintest."""
    nearest, furthest = (part * view.width for part in WAY)
    far = away[box]
    if (far[piece] <= furthest).mean() >= SHORT:
        return float(np.inf)
    steps = np.arange(nearest, max(furthest, nearest + 2))
    sure = [view.margin[box][piece & (abs(far - step) < 1.5)] for step in steps]
    means = [float(each.mean()) if each.size else -128.0 for each in sure]
    return float(steps[int(np.argmin(means))])
