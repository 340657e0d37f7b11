"""Faces by YuNet, where somebody put its file: boxes for reports and figures. No Django.

Wu, Peng, Yu (2023), "YuNet: a tiny millisecond-level face detector"; the ONNX file is the
operator's own (Apache-2.0, libfacedetection.train), read through OpenCV's FaceDetectorYN.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 1024  # px of the long side that is looked at: faces from about 10 px of it are found
SURE = 0.7


@dataclass(frozen=True)
class Face:
    """A box in the picture's pixels, and how sure the network is, 0..1."""

    x: int
    y: int
    width: int
    height: int
    score: float


class FaceFinder:
    """Faces in 8-bit pictures. Raises ValueError with a sentence when the file is no YuNet."""

    def __init__(self, weights: Path) -> None:
        if not weights.is_file():
            raise ValueError(f"There is no face detector {weights}.")
        try:
            self.network = cv2.FaceDetectorYN.create(str(weights), "", (320, 320), SURE)
        except cv2.error as error:
            raise ValueError(f"{weights} is no YuNet network that OpenCV reads.") from error

    def __call__(self, picture: NDArray[np.uint8]) -> list[Face]:
        """H x W or H x W x 3 (RGB) to boxes, the surest first, cut off at the borders."""
        height, width = picture.shape[:2]
        scale = min(1.0, SIDE / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA) if scale < 1 else picture
        code = cv2.COLOR_GRAY2BGR if small.ndim == 2 else cv2.COLOR_RGB2BGR
        self.network.setInputSize(size)
        _, found = self.network.detect(cv2.cvtColor(small, code))
        faces = [_face(row, scale, width, height) for row in (found if found is not None else [])]
        return sorted((f for f in faces if f.width and f.height), key=lambda f: -f.score)


def _face(row: NDArray[np.float32], scale: float, width: int, height: int) -> Face:
    left, top, wide, high = (float(value) / scale for value in row[:4])
    x0, x1 = (min(max(round(x), 0), width) for x in (left, left + wide))
    y0, y1 = (min(max(round(y), 0), height) for y in (top, top + high))
    return Face(x0, y0, x1 - x0, y1 - y0, round(float(row[14]), 3))


def face_mask(faces: list[Face], height: int, width: int) -> NDArray[np.bool_]:
    """H x W, True inside any of the boxes."""
    mask = np.zeros((height, width), bool)
    for face in faces:
        mask[face.y : face.y + face.height, face.x : face.x + face.width] = True
    return mask
