"""Writing: where marks stand in it they are strokes of ink or print, not damage.

The detector is PP-OCR's (Liao et al. 2020, "Real-time scene text detection with differentiable
binarization"), run alone: what a word says is nobody's business here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.components import Component
from pipeline.engine.guards.sessions import TEXT_MODEL, opened

LEAST_SCORE = 0.7  # below it chairs, hands and eyes are boxed as well
SURELY, ROW = 0.85, 2.0  # sure of a box, times its height long: a lone dot is a full stop there
INK = 0.3  # a pixel of the detector's map that belongs to a region
UNCLIPPED = 1.6  # regions are learned shrunken; grown by this times area over circumference
MOST_PIXELS = 480_000  # of all windows together: about 0.2 s on one core
MOST_SHARE, LEAST_PIXELS = 0.12, 130_000  # of the picture, if it is small: a smaller copy then
TALLEST_BOX = 0.16  # of the picture's long side: now and then a whole picture is boxed
MULTIPLE = 32
LARGEST_STROKE = 0.16  # of the picture's long side: what is larger is no letter
THICKEST, TALLEST = 0.4, 1.6  # of a box's height
STRAIGHT = 0.3  # height of a straight line's marks, of the box's height
Box = tuple[int, int, int, int]  # top, left, bottom, right


@dataclass(frozen=True)
class TextBox:
    """A turned rectangle, px of the picture: centre, (length, height), degrees; score 0..1."""

    centre: tuple[float, float]
    size: tuple[float, float]
    angle: float
    score: float

    def local(self, x: NDArray[np.int32], y: NDArray[np.int32]) -> NDArray[np.float64]:
        """2 x N: along and across from the centre, px."""
        turn = np.deg2rad(self.angle)
        dx, dy = x - self.centre[0], y - self.centre[1]
        return np.stack(
            [np.cos(turn) * dx + np.sin(turn) * dy, -np.sin(turn) * dx + np.cos(turn) * dy]
        )

    def may_hold(self, mark: Component) -> bool:
        """Could a pixel of a mark lie in it? Few marks are near a box: the rest need no look."""
        apart = np.hypot(mark.shape.x - self.centre[0], mark.shape.y - self.centre[1])
        return bool(apart <= np.hypot(*self.size) + 4 + mark.shape.length)


def find_text(grey: NDArray[np.uint8], marks: Sequence[Component]) -> list[TextBox]:
    """Boxes round writing near marks that might be strokes; `grey` is H x W."""
    return _boxes(grey, windows(grey.shape, marks))


def boxes_round(grey: NDArray[np.uint8], marks: Sequence[Component], reach: int) -> list[TextBox]:
    """Boxes round writing within `reach` px of the marks' own boxes; `grey` is H x W."""
    return _boxes(grey, _joined([_grown(mark.box, reach, grey.shape) for mark in marks]))


def _boxes(grey: NDArray[np.uint8], places: Sequence[Box]) -> list[TextBox]:
    together = sum((bottom - top) * (right - left) for top, left, bottom, right in places)
    most = min(MOST_PIXELS, max(LEAST_PIXELS, MOST_SHARE * grey.size))
    scale = min(1.0, (most / max(1, together)) ** 0.5)
    boxes: list[TextBox] = []
    for top, left, bottom, right in places:
        boxes += _look(grey[top:bottom, left:right], top, left, scale)
    tallest = TALLEST_BOX * max(grey.shape)
    return [box for box in boxes if box.score >= LEAST_SCORE and box.size[1] <= tallest]


def windows(shape: tuple[int, ...], marks: Iterable[Component]) -> list[Box]:
    """Where to look: round the marks, joined where they meet, inside the picture."""
    long_side = max(shape[:2])
    boxes: list[Box] = []
    for mark in marks:
        if mark.shape.length > LARGEST_STROKE * long_side or mark.area < 3:
            continue
        reach = max(48, round(3 * mark.shape.length))
        boxes.append(_grown(mark.box, reach, shape))
    return _joined(boxes)


def _grown(box: Box, reach: int, shape: tuple[int, ...]) -> Box:
    """With `reach` px more on each side, inside the picture."""
    top, left, bottom, right = box
    return (
        max(0, top - reach),
        max(0, left - reach),
        min(shape[0], bottom + reach),
        min(shape[1], right + reach),
    )


def _joined(boxes: list[Box]) -> list[Box]:
    """Boxes that meet, as one, until none meet."""
    done: list[Box] = []
    for box in boxes:
        meeting = [other for other in done if _meet(box, other)]
        while meeting:
            done = [other for other in done if other not in meeting]
            box = _around([box, *meeting])
            meeting = [other for other in done if _meet(box, other)]
        done.append(box)
    return done


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _around(boxes: Sequence[Box]) -> Box:
    tops, lefts, bottoms, rights = zip(*boxes, strict=True)
    return min(tops), min(lefts), max(bottoms), max(rights)


def _look(part: NDArray[np.uint8], top: int, left: int, scale: float) -> Iterator[TextBox]:
    """Boxes of a window, in px of the picture."""
    height, width = part.shape[:2]
    size = [max(MULTIPLE, round(side * scale / MULTIPLE) * MULTIPLE) for side in (width, height)]
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(part, (size[0], size[1]), interpolation=method).astype(np.float32)
    batch = np.repeat((small / 127.5 - 1)[None, None], 3, axis=1)
    found = next(iter(opened(TEXT_MODEL)(batch).values()))[0, 0]
    fx, fy = width / size[0], height / size[1]
    for centre, lengths, angle, score in _regions(found):
        middle = (centre[0] * fx + left, centre[1] * fy + top)
        yield TextBox(middle, (lengths[0] * fx, lengths[1] * fy), angle, score)


def _regions(
    found: NDArray[np.float32],
) -> Iterator[tuple[tuple[float, float], tuple[float, float], float, float]]:
    """Centre, (length, height), degrees and score of each region of the detector's map."""
    ink = (found > INK).astype(np.uint8)
    outlines, _ = cv2.findContours(ink, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for outline in outlines:
        centre, (wide, tall), angle = cv2.minAreaRect(outline)
        if min(wide, tall) < 3:
            continue
        score = _mean_inside(found, outline)
        reach = UNCLIPPED * wide * tall / (wide + tall)  # twice area over circumference
        if tall > wide:
            wide, tall, angle = tall, wide, angle - 90
        yield (centre[0], centre[1]), (wide + reach, tall + reach), angle, score


def _mean_inside(found: NDArray[np.float32], outline: NDArray[np.int32]) -> float:
    x, y, wide, tall = cv2.boundingRect(outline)
    inside = np.zeros((tall, wide), np.uint8)
    cv2.fillPoly(inside, [outline - np.array([x, y])], 1)
    return float(cv2.mean(found[y : y + tall, x : x + wide], inside)[0])


def strokes(box: TextBox, marks: Sequence[Component]) -> list[Component]:
    """Those of the marks that are strokes of the writing in a box; [] where they are not alike.

    A line that goes on outside, or straight through most of the box, is damage still.
    """
    inside = [mark for mark in marks if _is_stroke(box, mark)]
    heights = [float(np.ptp(_across(box, mark))) + 1 for mark in inside]
    covered = sum(mark.area for mark in inside) / (box.size[0] * box.size[1])
    if not inside or covered > 0.6 or (_row(box) < ROW and all(mark.is_spot for mark in inside)):
        return []
    alike = max(heights) <= 1.1 * box.size[1] or box.score >= 0.8
    return inside if alike else []


def _row(box: TextBox) -> float:
    """Times its height long, if the detector is sure of it."""
    return box.size[0] / box.size[1] if box.score >= SURELY else 0.0


def _across(box: TextBox, mark: Component) -> NDArray[np.float64]:
    return np.asarray(box.local(mark.columns, mark.rows)[1])


def _is_stroke(box: TextBox, mark: Component) -> bool:
    if not box.may_hold(mark):
        return False
    along, across = box.local(mark.columns, mark.rows)
    inside = (abs(along) <= box.size[0] / 2 + 2) & (abs(across) <= 0.6 * box.size[1] + 2)
    if inside.mean() < 0.8 or np.ptp(across) > TALLEST * box.size[1]:
        return False
    if mark.thickness > THICKEST * box.size[1] + 1 and np.ptp(across) > 0.8 * box.size[1]:
        return False
    flat = np.ptp(across) < STRAIGHT * box.size[1]
    return not (flat and np.ptp(along) > max(2 * box.size[1], 0.6 * box.size[0]))
