"""Lines that repeat, fans and thin closed rims: made by people and cats, not by damage.

Segments come from LSD (Grompone von Gioi et al. 2010) on the grey picture, so the company of a
mark counts whether it was marked or not.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.components import Component
from pipeline.engine.guards.objects.branches import is_tree
from pipeline.engine.guards.objects.company import axes, in_mesh
from pipeline.engine.guards.objects.rhythm import has_rhythm, rows_of_dashes
from pipeline.engine.guards.rims import is_rim

SHORTEST = 12.0  # px
MOST_SPOTS = 300
MOST_TOUCHED = 250
MANY = 8  # fragments that may be a net's
WIDEST_STEP = 8.0  # of a spot's size: dust further apart lies in a row by chance
MOST_SEGMENTS = 900
MOST_PIXELS = 400_000  # of the copy that lines are looked for in: about 0.03 s
PARALLEL = np.deg2rad(5)
EDGES = 5.0  # px: the two edges of a line are one line
COMPANY = 4  # lines that make a set, with the one that is looked at
REGULAR = 0.2  # of a spacing, how far a line may lie from where its set wants it
NEAR = 4.0  # px from a segment, what belongs to it
MOSTLY = 0.5  # of a mark's pixels near a set's lines
SURE = 3.0  # logits above the cut: less is never far likelier
LONGER = 1.5  # than the longest line of a fan: a crease that crosses a fan's lines is none of them
FAR_LIKELIER = 4.0  # logits above the set's other lines: a scratch that runs with a fence
Segments = NDArray[np.float64]  # N x 4: x1, y1, x2, y2


def segments(grey: NDArray[np.uint8]) -> Segments:
    """The longest straight edges of an H x W picture, px."""
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE).detect(grey)[0]
    lines = np.zeros((0, 4)) if found is None else found.reshape(-1, 4).astype(float)
    lengths = np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1])
    order = np.argsort(-lengths)[:MOST_SEGMENTS]
    return np.asarray(lines[order[lengths[order] >= SHORTEST]])


def repeated(lines: Segments, asked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """N, True for asked segments in a regular set of at least `COMPANY` parallels."""
    angle, length = _angles(lines), _lengths(lines)
    answer = asked.copy()
    for k in np.flatnonzero(asked):
        answer[k] = _in_set(int(k), lines, angle, length)
    return answer


def _touched(
    lines: Segments, marks: Sequence[Component], shape: tuple[int, ...]
) -> NDArray[np.bool_]:
    """N, True for the `MOST_TOUCHED` segments that run most along marks.

    A fragment of a long line is enough: finders break lines up.
    """
    if not len(lines):
        return np.zeros(0, bool)
    plane = np.zeros(shape[:2], np.uint8)
    for mark in marks:
        plane[mark.rows, mark.columns] = 1
    plane = cv2.dilate(plane, np.ones((7, 7), np.uint8))
    share = np.linspace(0, 1, 20)[:, None]
    x = np.rint(lines[:, 0] + share * (lines[:, 2] - lines[:, 0])).astype(int)
    y = np.rint(lines[:, 1] + share * (lines[:, 3] - lines[:, 1])).astype(int)
    inside = plane[y.clip(0, shape[0] - 1), x.clip(0, shape[1] - 1)]
    share = inside.mean(axis=0)
    chosen = np.zeros(len(lines), bool)
    chosen[np.argsort(-share, kind="stable")[:MOST_TOUCHED]] = True
    return np.asarray(chosen & (share > 0.1))


def _angles(lines: Segments) -> NDArray[np.float64]:
    return np.asarray(np.arctan2(lines[:, 3] - lines[:, 1], lines[:, 2] - lines[:, 0]) % np.pi)


def _lengths(lines: Segments) -> NDArray[np.float64]:
    return np.asarray(np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1]))


def _in_set(
    k: int, lines: Segments, angle: NDArray[np.float64], length: NDArray[np.float64]
) -> bool:
    """Do parallels of about its length lie beside it at even distances?"""
    turn = abs(angle - angle[k])
    like = (np.minimum(turn, np.pi - turn) < PARALLEL) & (length > 0.4 * length[k])
    along, across = _seen_from(lines[k], lines[like])
    low, high = along.min(axis=1), along.max(axis=1)
    shared = np.minimum(high, length[k] / 2) - np.maximum(low, -length[k] / 2)
    beside = shared > 0.4 * np.minimum(length[k], high - low)
    return _evenly(_merged(across[beside].mean(axis=1)))


def _seen_from(
    line: NDArray[np.float64], others: Segments
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """M x 2 each: the ends of other segments along and across this one, from its middle."""
    middle = (line[:2] + line[2:]) / 2
    unit = (line[2:] - line[:2]) / max(float(np.hypot(*(line[2:] - line[:2]))), 1e-6)
    ends = others.reshape(-1, 2, 2) - middle
    return ends @ unit, ends @ np.array([-unit[1], unit[0]])


def _merged(offsets: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sorted, edges of one line joined to their mean."""
    ordered = np.sort(offsets)
    groups = np.split(ordered, np.flatnonzero(np.diff(ordered) > EDGES) + 1)
    return np.array([group.mean() for group in groups])


def _evenly(places: NDArray[np.float64]) -> bool:
    """Is the line nearest to 0 one of a run of COMPANY even steps (one may be missing)?"""
    if len(places) < COMPANY:
        return False
    own = float(places[np.argmin(abs(places))])
    steps = np.unique(np.round(abs(places - own)[abs(places - own) > EDGES], 1))
    return any(_run(places - own, float(step)) >= COMPANY for step in steps[:6])


def _run(offsets: NDArray[np.float64], step: float) -> int:
    """How many lines in a row lie at multiples of a step, the one at 0 among them."""
    slack = max(1.5, REGULAR * step)

    def there(place: float) -> bool:
        return bool((abs(offsets - place) < slack).any())

    count = 1
    for way in (1, -1):
        k = 1
        while there(way * k * step):
            k += 1
        count += k - 1
    return count


def fans(lines: Segments, asked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """N, True for asked segments of about one length that spread from one place: whiskers."""
    if len(lines) < COMPANY:
        return np.zeros(len(lines), bool)
    middle = (lines[:, :2] + lines[:, 2:]) / 2
    direction = (lines[:, 2:] - lines[:, :2]) / _lengths(lines)[:, None]
    length, angle = _lengths(lines), _angles(lines)
    answer = asked.copy()
    for k in np.flatnonzero(asked):
        answer[k] = _fanned(int(k), middle, direction, length, angle)
    return answer


def _fanned(
    k: int,
    middle: NDArray[np.float64],
    direction: NDArray[np.float64],
    length: NDArray[np.float64],
    angle: NDArray[np.float64],
) -> bool:
    turn = abs(angle - angle[k])
    turn = np.minimum(turn, np.pi - turn)
    like = (turn > PARALLEL) & (turn < np.pi / 3) & (length > 0.5 * length[k])
    like &= (length < 2 * length[k]) & (np.hypot(*(middle - middle[k]).T) < 2 * length[k])
    if like.sum() < COMPANY - 1:
        return False
    apart = middle[like] - middle[k]
    cross = direction[k, 0] * direction[like, 1] - direction[k, 1] * direction[like, 0]
    meet = (apart[:, 0] * direction[like, 1] - apart[:, 1] * direction[like, 0]) / cross
    turn = turn[like]
    far = (abs(meet) > 0.45 * length[k]) & (abs(meet) < 2.5 * length[k])
    meet, turn = meet[far], turn[far]
    if len(meet) < COMPANY - 1:
        return False
    near = abs(meet[:, None] - meet[None]) < 0.2 * length[k]
    directions = np.round(turn / (2 * PARALLEL))
    return bool(near.sum(axis=1).max() >= COMPANY - 1 and len(np.unique(directions)) >= 3)


def near_lines(lines: Segments, shape: tuple[int, ...], reach: float = NEAR) -> NDArray[np.bool_]:
    """H x W, True within `reach` px of a segment."""
    plane = np.zeros(shape[:2], np.uint8)
    for x1, y1, x2, y2 in np.rint(lines).astype(int):
        cv2.line(plane, (int(x1), int(y1)), (int(x2), int(y2)), 1, round(2 * reach) + 1)
    return plane.astype(bool)


def of_structures(
    marks: Sequence[Component], grey: NDArray[np.uint8], margin: NDArray[np.int8]
) -> list[str]:
    """For each mark "lines", "rim", "spots", "tree" or "": what it seems to belong to.

    `grey` and `margin` are H x W. Lines are looked for in a copy of at most `MOST_PIXELS`.
    """
    spots, dashes = rows_of_spots(marks), rows_of_dashes(marks, grey)
    kinds = _of_lines(marks, grey, margin)
    kinds = ["lines" if k in dashes else kind for k, kind in enumerate(kinds)]
    return ["spots" if k in spots else kind for k, kind in enumerate(kinds)]


def _of_lines(
    marks: Sequence[Component], grey: NDArray[np.uint8], margin: NDArray[np.int8]
) -> list[str]:
    if not any(mark.shape.length >= SHORTEST for mark in marks) and len(marks) < MANY:
        return [_lone(mark, grey) for mark in marks]
    scale = min(1.0, (MOST_PIXELS / grey.size) ** 0.5)
    size = [max(1, round(side * scale)) for side in grey.shape[::-1]]
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    lines = segments(small) / scale
    asked = _touched(lines, marks, grey.shape)
    own = axes(marks)
    both, also = np.concatenate([lines, own]), np.concatenate([asked, np.ones(len(own), bool)])
    sets, spread = both[repeated(both, also)], lines[fans(lines, asked)]
    found = [_Lines(each, grey.shape, margin, NEAR / scale) for each in (sets, spread)]
    meshed = in_mesh(marks, found[0].near)
    kinds = [_kind(mark, grey, *found) for mark in marks]
    return [kind or "lines" * mesh for kind, mesh in zip(kinds, meshed, strict=True)]


class _Lines:
    """Where the lines of sets are, and how sure the finder is of them in general."""

    def __init__(
        self, lines: Segments, shape: tuple[int, ...], margin: NDArray[np.int8], reach: float
    ) -> None:
        self.near = near_lines(lines, shape, reach)
        self.usual = _usual(lines, margin)
        self.lines = lines
        self.longest = float(_lengths(lines).max(initial=0.0))

    def hold(self, mark: Component) -> bool:
        if not self.near[mark.rows, mark.columns].any() or not self._along(mark):
            return False
        inside = float(self.near[mark.rows, mark.columns].mean())
        return inside > MOSTLY and mark.certainty < max(self.usual + FAR_LIKELIER, SURE)

    def _along(self, mark: Component) -> bool:
        """Does a slim mark run the way of a line near it? Of others every way counts."""
        shape = mark.shape
        if shape.width > 0.35 * shape.length:
            return True
        turn = abs(_angles(self.lines) - shape.angle)
        x, y = (self.lines[:, :2] + self.lines[:, 2:]).T / 2
        reach = np.maximum(_lengths(self.lines), shape.length)
        close = np.hypot(x - shape.x, y - shape.y) < reach
        return bool((close & (np.minimum(turn, np.pi - turn) < np.deg2rad(15))).any())


def _usual(lines: Segments, margin: NDArray[np.int8]) -> float:
    """Logits: over lines, the upper fifth of the mean of the surest pixels near 20 places."""
    if not len(lines):
        return 0.0
    share = np.linspace(0, 1, 20)[:, None, None]
    ends = lines.reshape(-1, 2, 2)
    places = ends[:, 0] + share * (ends[:, 1] - ends[:, 0])
    steps = np.array([(dx, dy) for dx in (-3, 0, 3) for dy in (-3, 0, 3)])
    x, y = np.rint(places[..., None, :] + steps).astype(int).transpose(3, 0, 1, 2)
    height, width = margin.shape
    best = margin[y.clip(0, height - 1), x.clip(0, width - 1)].max(axis=2)
    return float(np.percentile(best.mean(axis=0), 80)) / 10


def rows_of_spots(marks: Sequence[Component]) -> set[int]:
    """Indices of round marks of one size that stand in a row at even distances: buttons.

    At least `COMPANY`; dust lies as it falls.
    """
    round_ones = [k for k, mark in enumerate(marks) if mark.is_spot][:MOST_SPOTS]
    found: set[int] = set()
    places = np.array([(marks[k].shape.x, marks[k].shape.y) for k in round_ones])
    sizes = np.array([marks[k].area ** 0.5 for k in round_ones])
    for i in range(len(round_ones)):
        steps = places - places[i]
        alike = (abs(sizes / sizes[i] - 1) < 0.25) & (np.hypot(*steps.T) > 1.5 * sizes[i])
        alike &= np.hypot(*steps.T) < WIDEST_STEP * sizes[i]
        for step in steps[alike]:
            at = places[i] + np.arange(COMPANY)[:, None] * step
            off = np.hypot(*(places[None] - at[:, None]).transpose(2, 0, 1))
            off[:, abs(sizes / sizes[i] - 1) >= 0.25] = np.inf
            if (off.min(axis=1) < min(0.12 * float(np.hypot(*step)), 0.5 * sizes[i])).all():
                found |= {round_ones[int(j)] for j in off.argmin(axis=1)}
    return found


def _kind(mark: Component, grey: NDArray[np.uint8], sets: _Lines, spread: _Lines) -> str:
    slim = mark.shape.width < 0.35 * mark.shape.length  # a net of cracks spreads as well
    alike = slim and mark.shape.length < LONGER * spread.longest
    if sets.hold(mark) or (alike and spread.hold(mark)):
        return "lines"
    return _lone(mark, grey)


def _lone(mark: Component, grey: NDArray[np.uint8]) -> str:
    """What a mark is by its own form."""
    if has_rhythm(mark, grey):
        return "lines"
    if is_tree(mark, grey):
        return "tree"
    return "rim" if is_rim(mark, grey) else ""
