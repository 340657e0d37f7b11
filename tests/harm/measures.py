"""What the default does to what must stay: shares filled before and after the guards."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np
from PIL import Image
from skimage import data

from pipeline.engine.guarding import grey_bytes, inside
from pipeline.engine.guards.certainty import Marks, given_way, margins
from pipeline.engine.guards.deciding import Guarded, guard
from pipeline.engine.guards.faces import Face, face_zones
from pipeline.engine.segmentation import find_defects, grown, thresholds
from training.imaging.adaptive_cut import CutRule

WEIGHTS = Path("training/weights/segmentation.safetensors")
FEATURE_DISC = 0.1  # of a face's width, round each landmark
LOST, TOUCHED = 0.4, 0.01


@dataclass
class Looked:
    """A picture as the finder and the guards saw it, and their seconds."""

    marks: Marks
    found: Guarded
    finder: float
    guards: float

    @property
    def before(self):
        return grown(self.marks.bits)

    @property
    def after(self):
        return grown(self.found.bits)


def look(image, network) -> Looked:
    start = perf_counter()
    marks = finder_marks(image, network)
    middle = perf_counter()
    decided = guard(grey_bytes(image), marks)
    return Looked(marks, decided, middle - start, perf_counter() - middle)


def finder_marks(image, network) -> Marks:
    """What the guards are given of a picture."""
    cuts = thresholds(network.card)
    found = np.concatenate(list(find_defects(image, network)))
    bits = np.zeros(found.shape[:2], np.uint8)
    for k, cut in enumerate(cuts):
        bits |= np.where(found[..., k] > cut, np.uint8(1 << k), np.uint8(0))
    read = inside(grey_bytes(image), Marks(bits, *margins(found, cuts)))
    return given_way(read, CutRule.of(network.card))[0]


def pictures_in(folder: Path) -> Iterator[tuple[str, np.ndarray]]:
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in (".jpg", ".jpeg", ".png") and "_mask" not in path.stem:
            mode = "L" if Image.open(path).mode in ("1", "L") else "RGB"
            yield path.name, np.asarray(Image.open(path).convert(mode))


def packaged() -> Iterator[tuple[str, np.ndarray]]:
    """Of scikit-image, in grey: a coat, a flag, lamps and masts, whiskers, a page's rule.

    Astronaut, cat, coffee and rocket are among the training photographs of the shipped finder:
    what it marks there it has been shown to be sound. The others it has never seen.
    """
    flag = data.astronaut()[:, 40:450]
    photos = {"camera": data.camera(), "rocket": data.rocket(), "astronaut": data.astronaut()}
    photos |= {"its left part": flag, "cat": data.cat(), "coffee": data.coffee()}
    photos |= {"page": data.page(), "coins": data.coins(), "brick": data.brick()}
    for name, photo in photos.items():
        yield name, np.asarray(Image.fromarray(photo).convert("L"))


def harmed_face(face: Face, filled: np.ndarray) -> tuple[float, bool]:
    """(share of the face's box that is filled, is a feature lost?)."""
    height, width = filled.shape
    top, bottom = (int(np.clip(round(v), 0, height)) for v in (face.y, face.y + face.height))
    left, right = (int(np.clip(round(v), 0, width)) for v in (face.x, face.x + face.width))
    box = filled[top:bottom, left:right]
    return float(box.mean()) if box.size else 0.0, any(
        _lost(face, at, filled) for at in face.landmarks
    )


def _lost(face: Face, at: tuple[float, float], filled: np.ndarray) -> bool:
    disc = np.zeros(filled.shape, np.uint8)
    radius = max(1, round(FEATURE_DISC * face.width))
    cv2.circle(disc, (round(at[0]), round(at[1])), radius, 1, -1)
    inside = filled[disc > 0]
    return bool(inside.size and inside.mean() > LOST)


def of_creases(truth: np.ndarray, looked: Looked) -> tuple[int, int, int, int, int]:
    """Pixels of drawn damage inside a face: found outside features, of them filled; found, of
    them filled or asked; all."""
    inside, features = face_zones(looked.found.faces, *truth.shape)
    drawn = truth & (inside > 0)
    found = drawn & (looked.marks.bits > 0)
    plain = found & ~features
    filled, asked = looked.found.bits > 0, looked.found.labels > 0
    return (
        int(plain.sum()),
        int((plain & filled).sum()),
        int(found.sum()),
        int((found & (filled | asked)).sum()),
        int(drawn.sum()),
    )
