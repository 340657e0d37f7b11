"""Creases and flakes over a face: plainly damage, and so filled outside the features.

A crease is a slim mark whose straight way goes on outside the face on both sides; flakes are
pieces of bare paper: flat, lighter than all that is round them, and several of them.
"""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.components import Component, joined
from pipeline.engine.guards.faces import Face

SLIM = 2.5  # times its thickness long: what has a direction
SHORTEST = 0.12  # of a face's width, that a piece inside is long
STRAIGHT = 0.05  # of a face's width, off the line that a piece follows
MOSTLY = 0.5  # of a piece's pixels on that line: what hangs on it is judged by itself
CREASE = 0.6  # logits above the cut
ACROSS, SURER = 1.1, 1.2  # times a face's width, and logits: so long, one side is enough
NEAR, BEND = 0.03, 0.08  # of a face's width, and of the way from the piece: off a straight line
BEYOND = 1.3  # of the ellipse of the face: outside of it
REACH = 1.0  # of a face's width, that is looked at beyond the ellipse
GOES_ON = 0.3  # of that way on each side with a mark, or a half-sure one, on it
HALF_SURE = -10  # tenths of a logit
PIECE = 0.1  # of a face's width: pieces of the way, each looked at as a whole
STANDS_OUT, LEVELS = 4.0, 4.0  # a line in a piece: times the median beside it, and levels
SEEN = 0.5  # of the pieces with a line that joins that of the next

MOST_PIECES = 60  # looked at round a face, the longest
OUT = 0.15  # of a face's width, that marks which run through it reach beyond it

INNER = 1.4  # times the ellipse of the face
FLAKES = 3  # that tell of flaking
LIGHTER = 15.0  # levels, than what is round it
ALL_ROUND = 0.8  # of the pixels round a flake that are darker than it
FLAT = 12.0  # levels below its own, that still belong to it
OF_A_MARK = 0.2  # of its pixels in a spot
LARGEST = 0.04  # of a face's area
Plane = NDArray[np.uint8]
Floats = NDArray[np.float64]


def of_crease(
    part: Component,
    others: Sequence[Component],
    face: Face,
    grey: Plane,
    margin: NDArray[np.int8],
) -> NDArray[np.bool_]:
    """For each pixel of a mark's part in a face: does it lie on a crease that goes on outside?

    `others` are the face's other parts: pieces that follow each other are as long together.
    `grey` (levels 0..255) and `margin` (tenths of a logit above the cut) are H x W.
    """
    on_line = _straightest(part, max(3.0, STRAIGHT * face.width))
    line = part.part(on_line)
    if on_line.mean() < MOSTLY or line.area < 6 or line.certainty < CREASE:
        return np.zeros(part.area, bool)
    shape = line.shape
    if shape.length < max(6.0, SHORTEST * face.width) or shape.length < SLIM * line.thickness:
        return np.zeros(part.area, bool)
    sides = [_goes_on(line, side, face, grey, margin) for side in (1, -1)]
    if not (all(sides) or (any(sides) and _is_across(line, others, face))):
        return np.zeros(part.area, bool)
    return on_line


def _is_across(line: Component, others: Sequence[Component], face: Face) -> bool:
    if line.certainty < SURER:
        return False
    slim = [one for one in others if one.area >= 6 and one.shape.length >= SLIM * one.thickness]
    whole = joined([line, *(one for one in slim if _follows(line, one, face))])
    return whole.shape.length > ACROSS * face.width


def _straightest(part: Component, reach: float) -> NDArray[np.bool_]:
    """Its pixels within `reach` of the line that most of them follow, px."""
    kept = np.ones(part.area, bool)
    for wide in (2.5, 1.5, 1.0):
        shape = part.part(kept).shape
        across = np.cos(shape.angle) * (part.rows - shape.y)
        across -= np.sin(shape.angle) * (part.columns - shape.x)
        near = np.abs(across) <= wide * reach
        if not near.any():
            break
        kept = near
    return kept


def _way(
    line: Component, side: int, face: Face, size: tuple[int, ...]
) -> tuple[Floats, Floats] | None:
    """(rows, columns), each offsets x steps: the straight way on beyond the face on one side.

    None where the face reaches to the picture's edge there.
    """
    shape, (height, width) = line.shape, size
    along = side * np.array([np.cos(shape.angle), np.sin(shape.angle)])
    steps = np.arange(shape.length / 2, 5.0 * max(face.width, face.height))
    x, y = shape.x + along[0] * steps, shape.y + along[1] * steps
    u = (x - face.x - face.width / 2) / (BEYOND * face.width / 2)
    v = (y - face.y - face.height / 2) / (BEYOND * face.height / 2)
    inside = (x >= 0) & (y >= 0) & (x < width - 1) & (y < height - 1)
    outside = np.flatnonzero((u**2 + v**2 > 1) & inside)[: round(REACH * face.width)]
    if len(outside) < 0.1 * face.width:
        return None
    reach = NEAR * face.width + BEND * (steps[outside] - shape.length / 2) + 2
    offsets = np.arange(-np.ceil(reach.max()), np.ceil(reach.max()) + 1)[:, None]
    return y[outside] + along[0] * offsets, x[outside] - along[1] * offsets


def _goes_on(line: Component, side: int, face: Face, grey: Plane, margin: NDArray[np.int8]) -> bool:
    """Is there a mark, or in the picture itself a line, on the way beyond the face?"""
    way = _way(line, side, face, grey.shape)
    if way is None:
        return True
    rows = np.rint(way[0]).astype(int).clip(0, grey.shape[0] - 1)
    columns = np.rint(way[1]).astype(int).clip(0, grey.shape[1] - 1)
    found = (margin[rows, columns] > HALF_SURE).any(axis=0)
    return bool(found.mean() > GOES_ON) or _seen(grey[rows, columns], face) > SEEN


def _seen(strip: Plane, face: Face) -> float:
    """Which part of a straightened way (offsets x steps) a line runs along, none or all: 0..1."""
    each = max(6, round(PIECE * face.width))
    count = strip.shape[1] // each
    if not count or strip.shape[0] < 7:
        return 0.0
    pieces = strip[:, : count * each].reshape(len(strip), count, each).mean(axis=2)
    fine = pieces - cv2.blur(pieces, (1, 9))
    best = 0.0
    for line in (fine, -fine):
        noise = 1.5 * np.median(np.abs(line), axis=0) + 0.5
        at, peak = line.argmax(axis=0), line.max(axis=0)
        clear = (peak > STANDS_OUT * noise) & (peak > LEVELS)
        follows = np.abs(np.diff(at)) <= 0.35 * each + 1
        best = max(best, int((clear[1:] & clear[:-1] & follows).sum()))
    return float(best / max(1, count - 1))


def flakes(
    parts: Sequence[Component], face: Face, grey: Plane
) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """(index, which of its pixels) of parts in a face that are bare paper.

    Fewer than `FLAKES` pieces are none. `grey` is H x W, levels 0..255.
    """
    found = [(k, _on_flake(part, face, grey)) for k, part in enumerate(parts)]
    found = [(k, on_it) for k, on_it in found if on_it.any()]
    if len(found) >= FLAKES:
        yield from found


def _on_flake(part: Component, face: Face, grey: Plane) -> NDArray[np.bool_]:
    """For each of its pixels: does it lie on a flat spot with darker ground all round?"""
    on_it = np.zeros(part.area, bool)
    if part.area < 6 or _outer(part, face):
        return on_it
    reach = round(0.15 * face.width) + 6
    top, left, bottom, right = part.box
    top, left = max(0, top - reach), max(0, left - reach)
    levels = grey[top : bottom + reach, left : right + reach].astype(np.int16)
    rows, columns = part.rows - top, part.columns - left
    level = float(np.percentile(levels[rows, columns], 70))
    _, labels = cv2.connectedComponents((levels > level - FLAT).astype(np.uint8), connectivity=4)
    shares = np.bincount(labels[rows, columns]) / part.area
    for spot in 1 + np.flatnonzero(shares[1:] > OF_A_MARK):
        plane = (labels == spot).astype(np.uint8)
        if plane.sum() > LARGEST * face.width * face.height:
            continue
        near, far = (cv2.dilate(plane, np.ones((n, n), np.uint8)) for n in (5, 9))
        ring = levels[(far > 0) & (near == 0)]
        if ring.size and (ring < level - LIGHTER).mean() >= ALL_ROUND:
            on_it |= near[rows, columns] > 0
    return on_it


def _outer(part: Component, face: Face) -> bool:
    u = (part.columns - face.x - face.width / 2) / (INNER * face.width / 2)
    v = (part.rows - face.y - face.height / 2) / (INNER * face.height / 2)
    return bool((u**2 + v**2 > 1).mean() > 0.5)


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


def goes_through(mark: Component, face: Face) -> bool:
    """Does a long mark go on outside the face on both sides?

    Its pixels outside an ellipse round the face reach `OUT` widths out in two directions
    more than 100 degrees apart.
    """
    if mark.shape.length < 1.1 * face.width or mark.thickness > 0.15 * face.width:
        return False
    x, y = face.x + face.width / 2, face.y + face.height / 2
    u = (mark.columns - x) / (face.width * (0.5 + OUT))
    v = (mark.rows - y) / (face.height * (0.5 + OUT))
    outside = u**2 + v**2 > 1
    if outside.sum() < 4 or outside.all():
        return False
    angles = np.sort(np.arctan2(v[outside], u[outside]))
    gaps = np.diff(np.append(angles, angles[0] + 2 * np.pi))
    widest = np.sort(gaps)[-2:]
    return bool(len(widest) == 2 and widest.min() > 0.3 and 2 * np.pi - widest.max() > 1.75)
