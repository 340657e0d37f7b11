"""Large pieces of what is known: a seam's next length, one more post of a fence."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.components import Component

SLIM = 5.0  # times its thickness long: what has a direction
TURN = np.deg2rad(4)  # between a line and its next piece, or a post and another
THICKNESS, LENGTH = 0.35, 0.35  # of the larger one's, how far two are apart
GAP = 0.12  # of the long side: between a line's pieces
LEAST, SHARE, PIECES = 12, 0.3, 2  # px of a piece, and how much of its own length lies beyond
POSTS = 2  # alike, that make one more of them
ROUND = 21  # px: ground for a mark's tone


def twins(
    marks: Sequence[Component], taken: Sequence[Component], grey: NDArray[np.uint8]
) -> list[bool]:
    """For each mark: does it go on a line that is taken, or is it one of `POSTS` + 1 alike?

    All of one tone, lighter or darker than their ground; `grey` is H x W, levels 0..255.
    """
    lines = [mark for mark in taken if _is_slim(mark)]
    found = [False] * len(marks)
    if not taken or not any(map(_is_slim, marks)):
        return found
    tone = grey.astype(np.int16) - cv2.blur(grey, (ROUND, ROUND))
    sides = [_lighter(line, tone) for line in lines]
    pieces = [(piece, _lighter(piece, tone)) for piece in taken if piece.area >= LEAST]
    for k, mark in enumerate(marks):
        if _is_slim(mark):
            side = _lighter(mark, tone)
            like = [
                line
                for line, other in zip(lines, sides, strict=True)
                if other == side and _is_alike(mark, line)
            ]
            found[k] = any(_goes_on(mark, line, max(grey.shape)) for line in like)
            found[k] |= sum(_is_as_long(mark, line) for line in like) >= POSTS
            of_tone = [piece for piece, other in pieces if other == side]
            found[k] = found[k] or _ends_a_row(mark, of_tone, max(grey.shape))
    return found


def _is_slim(mark: Component) -> bool:
    return mark.area >= 12 and mark.shape.length >= SLIM * mark.thickness


def _lighter(mark: Component, tone: NDArray[np.int16]) -> bool:
    return bool(tone[mark.rows, mark.columns].mean() > 0)


def _is_alike(one: Component, other: Component) -> bool:
    turn = abs(one.shape.angle - other.shape.angle)
    thick = sorted((one.thickness, other.thickness))
    return min(turn, np.pi - turn) < TURN and thick[1] - thick[0] <= THICKNESS * thick[1] + 1


def _is_as_long(one: Component, other: Component) -> bool:
    long = sorted((one.shape.length, other.shape.length))
    return long[1] - long[0] <= LENGTH * long[1]


def _goes_on(one: Component, other: Component, long_side: int) -> bool:
    """Does it lie on the other's own line, not far from its end?"""
    dx, dy = one.shape.x - other.shape.x, one.shape.y - other.shape.y
    cos, sin = np.cos(other.shape.angle), np.sin(other.shape.angle)
    gap = abs(cos * dx + sin * dy) - (one.shape.length + other.shape.length) / 2
    return bool(abs(cos * dy - sin * dx) <= other.thickness + 3 and gap <= GAP * long_side)


def _ends_a_row(mark: Component, pieces: Sequence[Component], long_side: int) -> bool:
    """Do pieces of what is taken, of any form, lie on the line that it would go on?"""
    cos, sin = np.cos(mark.shape.angle), np.sin(mark.shape.angle)
    length = 0.0
    count = 0
    for piece in pieces:
        x, y = piece.columns - mark.shape.x, piece.rows - mark.shape.y
        along, across = cos * x + sin * y, cos * y - sin * x
        gap = float(abs(along).min()) - mark.shape.length / 2
        if abs(across).max() <= mark.thickness + 3 and gap <= 2 * GAP * long_side:
            length += float(np.ptp(along)) + 1
            count += 1
    return count >= PIECES and length >= SHARE * mark.shape.length
