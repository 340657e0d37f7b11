"""The spot probe: specks, flakes, holes, stains and scuff patches by size and sign; torn borders.

Many spots lie in one picture, apart from each other and of mixed kinds, so that a small cell has
its twenty samples from few looks. A torn picture has one corner or one edge missing, with the
scanner's bed or an album page behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.probes.canvas import Bytes, Canvas, Generator, Mask, Plane, smooth_noise
from training.probes.cells import Cells
from training.probes.marker import Marker, reached

KINDS = ("speck", "flake", "hole", "stain", "scuff")
SIZES = (3, 6, 12, 24, 48, 96)  # px across
SIGNS = ("light", "dark")
CONTRAST = {"speck": 80, "flake": 80, "hole": 80, "stain": 35, "scuff": 50}  # grey levels
OPAQUE = ("flake", "hole")  # the picture under them is gone
TORN = ("torn corner", "torn edge")
BEDS = {"light": 238.0, "dark": 14.0}
KEPT = 0.8  # of its contrast a pixel must have left after clipping
ROUNDS = 5  # pictures made of each sound one
APART = 14  # px between two spots
TRIES = 40


@dataclass(frozen=True)
class Spot:
    """One drawn thing: its cell and its pixels in the picture."""

    kind: str
    sign: str
    size: int
    core: Mask
    window: tuple[slice, slice]


def run_spots(
    marker: Marker, pictures: Sequence[Bytes], *, seed: int = 0, rounds: int = ROUNDS
) -> Cells:
    """Cells (kind, sign, size) of what the marker reaches, and (torn corner or edge, bed).

    Pictures are H x W uint8, sizes in px, what is counted logits above the default cut.
    """
    cells = Cells()
    for index, picture in enumerate(pictures):
        for turn in range(rounds):
            rng = np.random.default_rng([seed, index, turn])
            spotted, spots = with_spots(rng, picture, index * rounds + turn)
            margin = reached(marker(spotted))
            for spot in spots:
                cells.add((spot.kind, spot.sign, spot.size), margin[spot.window][spot.core])
        for sign in BEDS:
            torn, parts = with_torn_border(np.random.default_rng([seed, index]), picture, sign)
            margin = reached(marker(torn))
            for kind, core in parts.items():
                cells.add((kind, sign), margin[core])
    return cells


def with_spots(rng: Generator, picture: Bytes, turn: int) -> tuple[Bytes, list[Spot]]:
    """The picture with some 14 spots, no two nearer than APART; which cells depends on `turn`.

    The picture is H x W uint8; APART is in px.
    """
    drawn = picture.copy()
    taken = np.zeros(picture.shape, np.uint8)
    spots = []
    for kind, sign, size in _wanted(turn):
        spot = _placed(rng, drawn, taken, kind, sign, size)
        if spot is not None:
            spots.append(spot)
    return drawn, spots


def _wanted(turn: int) -> Iterator[tuple[str, str, int]]:
    """Large ones first: two of 96 px, two of 48, then more of the small."""
    cells = [(kind, sign) for kind in KINDS for sign in SIGNS]
    for place, (size, count) in enumerate(zip(SIZES[::-1], (2, 2, 3, 3, 3, 3), strict=True)):
        for k in range(count):
            yield (*cells[(turn * count + k + 3 * place) % len(cells)], size)


def _placed(
    rng: Generator, drawn: Bytes, taken: Bytes, kind: str, sign: str, size: int
) -> Spot | None:
    """Draw it, in place, where there is room in space and contrast; None where there is none."""
    side = size + 2 * APART
    change, core = SHAPES[kind](rng, side, size)
    planned = CONTRAST[kind] * (1 if sign == "light" else -1) * change
    if side >= min(drawn.shape):
        return None
    for _ in range(TRIES):
        top, left = (int(rng.integers(0, room - side)) for room in drawn.shape)
        window = slice(top, top + side), slice(left, left + side)
        base = _bared(drawn[window], core, size) if kind in OPAQUE else drawn[window]
        new = np.clip(np.rint(base + planned), 0, 255)
        kept = core & (np.abs(new - base) >= KEPT * np.abs(planned) - 0.5)
        if not taken[window].any() and kept.sum() >= 0.9 * core.sum():
            drawn[window] = new.astype(np.uint8)
            taken[window] = 1
            return Spot(kind, sign, size, kept, window)
    return None


def _bared(patch: Bytes, core: Mask, size: int) -> Plane:
    """The patch with most of its picture lost where the core is: only its soft tones stay."""
    plane = patch.astype(np.float32)
    soft = cv2.GaussianBlur(plane, (0, 0), max(1.5, size / 5))
    return np.asarray(plane + 0.8 * core * (soft - plane), np.float32)


def _outline(rng: Generator, side: int, size: float, corners: int, rough: float) -> Plane:
    """Coverage of a side x side window by a closed shape about `size` px across."""
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    radii = size / 2 * np.clip(1 + rough * rng.normal(size=corners), 0.6, 1.25)
    return _polygon(side, angles, radii)


def _polygon(side: int, angles: NDArray[np.float64], radii: NDArray[np.float64]) -> Plane:
    canvas = Canvas((side, side))
    canvas.area(np.c_[side / 2 + radii * np.cos(angles), side / 2 + radii * np.sin(angles)])
    return canvas.coverage()


def _edged(cover: Plane, blur: float) -> tuple[Plane, Mask]:
    soft = np.asarray(cv2.GaussianBlur(cover, (0, 0), blur), np.float32)
    return soft, np.asarray(cover > 0.5)


def _speck(rng: Generator, side: int, size: int) -> tuple[Plane, Mask]:
    """Dust: roundish, sharp."""
    return _edged(_outline(rng, side, size, 16, 0.12), 0.5)


def _flake(rng: Generator, side: int, size: int) -> tuple[Plane, Mask]:
    """Chipped emulsion: a polygon with straight sides."""
    angles = np.linspace(0, 2 * np.pi, 7, endpoint=False) + rng.uniform(-0.3, 0.3, 7)
    return _edged(_polygon(side, angles, size / 2 * rng.uniform(0.65, 1.15, 7)), 0.4)


def _hole(rng: Generator, side: int, size: int) -> tuple[Plane, Mask]:
    """Round, with a rim half as strong around it."""
    inner = _outline(rng, side, size * 0.8, 24, 0.04)
    outer = _outline(rng, side, size, 24, 0.04)
    return _edged(np.maximum(inner, 0.7 * outer), 0.4)


def _stain(rng: Generator, side: int, size: int) -> tuple[Plane, Mask]:
    """A drop that dried: a soft even area with a darker margin."""
    cover = _outline(rng, side, size, 20, 0.1)
    inside = cv2.GaussianBlur(cover, (0, 0), max(0.8, size / 12))
    margin = np.clip(cover - cv2.erode(inside, np.ones((3, 3), np.uint8)), 0, 1)
    return _edged(np.asarray(np.clip(0.75 * cover + 0.5 * margin, 0, 1), np.float32), 0.8)


def _scuff(rng: Generator, side: int, size: int) -> tuple[Plane, Mask]:
    """Rubbed: fine strokes one way and mottling, densest in the middle."""
    cover = _outline(rng, side, size, 14, 0.18)
    noise = cv2.GaussianBlur(
        rng.normal(size=(side, side)).astype(np.float32), (0, 0), 2.5, None, 0.7
    )
    strokes = np.clip(0.6 + 0.35 * noise / max(float(noise.std()), 1e-6), 0.15, 1)
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), float(rng.uniform(0, 180)), 1)
    turned = cv2.warpAffine(
        strokes.astype(np.float32), turn, (side, side), borderMode=cv2.BORDER_REFLECT_101
    )
    change = np.asarray(turned * cover, np.float32)
    return np.asarray(cv2.GaussianBlur(change, (0, 0), 0.5), np.float32), np.asarray(cover > 0.5)


SHAPES = {"speck": _speck, "flake": _flake, "hole": _hole, "stain": _stain, "scuff": _scuff}


def with_torn_border(rng: Generator, picture: Bytes, sign: str) -> tuple[Bytes, dict[str, Mask]]:
    """A corner and a part of an edge torn off, the bed behind; what is missing by kind, H x W."""
    height, width = picture.shape
    turn = int(rng.integers(4))
    seen = np.rot90(picture, turn)
    corner = _torn_corner(rng, seen.shape)
    edge = _torn_edge(rng, seen.shape)
    covers = {kind: np.rot90(c, -turn) for kind, c in zip(TORN, (corner, edge), strict=True)}
    whole = np.clip(sum(covers.values()), 0, 1)
    fibre = cv2.GaussianBlur(np.ascontiguousarray(whole, np.float32), (0, 0), 2.2)
    bed = (
        BEDS[sign] + 2 * smooth_noise(rng, (height, width), 40) + rng.normal(0, 1.5, picture.shape)
    )
    paper = 215 + 14 * smooth_noise(rng, (height, width), 3)  # the print's white fibre at the tear
    rim = np.clip((fibre - 0.08) * 6, 0, 1) * (1 - whole)
    torn = picture * (1 - rim) + paper * rim
    torn = torn * (1 - whole) + bed * whole
    shown = {kind: np.ascontiguousarray(cover > 0.5) for kind, cover in covers.items()}
    return np.clip(np.rint(torn), 0, 255).astype(np.uint8), shown


def _torn_corner(rng: Generator, shape: tuple[int, ...]) -> Plane:
    """The upper left corner, up to a fifth of the sides."""
    down, across = rng.uniform(0.08, 0.2, 2) * min(shape[:2])
    t = np.linspace(0, 1, 40)
    path = np.c_[across * (1 - t), down * t] + _ragged(rng, 40)
    canvas = Canvas((shape[0], shape[1]))
    canvas.area([(-9, -9), (across, -9), *path, (-9, down)])
    return canvas.coverage()


def _torn_edge(rng: Generator, shape: tuple[int, ...]) -> Plane:
    """A bite out of the lower edge, right of its middle."""
    height, width = shape[:2]
    start, reach = width * rng.uniform(0.4, 0.5), width * rng.uniform(0.12, 0.3)
    deep = rng.uniform(0.04, 0.12) * min(shape[:2])
    t = np.linspace(0, 1, 60)
    path = np.c_[start + reach * t, height - deep * np.sin(np.pi * t) ** 0.6] + _ragged(rng, 60)
    canvas = Canvas((height, width))
    canvas.area([(start, height + 9), *path, (start + reach, height + 9)])
    return canvas.coverage()


def _ragged(rng: Generator, points: int) -> NDArray[np.float64]:
    steps = np.cumsum(rng.normal(0, 1.2, (points, 2)), axis=0)
    return np.asarray(steps - np.linspace(0, 1, points)[:, None] * steps[-1])
