"""Grow marks to where the damage really ends: rims and shadows left beside a mark become ghosts."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.pixels import Picture, luma

LEAST, MOST = 1, 7  # px a mark grows by, at least and at most
FAR = (9, 13)  # px from the mark: its ground
ALONG = (
    12  # px to both sides along the mark over which profiles are averaged: grain goes, rims stay
)
# Levels of 255, share of the rim's height, and standard errors of the mean profile that a
# difference to the ground must exceed.
FAINTEST, SHARE, ERRORS = 2.0, 0.12, 4.0
RETURNED = 0.15  # what is left of a rim's height before FAR; an object's edge does not come back

# px from the middle of FAR back to every step of a profile: what shading explains is no rim.
_INWARDS = np.arange(sum(FAR) / 2 - 1, sum(FAR) / 2 - FAR[1] - 1, -1, dtype=np.float32)


@dataclass(frozen=True)
class _Rims:
    """One entry a contour pixel: where (x, y), the unit normal outwards, its mean profile."""

    points: NDArray[np.int64]
    normals: NDArray[np.float32]
    around: NDArray[np.int64]  # N x K numbers of the neighbours along the contour


def grown_to_edges(image: Picture, marks: NDArray[np.generic]) -> NDArray[np.bool_]:
    """H x W marks (non-zero = damaged) grown to where the picture is its own ground again.

    Perpendicular to every pixel of a mark's contour the brightness is read up to 13 px outwards
    and averaged along the contour. The mark grows over what differs from the ground (9 to 13 px
    out), if that difference has come back to nothing before; by `LEAST` px in any case and by
    `MOST` at most. Grain and what crosses the mark average out; an edge that runs beside a mark
    does not come back and stays.
    """
    marked = (marks != 0).astype(np.uint8)
    contours, _ = cv2.findContours(marked, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    side = 2 * LEAST + 1
    grown = cv2.dilate(marked, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    if not contours:
        return np.asarray(grown > 0)
    rims = _rims([contour[:, 0] for contour in contours])
    _paint(grown, rims, _extents(image, marked, rims))
    return np.asarray(grown > 0)


def _rims(contours: list[NDArray[np.int32]]) -> _Rims:
    lengths = np.array([len(contour) for contour in contours])
    points = np.concatenate(contours).astype(np.int64)
    length = np.repeat(lengths, lengths)
    start = np.repeat(np.cumsum(lengths) - lengths, lengths)
    own = np.arange(len(points)) - start

    def shifted(step: NDArray[np.int64] | int) -> NDArray[np.int64]:
        return np.asarray(start + (own + step) % length, np.int64)

    half = np.minimum(3, np.maximum(1, length // 6))
    along = (points[shifted(half)] - points[shifted(-half)]).astype(np.float32)
    size = np.hypot(along[:, 0], along[:, 1])
    normals = np.stack([-along[:, 1], along[:, 0]], 1) / np.maximum(size, np.float32(1e-6))[:, None]
    around = np.stack([shifted(step) for step in range(-ALONG, ALONG + 1, 2)], 1)
    return _Rims(points, normals.astype(np.float32), around)


def _extents(image: Picture, marked: NDArray[np.uint8], rims: _Rims) -> NDArray[np.int64]:
    """By how many px the mark grows at every contour pixel; 0 where nothing is seen."""
    profile, error = _profiles(image, marked, rims)
    ground = _mean(profile[:, FAR[0] - 1 :])[:, None]
    height = np.abs(profile - ground)
    excess = height - np.sign(profile - ground) * _slope(profile)[:, None] * _INWARDS
    peak = height[:, :MOST].max(axis=1)
    least = np.maximum(np.maximum(FAINTEST, SHARE * peak), ERRORS * error)
    differs = np.minimum(height, excess)[:, :MOST] > least[:, None]
    back = height[:, MOST : FAR[0] - 1].max(axis=1) <= np.maximum(least, RETURNED * peak)
    reach = np.where(differs.any(axis=1), MOST - np.argmax(differs[:, ::-1], axis=1), 0)
    reach = np.where(back & np.isfinite(peak), reach, 0)
    return np.asarray(np.median(reach[rims.around], axis=1).astype(np.int64))


def _profiles(
    image: Picture, marked: NDArray[np.uint8], rims: _Rims
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean brightness N x 13 in levels at 1..13 px outwards, NaN where all is marked or beyond
    the picture, and the standard error of such a mean, N."""
    steps = np.arange(1, FAR[1] + 1)
    x = np.rint(rims.points[:, :1] + rims.normals[:, :1] * steps).astype(np.int64)
    y = np.rint(rims.points[:, 1:] + rims.normals[:, 1:] * steps).astype(np.int64)
    height, width = marked.shape
    seen = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    x, y = x.clip(0, width - 1), y.clip(0, height - 1)
    seen &= marked[y, x] == 0
    values = luma(image[y, x]) * np.float32(255)
    weight = seen.astype(np.float32)
    count, total, squares = (
        sum(plane[rims.around[:, k]] for k in range(rims.around.shape[1]))
        for plane in (weight, values * weight, values * values * weight)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count
        spread = np.maximum(squares / count - mean * mean, 0)
        error = np.sqrt(_mean(spread / count))
    return mean.astype(np.float32), error.astype(np.float32)


def _slope(profile: NDArray[np.float32]) -> NDArray[np.float32]:
    """Levels by which the ground rises towards the mark with every px; 0 where it is not seen."""
    outer, inner = _mean(profile[:, 10:]), _mean(profile[:, 7:10])
    return np.asarray(np.nan_to_num((inner - outer) / 3), np.float32)


def _mean(values: NDArray[np.floating]) -> NDArray[np.float32]:
    """Of each row's finite values; NaN where there is none."""
    known = np.isfinite(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)


def _paint(grown: NDArray[np.uint8], rims: _Rims, reach: NDArray[np.int64]) -> None:
    """Draw every contour pixel's ray outwards, in place, and close the gaps between rays."""
    height, width = grown.shape
    rays = np.zeros_like(grown)
    for step in np.arange(1, MOST + 0.1, 0.5):
        far = reach >= step
        x, y = np.rint(rims.points[far] + rims.normals[far] * np.float32(step)).astype(int).T
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        rays[y[inside], x[inside]] = 1
    joined = cv2.morphologyEx(grown | rays, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    grown |= joined
