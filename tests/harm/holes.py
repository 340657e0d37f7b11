"""Holes, creases and specks with exact shapes, and photographs to put them on."""

import csv
from pathlib import Path

import cv2
import numpy as np
from skimage import data

SIDE = 512


def line(shape, width, rng):
    """A straight line exactly `width` px across, 60 to 200 px long; H x W bool."""
    start = rng.uniform(0, 1, 2) * shape[::-1]
    angle, length = rng.uniform(0, np.pi), rng.uniform(60, 200)
    along = np.array([np.cos(angle), np.sin(angle)])
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    offset = np.stack([columns - start[0], rows - start[1]], -1)
    at = np.clip(offset @ along, 0, length)
    return np.hypot(*np.moveaxis(offset - at[..., None] * along, -1, 0)) < width / 2


def blob(shape, width, rng):
    """A round spot of about `width` px with an uneven edge; H x W bool."""
    centre = rng.uniform(0, 1, 2) * shape[::-1]
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    angle = np.arctan2(rows - centre[1], columns - centre[0])
    waves = 0.15 * np.sin(3 * angle + rng.uniform(0, 6)) + 0.1 * np.sin(
        5 * angle + rng.uniform(0, 6)
    )
    return np.hypot(rows - centre[1], columns - centre[0]) < width / 2 * (1 + waves)


def many(kind, shape, width, rng, share=0.01):
    """As many as cover about `share` of H x W."""
    mask = np.zeros(shape, bool)
    while mask.mean() < share:
        mask |= kind(shape, width, rng)
    return mask


def crease(shape, rng, light=3, dark=3):
    """(light, dark): two smooth profiles 0..1 side by side along a bent line from edge to edge.

    Each is H x W float, `light` and `dark` px wide, blurred as a scanner does (sigma 0.7 px).
    """
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    if rng.random() < 0.5:
        rows, columns = columns, rows
    middle = shape[0] * rng.uniform(0.3, 0.7) + 0.1 * (columns - 250) * rng.uniform(-3, 3)
    away = rows - middle - 6 * np.sin(columns / 70 + rng.uniform(0, 6))
    pair = (away >= -light) & (away < 0), (away >= 0) & (away < dark)
    return tuple(cv2.GaussianBlur(each.astype(np.float32), (0, 0), 0.7) for each in pair)


def specks(shape, rng, count=40):
    """Round spots of 3 to 12 px with a soft edge; H x W float 0..1."""
    plane = np.zeros(shape, np.float32)
    for _ in range(count):
        centre = tuple(int(v) for v in rng.integers(20, min(shape) - 20, 2))
        cv2.circle(plane, centre, int(rng.integers(2, 7)), 1.0, -1, cv2.LINE_AA)
    return cv2.GaussianBlur(plane, (0, 0), 0.9)


def packaged():
    """Photographs that come with scikit-image, in two kinds; some taught the shipped network."""
    scenes = [data.coffee(), data.chelsea(), data.rocket(), np.dstack([data.camera()] * 3)]
    return {"portraits": [data.astronaut()], "scenes": [_cut(each) for each in scenes]}


def held_out(folder, split="val", most=12):
    """Photographs of one split of a folder with a SOURCES.tsv, in the same two kinds."""
    with (Path(folder) / "SOURCES.tsv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["split"] == split]
    kinds = {"portraits": "portraits/", "scenes": "photos/"}
    return {
        name: [_read(Path(folder) / row["file"]) for row in _spread(rows, start, most)]
        for name, start in kinds.items()
    }


def _spread(rows, start, most):
    chosen = [row for row in rows if row["file"].startswith(start)]
    return chosen[:: max(1, len(chosen) // most)][:most]


def _read(path):
    return _cut(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB))


def _cut(image):
    top, left = (max(0, (side - SIDE) // 2) for side in image.shape[:2])
    return np.ascontiguousarray(image[top : top + SIDE, left : left + SIDE])
