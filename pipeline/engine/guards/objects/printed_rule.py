"""Rules of print: a thin line beside lines of writing, that runs as they run."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.components import Component
from pipeline.engine.guards.text import TextBox, boxes_round

LONG = 4.0  # heights of the writing, that a rule is long at least
THIN = 0.3  # of the writing's height, that a rule is thick at most
ROWS, ROW = 2, 3.0  # lines of writing beside it, and times its height that each is long
NEAR = 4.0  # heights of the writing, from a line of it to the rule
TURN = 4.0  # degrees between them


def printed_rules(
    marks: Sequence[Component], boxes: Sequence[TextBox], grey: NDArray[np.uint8]
) -> list[bool]:
    """For each mark: is it a rule of the page whose writing lies in `boxes`?

    Only where writing was met is there a page to look round; `grey` is H x W.
    """
    found = [False] * len(marks)
    if not boxes:
        return found
    height = float(np.median([box.size[1] for box in boxes]))
    slim = [k for k, mark in enumerate(marks) if _may_be(mark, height)]
    if slim:
        rows = [*boxes, *boxes_round(grey, [marks[k] for k in slim], round(NEAR * height))]
        for k in slim:
            found[k] = sum(_beside(marks[k], box) for box in _distinct(rows)) >= ROWS
    return found


def _may_be(mark: Component, height: float) -> bool:
    return mark.shape.length >= LONG * height and mark.thickness <= THIN * height


def _distinct(boxes: Sequence[TextBox]) -> list[TextBox]:
    """One box a line of writing: two looks box it twice."""
    kept: list[TextBox] = []
    for box in sorted(boxes, key=lambda box: -box.size[0]):
        x, y = (np.array([value]) for value in box.centre)
        inside = (abs(other.local(x, y).ravel()) < np.array(other.size) / 2 for other in kept)
        if not any(each.all() for each in inside):
            kept.append(box)
    return kept


def _beside(mark: Component, box: TextBox) -> bool:
    """Does a line of writing run the mark's way, close by, without being struck through?"""
    if box.size[0] < ROW * box.size[1] or mark.thickness > THIN * box.size[1]:
        return False
    turn = abs(np.rad2deg(mark.shape.angle) - box.angle) % 180
    along, across = box.local(mark.columns, mark.rows)
    met = abs(along) < box.size[0] / 2
    if min(turn, 180 - turn) > TURN or not met.any():
        return False
    apart = float(np.median(abs(across[met]))) / box.size[1]
    return 0.4 < apart < NEAR
