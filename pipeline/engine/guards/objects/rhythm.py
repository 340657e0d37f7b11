"""Seams, perforations, pearls: what changes in even steps along its way is no crease."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.components import Component

LONGEST_STEP, STEPS = 40, 4  # px, and how many of them a mark has at least
ALIKE, UNLIKE = 0.5, -0.1  # correlation with itself a step on, and half a step on
SLIM = 5.0  # times its thickness long
SWING = 3.0  # levels: standard deviation along the way
PIECES, TURN, MOST = 3, np.deg2rad(6), 400  # of a row of dashes, and how far they turn
COVERED = 0.3  # of a row by its pieces: far apart they lie on one line by chance


def has_rhythm(mark: Component, grey: NDArray[np.uint8]) -> bool:
    """Does the tone of a slim mark repeat in even steps along it?

    `grey` is H x W, levels 0..255.
    """
    shape = mark.shape
    if shape.length < 4 * STEPS or shape.length < SLIM * mark.thickness:
        return False
    return _repeats(_along(mark, grey))


def rows_of_dashes(marks: Sequence[Component], grey: NDArray[np.uint8]) -> set[int]:
    """Indices of slim marks that lie on one line whose tone repeats in even steps: stitches.

    A finder breaks such a row up into pieces too short to show a rhythm of their own. `grey` is
    H x W, levels 0..255.
    """
    slim = [k for k, mark in enumerate(marks) if _is_piece(mark)]
    longest = sorted(slim, key=lambda k: -marks[k].shape.length)[:MOST]
    found: set[int] = set()
    for row in _rows([marks[k] for k in longest]):
        pieces = [marks[longest[k]] for k in row]
        line = _sampled(pieces, grey)
        covered = sum(piece.shape.length for piece in pieces) / len(line)
        if covered >= COVERED and _repeats(_level(line)):
            found |= {longest[k] for k in row}
    return found


def _is_piece(mark: Component) -> bool:
    return mark.area >= 10 and mark.shape.length >= 3 * mark.thickness


def _rows(marks: Sequence[Component]) -> Iterator[list[int]]:
    """Sets of at least `PIECES` marks on the line of the longest of them."""
    if len(marks) < PIECES:
        return
    x, y, angle, thick = np.array(
        [(mark.shape.x, mark.shape.y, mark.shape.angle, mark.thickness) for mark in marks]
    ).T
    free = np.ones(len(marks), bool)
    for k in range(len(marks)):
        turn = abs(angle - angle[k])
        off = abs(np.cos(angle[k]) * (y - y[k]) - np.sin(angle[k]) * (x - x[k]))
        row = free & (np.minimum(turn, np.pi - turn) < TURN) & (off <= thick[k] + 1)
        if free[k] and row.sum() >= PIECES:
            free &= ~row
            yield np.flatnonzero(row).tolist()


def _sampled(row: Sequence[Component], grey: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean level of three px across at each px along the line from end to end of a row."""
    angle = row[0].shape.angle
    cos, sin = np.cos(angle), np.sin(angle)
    middle = row[0].shape
    ends = [
        cos * (mark.shape.x - middle.x) + sin * (mark.shape.y - middle.y) + way
        for mark in row
        for way in (-mark.shape.length / 2, mark.shape.length / 2)
    ]
    along = np.arange(min(ends), max(ends) + 1)
    across = np.array([[-1], [0], [1]])
    x = (middle.x + cos * along - sin * across).astype(np.float32)
    y = (middle.y + sin * along + cos * across).astype(np.float32)
    levels = cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(levels.mean(axis=0))


def _along(mark: Component, grey: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean level at each px along its axis, of the mark's own pixels."""
    cos, sin = np.cos(mark.shape.angle), np.sin(mark.shape.angle)
    place = np.rint(cos * mark.columns + sin * mark.rows).astype(int)
    place -= place.min()
    count = np.bincount(place)
    total = np.bincount(place, weights=grey[mark.rows, mark.columns])
    at = np.flatnonzero(count)
    return _level(np.interp(np.arange(len(count)), at, total[at] / count[at]))


def _level(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Without its slow changes."""
    wide = min(LONGEST_STEP, len(line) // 2)
    slow = np.convolve(np.pad(line, wide, mode="edge"), np.ones(wide) / wide, mode="same")
    return np.asarray(line - slow[wide:-wide])


def _repeats(line: NDArray[np.float64]) -> bool:
    if line.std() < SWING:
        return False
    power = float(line @ line) / len(line)
    longest = min(LONGEST_STEP, len(line) // STEPS)
    like = np.array(
        [float(line[k:] @ line[: len(line) - k]) / (len(line) - k) for k in range(longest + 1)]
    )
    like /= max(power, 1e-6)
    return any(
        like[k] >= ALIKE and like[: k + 1].min() <= UNLIKE and like[k] == like[k - 2 : k + 3].max()
        for k in range(4, longest - 1)
    )
