"""Photographs with cracks and specks whose every pixel is known."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 4000, 3000
CRACKS, SPECKS = 14, 260
STEP = 14  # px between two points of a crack
PHOTOS = int(os.environ.get("BENCH_PHOTO_COUNT", "3"))


@dataclass(frozen=True)
class Damage:
    """`crack_of` and `speck_of` hold each pixel's owner, counted from 1."""

    grey: NDArray[np.uint8]
    lines: list[list[list[float]]]
    centres: list[list[float]]
    crack_of: NDArray[np.uint16]
    speck_of: NDArray[np.uint16]


def photographs() -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Grey pictures of 12 megapixels: one's own, or those that come with scikit-image."""
    folder = os.environ.get("BENCH_PHOTOS")
    if folder:
        paths = sorted(Path(folder).glob("*.jpg"))
        for path in paths[:: max(1, len(paths) // PHOTOS)][:PHOTOS]:
            grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
            if grey is not None:
                yield path.name, enlarged(np.asarray(grey, np.uint8))
        return
    from skimage import data

    for name in ("camera", "astronaut", "coffee")[:PHOTOS]:
        picture = np.asarray(getattr(data, name)())
        yield name, enlarged(picture if picture.ndim == 2 else picture.mean(axis=2).astype("u1"))


def enlarged(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    scale = max(WIDTH / grey.shape[1], HEIGHT / grey.shape[0])
    size = (round(grey.shape[1] * scale) + 1, round(grey.shape[0] * scale) + 1)
    return np.asarray(
        cv2.resize(grey, size, interpolation=cv2.INTER_CUBIC)[:HEIGHT, :WIDTH], np.uint8
    )


def damaged(photo: NDArray[np.uint8], rng: np.random.Generator) -> Damage:
    """Cracks: random walks, 3 to 9 px wide, 28 to 85 levels of contrast, three in four bright,
    blurred by 1.1 px. Specks: radius 1.5 to 9 px, 35 to 90 levels. Grain of 5 levels on all."""
    change = np.zeros((HEIGHT, WIDTH), np.float32)
    crack_of = np.zeros((HEIGHT, WIDTH), np.uint16)
    speck_of = np.zeros((HEIGHT, WIDTH), np.uint16)
    lines = []
    for number in range(1, CRACKS + 1):
        line = walk(rng)
        sign = 1 if rng.random() < 0.75 else -1
        draw(photo, crack_of, change, line, number, float(sign * rng.uniform(28, 85)), rng)
        lines.append(dense(line))
    change = cv2.GaussianBlur(change, (0, 0), 1.1)
    centres: list[list[float]] = []
    while len(centres) < SPECKS:
        radius = float(rng.uniform(1.5, 9))
        x, y = (float(v) for v in rng.uniform([20, 20], [WIDTH - 20, HEIGHT - 20]))
        near = np.s_[int(y) - 16 : int(y) + 17, int(x) - 16 : int(x) + 17]
        if crack_of[near].any() or speck_of[near].any():
            continue
        centres.append([x, y])
        rows, columns = np.ogrid[:40, :40]
        top, left = int(y) - 20, int(x) - 20
        inside = (rows + top + 0.5 - y) ** 2 + (columns + left + 0.5 - x) ** 2 <= radius**2
        part = np.s_[max(0, top) : top + 40, max(0, left) : left + 40]
        inside = inside[: speck_of[part].shape[0], : speck_of[part].shape[1]]
        speck_of[part][inside] = len(centres)
        spot = inside.astype(np.float32) * float(rng.choice([-1, 1]) * rng.uniform(35, 90))
        seen = visible(photo[part], float(spot.sum() / max(1, inside.sum())))
        change[part] += cv2.GaussianBlur(spot * seen, (0, 0), 0.7)
    grey = photo + change + rng.normal(0, 5, photo.shape).astype(np.float32)
    levels = np.clip(np.rint(grey), 0, 255).astype(np.uint8)
    return Damage(levels, lines, centres, crack_of, speck_of)


def walk(rng: np.random.Generator) -> NDArray[np.float64]:
    """A crack's points, inside the picture, about 1,270 px long."""
    at = rng.uniform([300, 300], [WIDTH - 300, HEIGHT - 300])
    angle = rng.uniform(0, 2 * np.pi)
    points = [at]
    for _ in range(90):
        angle += rng.normal(0, 0.22)
        at = at + STEP * np.array([np.cos(angle), np.sin(angle)])
        if not (10 < at[0] < WIDTH - 10 and 10 < at[1] < HEIGHT - 10):
            break
        points.append(at)
    return np.array(points) if len(points) > 30 else walk(rng)


def visible(photo: NDArray[np.uint8], contrast: float) -> int:
    """-1 where white on white or black on black would be the other way round, else 1."""
    level = float(photo.mean()) if photo.size else 128.0
    return 1 if 0 <= level + contrast <= 255 else -1


def draw(
    photo: NDArray[np.uint8],
    owner: NDArray[np.uint16],
    change: NDArray[np.float32],
    line: NDArray[np.float64],
    number: int,
    contrast: float,
    rng: np.random.Generator,
) -> None:
    width = rng.uniform(3, 7)
    widths = np.clip(width * rng.uniform(0.8, 1.3, len(line)), 3, 9)
    for a, b, wide in zip(line[:-1], line[1:], widths, strict=False):
        ends = [tuple(int(v) for v in np.rint((p - 0.5) * 16)) for p in (a, b)]
        box = np.concatenate([np.minimum(a, b) - 8, np.maximum(a, b) + 9]).astype(int)
        x0, y0 = max(0, box[0]), max(0, box[1])
        stamp = np.zeros((box[3] - y0, box[2] - x0), np.uint8)
        shifted = [(x - 16 * x0, y - 16 * y0) for x, y in ends]
        cv2.line(stamp, shifted[0], shifted[1], 1, max(1, round(wide)), shift=4)
        part = np.s_[y0 : y0 + stamp.shape[0], x0 : x0 + stamp.shape[1]]
        stamp = stamp[: owner[part].shape[0], : owner[part].shape[1]] > 0
        owner[part][stamp] = number
        change[part][stamp] = contrast * visible(photo[part], contrast)


def dense(line: NDArray[np.float64]) -> list[list[float]]:
    """A point every few pixels."""
    places = np.linspace(0, len(line) - 1, (len(line) - 1) * 4 + 1)
    along = np.arange(len(line))
    return [
        [float(np.interp(p, along, line[:, 0])), float(np.interp(p, along, line[:, 1]))]
        for p in places
    ]
