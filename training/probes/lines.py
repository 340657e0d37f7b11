"""The line probe: one edge-to-edge line at a time over sound pictures, by sign, width, contrast.

Signs are light, dark and crease (a highlight beside a shadow). Courses are straight, curved or
rough, by turns; every line has its own noise of width. A mean over lines hides what is never
found, so the headline is the worst cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.probes.canvas import Bytes, Canvas, Generator, Mask, Plane
from training.probes.cells import Cells
from training.probes.marker import Marker, reached

SIGNS = ("light", "dark", "crease")
WIDTHS = (1.5, 3.0, 6.0, 12.0, 24.0, 40.0)  # px
CONTRASTS = (35, 90)  # grey levels
COURSES = ("straight", "curved", "rough")
TRIES = 16  # courses to choose from, so that the line has room for its contrast
KEPT = 0.8  # of its contrast a pixel must have left after clipping, else it is not counted
SHARE = 0.5  # of a line's core must be counted, else the picture is left out of that cell
POINTS = 160


@dataclass(frozen=True)
class Line:
    """A picture with one line drawn, and the line's core as far as it is to be seen, H x W."""

    picture: Bytes
    core: Mask


def run_lines(
    marker: Marker,
    pictures: Sequence[Bytes],
    *,
    seed: int = 0,
    signs: Sequence[str] = SIGNS,
    widths: Sequence[float] = WIDTHS,
    contrasts: Sequence[int] = CONTRASTS,
) -> Cells:
    """Cells (sign, width, contrast) of what the marker reaches on the lines' cores.

    `pictures` are sound, luma H x W. The lines depend on seed, a picture's place and the cell
    alone: two markers see the same.
    """
    cells = Cells()
    for index, picture in enumerate(pictures):
        for sign, width, contrast in _cells(signs, widths, contrasts):
            line = drawn_line(picture, index, sign, width, contrast, seed=seed)
            if line is not None:
                cells.add((sign, width, contrast), reached(marker(line.picture))[line.core])
    return cells


def _cells(
    signs: Sequence[str], widths: Sequence[float], contrasts: Sequence[int]
) -> Iterator[tuple[str, float, int]]:
    return ((s, float(w), c) for s in signs for w in widths for c in contrasts)


def drawn_line(
    picture: Bytes, index: int, sign: str, width: float, contrast: int, *, seed: int = 0
) -> Line | None:
    """The line of this cell on the picture; None where too little would be left of its contrast.

    Courses and roughness come from (seed, index). The first of the courses that clips nothing is
    taken, else the one that clips least.

    `picture` is H x W uint8, `width` in px, `contrast` in levels.
    """
    kind = COURSES[index % len(COURSES)]
    rooms = []
    for attempt in range(TRIES):
        path = course(_generator(seed, index, attempt), picture.shape[:2], kind)
        rooms.append(_room(picture, path, sign, contrast))
        if rooms[-1] > 0.97:
            break
    rng = _generator(seed, index, int(np.argmax(rooms)))
    path = course(rng, picture.shape[:2], kind)
    return _lined(rng, picture, path, kind, sign, width, contrast)


def _generator(seed: int, index: int, attempt: int) -> Generator:
    return np.random.default_rng([seed, index, attempt])


def course(rng: Generator, shape: Sequence[int], kind: str) -> NDArray[np.float64]:
    """POINTS x 2 (x, y) from beyond one edge to beyond the opposite one."""
    height, width = (float(side) for side in shape)
    t = np.linspace(0, 1, POINTS)
    along, across = (height, width) if rng.random() < 0.5 else (width, height)
    start, end = rng.uniform(0.12, 0.88, 2) * across
    place = start + (end - start) * t
    if kind != "straight":
        bows = rng.normal(0, (0.12, 0.05), 2) * across
        place += bows[0] * np.sin(np.pi * t) + bows[1] * np.sin(2 * np.pi * t)
    if kind == "rough":
        place += np.cumsum(rng.normal(0, 1.0, POINTS))
    run = -60 + (along + 120) * t
    points = np.c_[place, run] if along == height else np.c_[run, place]
    return np.asarray(points, np.float64)


def _room(picture: Bytes, path: NDArray[np.float64], sign: str, contrast: int) -> float:
    """Share of the course over which the contrast isn't clipped."""
    inside = (path >= 0).all(axis=1) & (path < picture.shape[1::-1]).all(axis=1)
    if not inside.any():
        return 0.0
    x, y = path[inside].astype(int).T
    level = cv2.blur(picture, (3, 3))[y, x].astype(float)
    light, dark = level <= 255 - KEPT * contrast, level >= KEPT * contrast
    free = {"light": light, "dark": dark, "crease": light & dark}[sign]
    return float(free.mean() * min(1.0, inside.sum() / (0.7 * POINTS)))


def _lined(
    rng: Generator,
    picture: Bytes,
    path: NDArray[np.float64],
    kind: str,
    sign: str,
    width: float,
    contrast: int,
) -> Line | None:
    change, core = _profile(rng, picture.shape[:2], path, kind, sign, width)
    base = picture.astype(np.float32)
    if kind == "rough":  # torn emulsion has lost most of its picture
        base += 0.7 * core * (cv2.GaussianBlur(base, (0, 0), 4) - base)
    planned = contrast * change
    drawn = np.clip(np.rint(base + planned), 0, 255)
    left = np.abs(drawn - base) >= KEPT * np.abs(planned) - 0.5
    counted = (core > 0.5) & left
    if counted.sum() < max(100, SHARE * (core > 0.5).sum()):
        return None
    return Line(drawn.astype(np.uint8), counted)


def _profile(
    rng: Generator,
    shape: Sequence[int],
    path: NDArray[np.float64],
    kind: str,
    sign: str,
    width: float,
) -> tuple[Plane, Plane]:
    """Change (-1..1, as a lens blurs it) and sharp coverage, both H x W."""
    half = np.full(POINTS, width / 2)
    if sign == "crease":  # each flank is at least a pixel wide
        half = np.full(POINTS, max(width / 2, 1.0))
    half *= _width_noise(rng, 0.3 if kind == "rough" else 0.1)
    normal = _normals(path)
    left = _band(shape, path, path + half[:, None] * normal)
    right = _band(shape, path, path - half[:, None] * normal)
    signed = {"light": left + right, "dark": -left - right, "crease": left - right}[sign]
    whole = np.minimum(left + right, 1)
    return np.asarray(cv2.GaussianBlur(np.clip(signed, -1, 1), (0, 0), 0.5), np.float32), whole


def _width_noise(rng: Generator, spread: float) -> NDArray[np.float64]:
    noise = cv2.GaussianBlur(rng.normal(size=(1, POINTS)), (0, 0), 2)[0]
    return np.asarray(np.clip(1 + spread * noise / noise.std(), 0.5, 1.8), np.float64)


def _normals(path: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors across the course, smoothed so that a rough line does not cross itself."""
    ahead = cv2.GaussianBlur(np.gradient(path, axis=0), (0, 0), sigmaX=0.1, sigmaY=4)
    turned = np.c_[-ahead[:, 1], ahead[:, 0]]
    return np.asarray(turned / np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9))


def _band(shape: Sequence[int], one: NDArray[np.float64], other: NDArray[np.float64]) -> Plane:
    """Coverage of the strip between two courses."""
    canvas = Canvas((int(shape[0]), int(shape[1])))
    canvas.area(np.r_[one, other[::-1]])
    return canvas.coverage()
