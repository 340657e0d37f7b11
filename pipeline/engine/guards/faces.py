"""Faces and their five landmarks by YuNet, on the scan and on a first filled result.

Wu, Peng, Yu (2023), "YuNet: a tiny millisecond-level face detector", Machine Intelligence
Research 20. The network is run directly: its landmarks and low scores are needed, for a torn face
scores low.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.sessions import FACE_MODEL, opened

SIDE = 640  # px: the long side that the network looks at
SHRUNK = 1.5  # times: up to here the network sees the smallest faces at once
STRIDES = (8, 16, 32)
LEAST_SCORE = 0.5
OVERLAP = 0.3  # intersection over union above which two boxes are one face
SMALLEST_FACE = 12  # px of the picture: smaller boxes are noise
Plane = NDArray[Any]


@dataclass(frozen=True)
class Face:
    """A box, its score 0..1, and (x, y) of right eye, left eye, nose, right and left mouth
    corner, in px of the picture; parts may lie outside it."""

    x: float
    y: float
    width: float
    height: float
    score: float
    landmarks: tuple[tuple[float, float], ...]

    def moved(self, scale: float, dx: float, dy: float) -> "Face":
        """Times `scale`, then moved."""
        marks = tuple((scale * x + dx, scale * y + dy) for x, y in self.landmarks)
        box = (scale * self.x + dx, scale * self.y + dy, scale * self.width, scale * self.height)
        return Face(*box, self.score, marks)

    def said(self) -> dict[str, Any]:
        """Whole px, for reports."""
        box = {"x": self.x, "y": self.y, "width": self.width, "height": self.height}
        said: dict[str, Any] = {name: round(value) for name, value in box.items()}
        marks = [[round(x), round(y)] for x, y in self.landmarks]
        return said | {"score": round(self.score, 3), "landmarks": marks}


def find_faces(
    picture: NDArray[np.uint8], *, where: NDArray[np.bool_] | None = None, closer: bool = True
) -> list[Face]:
    """Faces of an H x W or H x W x 3 (RGB) 8-bit picture, the surest first.

    One look at the whole picture in 640 px. Where that shrinks it by more than `SHRUNK`, with
    `closer`, one at each of four overlapping quarters, at about twice the size: at those with a
    True in `where`, H x W, if it is given.
    """
    found = list(_look(picture))
    if closer and max(picture.shape[:2]) > SHRUNK * SIDE:
        for top, left, part in _quarters(picture):
            height, width = part.shape[:2]
            if where is None or where[top : top + height, left : left + width].any():
                found += [face.moved(1, left, top) for face in _look(part)]
    large = [face for face in found if min(face.width, face.height) >= SMALLEST_FACE]
    return distinct(large)


def distinct(faces: Iterable[Face]) -> list[Face]:
    """Without doubles, the surest first."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda face: -face.score):
        if all(_overlap(face, other) < OVERLAP for other in kept):
            kept.append(face)
    return kept


def _quarters(picture: NDArray[np.uint8]) -> Iterator[tuple[int, int, NDArray[np.uint8]]]:
    height, width = picture.shape[:2]
    tall, wide = (max(1, round(0.6 * side)) for side in (height, width))
    for top in (0, height - tall):
        for left in (0, width - wide):
            yield top, left, picture[top : top + tall, left : left + wide]


def _look(picture: NDArray[np.uint8]) -> Iterator[Face]:
    """Shrunk into 640 x 640, padded to whole strides; small pictures are enlarged at most twice."""
    height, width = picture.shape[:2]
    scale = min(SIDE / max(height, width), 2.0)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(picture, size, interpolation=method)
    code = cv2.COLOR_GRAY2BGR if small.ndim == 2 else cv2.COLOR_RGB2BGR
    canvas = np.zeros(
        (*(-(-side // STRIDES[-1]) * STRIDES[-1] for side in size[::-1]), 3), np.float32
    )
    canvas[: size[1], : size[0]] = cv2.cvtColor(small, code)
    answers = opened(FACE_MODEL)(np.ascontiguousarray(canvas.transpose(2, 0, 1)[None]))
    for stride in STRIDES:
        for face in _decoded(answers, stride, canvas.shape[1] // stride):
            yield face.moved(1 / scale, 0, 0)


def _decoded(answers: dict[str, Plane], stride: int, columns: int) -> Iterator[Face]:
    """Boxes of one scale: offsets from the cells of a grid, sizes as logarithms."""
    told = {name: answers[f"{name}_{stride}"][0] for name in ("cls", "obj", "bbox", "kps")}
    score = np.sqrt(np.clip(told["cls"][:, 0], 0, 1) * np.clip(told["obj"][:, 0], 0, 1))
    for cell in np.flatnonzero(score >= LEAST_SCORE):
        at = np.array([cell % columns, cell // columns], float)
        middle = (told["bbox"][cell, :2] + at) * stride
        wide, tall = (float(side) for side in np.exp(told["bbox"][cell, 2:]) * stride)
        marks = (told["kps"][cell].reshape(5, 2) + at) * stride
        left, top = float(middle[0]) - wide / 2, float(middle[1]) - tall / 2
        points = tuple((float(x), float(y)) for x, y in marks)
        yield Face(left, top, wide, tall, float(score[cell]), points)


def _overlap(one: Face, other: Face) -> float:
    """Intersection over union, or over the smaller box where that lies inside the other."""
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    tall = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    shared = max(0.0, wide) * max(0.0, tall)
    areas = one.width * one.height, other.width * other.height
    return max(shared / (sum(areas) - shared), 0.4 * shared / min(areas))


def face_zones(
    faces: Iterable[Face], height: int, width: int
) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
    """(H x W number of the face, 0 = none; H x W True at eyes, nose, mouth and outline)."""
    inside = np.zeros((height, width), np.int16)
    features = np.zeros((height, width), np.uint8)
    for number, face in enumerate(faces, 1):
        inside[box_of(face, inside.shape)] = number
        _draw_features(features, face)
    return inside, features.astype(bool)


WIDENED = 0.06  # of its sides, what a box is grown by: boxes cut chins and ears


def box_of(face: Face, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Rows and columns of a face's widened box in an H x W picture; they may be none."""
    dx, dy = WIDENED * face.width + 2, WIDENED * face.height + 2
    top, bottom = round(face.y - dy), round(face.y + face.height + dy)
    left, right = round(face.x - dx), round(face.x + face.width + dx)
    rows, columns = np.clip((top, bottom), 0, shape[0]), np.clip((left, right), 0, shape[1])
    return slice(int(rows[0]), int(rows[1])), slice(int(columns[0]), int(columns[1]))


def inner_features(face: Face, place: tuple[slice, slice]) -> NDArray[np.bool_]:
    """Eyes, nose and mouth without the outline, in a part of the picture: h x w of that part."""
    top, left = (int(part.start) for part in place)
    inside = np.zeros([int(part.stop) - int(part.start) for part in place], np.uint8)
    _draw_inner(inside, face.moved(1, -left, -top))
    return inside.astype(bool)


def _draw_features(plane: NDArray[np.uint8], face: Face) -> None:
    """Eyes, nose and mouth, and the rim of an ellipse."""
    _draw_inner(plane, face)
    centre = (round(face.x + face.width / 2), round(face.y + face.height / 2))
    axes = (max(1, round(0.5 * face.width)), max(1, round(0.5 * face.height)))
    cv2.ellipse(plane, centre, axes, 0, 0, 360, 1, max(2, round(0.05 * face.width)))


def _draw_inner(plane: NDArray[np.uint8], face: Face) -> None:
    """Discs at the landmarks, the lines that join nose and mouth."""
    points = [(round(x), round(y)) for x, y in face.landmarks]
    unit = face.width
    right_eye, left_eye, nose, right_mouth, left_mouth = points
    for eye in (right_eye, left_eye):
        axes = (max(2, round(0.16 * unit)), max(2, round(0.12 * unit)))
        cv2.ellipse(plane, eye, axes, 0, 0, 360, 1, -1)
    cv2.circle(plane, nose, max(2, round(0.12 * unit)), 1, -1)
    bridge = (round((right_eye[0] + left_eye[0]) / 2), round((right_eye[1] + left_eye[1]) / 2))
    cv2.line(plane, bridge, nose, 1, max(1, round(0.1 * unit)))
    cv2.line(plane, right_mouth, left_mouth, 1, max(3, round(0.2 * unit)))
