"""Questions instead of deeds: what was left, where, why, under an id that stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from config.words.pairs import Said, said
from pipeline.engine.guards.components import Component, joined
from pipeline.engine.guards.faces import Face

FACE, FEATURE, TEXT, LINES, RIM, SPOTS = "face", "feature", "text", "lines", "rim", "spots"
TREE, PATTERN, AREA, PERHAPS = "tree", "pattern", "area", "perhaps"
QUESTIONS = {
    FACE: "question.face",
    FEATURE: "question.feature",
    TEXT: "question.text",
    LINES: "question.lines",
    RIM: "question.rim",
    SPOTS: "question.spots",
    TREE: "question.tree",
    PATTERN: "question.pattern",
    AREA: "question.area",
    PERHAPS: "question.perhaps",
}
PLACES = (
    ("place.upper-left", "place.upper-edge", "place.upper-right"),
    ("place.left-edge", "place.middle", "place.right-edge"),
    ("place.lower-left", "place.lower-edge", "place.lower-right"),
)
MOST = 40
NEAR = {
    TEXT: 0.03,
    LINES: 0.05,
    RIM: 0.02,
    SPOTS: 0.3,
    TREE: 0.02,
    PATTERN: 0.05,
    AREA: 0.01,
    PERHAPS: 0.01,
}  # of the long side: one question
GUESSED_LESS = 0.4  # doubts below the cut stand behind what was found
Asked = tuple[str, Component]


@dataclass(frozen=True)
class Proposal:
    """One question. `id` names reason and surest pixel: the same at every strength."""

    id: str
    reason: str
    number: int
    """Of its pixels in the plane of labels, from 1."""
    x: int
    y: int
    width: int
    height: int
    area: int
    anchor: tuple[int, int]
    certainty: float
    """Mean logits above the cut."""
    sentence: Said

    def said(self) -> dict[str, Any]:
        """As a report holds it: JSON values, certainty to two digits."""
        facts = asdict(self)
        return facts | {"anchor": list(self.anchor), "certainty": round(self.certainty, 2)}


def numbered(
    asked: Sequence[Asked], surest: NDArray[np.uint8], faces: Sequence[Face]
) -> tuple[list[Proposal], NDArray[np.uint8], int]:
    """(proposals, labels, how many are beyond `MOST`): near ones of one reason are one question.

    `surest` and the labels are H x W uint8: class bits, and each pixel's question from 1 on.
    """
    shape = surest.shape
    groups = [group for each in _by_reason(asked) for group in _grouped(*each, shape, faces)]
    groups.sort(key=lambda group: -_weight(*group))
    labels = np.zeros(shape, np.uint8)
    made = []
    for number, (reason, mark) in enumerate(groups[:MOST], 1):
        labels[mark.rows, mark.columns] = number
        made.append(_proposal(reason, mark, number, shape))
    return made, labels, max(0, len(groups) - MOST)


def _weight(reason: str, mark: Component) -> float:
    return mark.area * (GUESSED_LESS if reason == PERHAPS else 1.0)


def _by_reason(asked: Iterable[Asked]) -> list[tuple[str, list[Component]]]:
    found: dict[str, list[Component]] = {}
    for reason, mark in asked:
        found.setdefault(reason, []).append(mark)
    return list(found.items())


def _grouped(
    reason: str, marks: list[Component], shape: tuple[int, ...], faces: Sequence[Face]
) -> list[Asked]:
    """Marks whose boxes, grown by a reach, meet; in faces the reach is a tenth of the face."""
    widths = [face.width for face in faces] or [0.0]
    reach = NEAR.get(reason, 0.0) * max(shape) if reason in NEAR else 0.1 * float(np.mean(widths))
    boxes = np.array([mark.box for mark in marks], float)
    boxes += np.array([-reach, -reach, reach, reach]) / 2
    group = _meeting(boxes)
    return [
        (reason, joined([marks[k] for k in np.flatnonzero(group == each)]))
        for each in np.unique(group)
    ]


def _meeting(boxes: NDArray[np.float64]) -> NDArray[np.int64]:
    """The smallest index of each box's chain of boxes that meet."""
    group = np.arange(len(boxes))
    for k, (top, left, bottom, right) in enumerate(boxes):
        others = boxes[:k]
        meet = (others[:, 0] < bottom) & (others[:, 2] > top)
        meet &= (others[:, 1] < right) & (others[:, 3] > left)
        joining = np.unique(group[:k][meet])
        if len(joining):
            group[np.isin(group, joining)] = joining[0]
            group[k] = joining[0]
    return group


def _proposal(reason: str, mark: Component, number: int, shape: tuple[int, ...]) -> Proposal:
    top, left, bottom, right = mark.box
    x, y = mark.anchor
    place = where((left + right) / 2 / shape[1], (top + bottom) / 2 / shape[0])
    return Proposal(
        id=f"{reason}-{x}-{y}",
        reason=reason,
        number=number,
        x=left,
        y=top,
        width=right - left,
        height=bottom - top,
        area=mark.area,
        anchor=(x, y),
        certainty=mark.certainty,
        sentence=said(QUESTIONS[reason], place=place),
    )


def where(across: float, down: float) -> Said:
    """A place of the picture; both are 0..1."""
    return said(PLACES[_third(down)][_third(across)])


def _third(share: float) -> int:
    return 0 if share < 1 / 3 else 2 if share > 2 / 3 else 1


def packed(labels: NDArray[np.uint8], surest: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One plane to keep: four times the number, plus 0, 1, 2 for the surest class bit 1, 2, 4.

    All are H x W uint8.
    """
    code = (surest >> 1).clip(0, 2)
    return np.where(labels > 0, (labels << 2) | code, np.uint8(0)).astype(np.uint8)


def unpacked(plane: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """(labels, class bits) of a plane of `packed`.

    All are H x W uint8.
    """
    labels = np.asarray(plane >> 2, np.uint8)
    return labels, np.where(labels > 0, np.uint8(1) << (plane & 3).clip(0, 2), 0).astype(np.uint8)


def answered(
    bits: NDArray[np.uint8],
    plane: NDArray[np.uint8],
    proposals: Sequence[Mapping[str, Any]],
    answers: Mapping[str, bool],
) -> tuple[NDArray[np.uint8], list[dict[str, Any]]]:
    """(bits with what was answered yes, the proposals without an answer); `plane` as packed.

    An id counts, and so does the id of another strength whose pixel lies in the same question
    for the same reason.
    """
    labels, classes = unpacked(plane)
    said = {each["number"]: answer_to(each, labels, answers) for each in proposals}
    chosen = np.isin(labels, [number for number, answer in said.items() if answer])
    left = [dict(each) for each in proposals if said[each["number"]] is None]
    return np.where(chosen, classes, bits).astype(np.uint8), left


def answer_to(
    proposal: Mapping[str, Any], labels: NDArray[np.uint8], answers: Mapping[str, bool]
) -> bool | None:
    """Yes, no, or None where nobody has answered.

    `labels` is H x W uint8, the number of each pixel's question: an answer given at a place counts
    there.
    """
    if proposal["id"] in answers:
        return answers[proposal["id"]]
    for name, answer in answers.items():
        reason, x, y = parsed(name)
        inside = 0 <= y < labels.shape[0] and 0 <= x < labels.shape[1]
        if inside and reason == proposal["reason"] and labels[y, x] == proposal["number"]:
            return answer
    return None


def parsed(name: str) -> tuple[str, int, int]:
    """Reason and pixel of an id. Raises ValueError with a sentence for anything else."""
    reason, _, place = name.partition("-")
    x, _, y = place.partition("-")
    if reason not in QUESTIONS or not (x.isdecimal() and y.isdecimal()) or len(name) > 40:
        raise ValueError(f"“{name[:60]}” is not the id of a question.")
    return reason, int(x), int(y)


OUTLINES = {FACE: (229, 72, 77), FEATURE: (229, 72, 77), TEXT: (59, 130, 246)}
OTHER_OUTLINE = (217, 154, 0)


def drawn(
    picture: NDArray[np.uint8], labels: NDArray[np.uint8], proposals: Sequence[Mapping[str, Any]]
) -> NDArray[np.uint8]:
    """H x W x 3: the 8-bit picture with each question's outline and number."""
    canvas = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB) if picture.ndim == 2 else picture.copy()
    width = max(1, round(max(labels.shape) / 1000))
    for each in proposals:
        colour = OUTLINES.get(each["reason"], OTHER_OUTLINE)
        mine = (labels == each["number"]).astype(np.uint8)
        grown = cv2.dilate(mine, np.ones((2 * width + 3, 2 * width + 3), np.uint8))
        outlines, _ = cv2.findContours(grown, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        cv2.drawContours(canvas, outlines, -1, colour, width)
        at = (each["x"], max(12 * width, each["y"] - 3 * width))
        cv2.putText(canvas, str(each["number"]), at, 0, 0.4 * width, colour, width, cv2.LINE_AA)
    return canvas
