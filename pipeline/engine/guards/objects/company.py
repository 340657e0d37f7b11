"""What stands beside a mark: parallels of marks, a mesh of lines, the rest of a structure."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.components import Component

AXIS, AXIS_SLIM = 30.0, 8.0  # px, and times its thickness: a mark with a direction of its own
MESH = 0.2  # of the ground round a mark within a few px of lines that repeat
AROUND = 41  # px: the ground round a mark
IN_MESH = 0.6  # of a mark's pixels on such ground
SURE = 3.0  # logits above the cut: a scratch over a fence
CLOSE, SMALL = 0.02, 0.05  # of the long side: a piece beside a structure
TWIG = 0.12  # and one beside a tree
FURTHER = 0.12  # of the long side, that a line may go on
ROUNDS = 4  # a chain of pieces, as of a seam's stitches
ROUND = 21  # px: ground for a mark's tone
Segments = NDArray[np.float64]  # N x 4: x1, y1, x2, y2


def axes(marks: Sequence[Component]) -> Segments:
    """The axes of long slim marks, N x 4; faint lines that repeat are seen by the finder alone."""
    found = []
    for mark in marks:
        shape = mark.shape
        if shape.length >= max(AXIS, AXIS_SLIM * mark.thickness):
            x, y = np.cos(shape.angle) * shape.length / 2, np.sin(shape.angle) * shape.length / 2
            found.append((shape.x - x, shape.y - y, shape.x + x, shape.y + y))
    return np.array(found, float).reshape(-1, 4)


def in_mesh(marks: Sequence[Component], near: NDArray[np.bool_]) -> list[bool]:
    """For each mark: does it lie in a mesh of lines, and is not far surer than they?

    `near` is H x W, True near lines that repeat.
    """
    if not near.any():
        return [False] * len(marks)
    share = cv2.blur(near.astype(np.float32), (AROUND, AROUND))
    return [
        bool(mark.certainty < SURE and (share[mark.rows, mark.columns] > MESH).mean() > IN_MESH)
        for mark in marks
    ]


def beside(
    marks: Sequence[Component],
    taken: Sequence[Component],
    grey: NDArray[np.uint8],
    largest: float = SMALL,
) -> list[bool]:
    """For each mark: is it a small piece close to what is taken, of the same tone?

    A finder breaks a twig, a whisker or a letter up. `grey` is H x W, levels 0..255; `largest` is
    a piece's length, of the long side.
    """
    found = [False] * len(marks)
    if not taken or not marks:
        return found
    reach = max(4, round(CLOSE * max(grey.shape)))
    longest = largest * max(grey.shape)
    tone = grey.astype(np.int16) - cv2.blur(grey, (ROUND, ROUND))
    near = np.zeros((2, *grey.shape), np.uint8)
    square = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    short = (k for k, mark in enumerate(marks) if mark.shape.length < longest)
    left = {k: int(_lighter(marks[k], tone)) for k in short}
    new = [(int(_lighter(mark, tone)), mark) for mark in taken]
    for _ in range(ROUNDS):
        for side, mark in new:
            near[side, mark.rows, mark.columns] = 1
        grown = [cv2.dilate(plane, square) for plane in near]
        for side, mark in new:
            _draw_way(grown[side], mark, FURTHER * max(grey.shape))
        met = [k for k, side in left.items() if grown[side][marks[k].rows, marks[k].columns].any()]
        new = [(left.pop(k), marks[k]) for k in met]
        for k in met:
            found[k] = True
        if not new:
            break
    return found


def _draw_way(plane: NDArray[np.uint8], mark: Component, further: float) -> None:
    """The straight way on from both ends of a slim mark."""
    shape = mark.shape
    if shape.length < AXIS_SLIM * mark.thickness:
        return
    reach = shape.length / 2 + min(further, shape.length)
    x, y = np.cos(shape.angle) * reach, np.sin(shape.angle) * reach
    start, end = ((round(shape.x + way * x), round(shape.y + way * y)) for way in (-1, 1))
    cv2.line(plane, start, end, 1, 5 + round(mark.thickness))


def _lighter(mark: Component, tone: NDArray[np.int16]) -> bool:
    return bool(tone[mark.rows, mark.columns].mean() > 0)
