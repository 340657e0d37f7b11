"""Parts of a print that are gone: torn corners and edges, holes through which the bed shows.

A plain rule, on a copy of at most 640 px: paper white or bed black, flat, sharply bounded, with
a jagged inner edge. Searched only inside the rectangle that is fitted to the print's straight
edges, so that a scanner bed or an album page around the print is never filled. Where the bed is
seen around the print, what is missing has the bed's own tone. Where the scan was cut to the
print, only its corners are searched: elsewhere a lamp or a collar looks alike.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.pixels import Picture, luma, shrunk

SIDE = 640  # px
WHITE, BLACK = 236.0, 19.0  # levels: a bed is at least so white or black
FLAT = 4.0  # levels: standard deviation of a bed
LEAST, LARGEST = 4e-4, 1 / 3  # share of the rectangle's area; part of its shorter side
STEP = 30.0  # levels between both sides of the inner edge, 3 px apart
SHARP = 0.75  # of the inner edge has that step
JAGGED = 0.35  # px: mean distance of the inner edge from its own smooth course (sigma 6 px)
ELSEWHERE = 2e-3  # of the print: more of this tone elsewhere, and it is a tone of the picture
STRAIGHT = 0.35  # of a side must lie within 2 px of the fitted line
ALIKE = 3.0  # levels between a missing part and the bed around the print
STRIP = 4  # px
MARGIN = 3  # px: a region as near to the rectangle's side runs out of the print


def missing(image: Picture) -> NDArray[np.bool_]:
    """H x W, True where a part of the print is gone. Mostly nothing."""
    small = shrunk(luma(image), SIDE) * np.float32(255)
    answer = np.zeros(small.shape, bool)
    for bed in (small >= WHITE, small <= BLACK):
        if bed.any():
            answer |= _missing_of(small, cv2.medianBlur(bed.astype(np.uint8), 3) > 0)
    if not answer.any():
        return np.zeros(image.shape[:2], bool)
    return _enlarged(image, answer)


def _missing_of(small: NDArray[np.float32], bed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The regions of one bed tone that are parts of the print."""
    inside = _rectangle(bed)
    found = np.zeros(bed.shape, bool)
    if inside is None:
        return found
    around, rectangle = small[bed & ~inside], inside
    if len(around):  # a thin strip of bed along a side that is not quite straight is not missing
        kernel = np.ones((2 * STRIP + 1,) * 2, np.uint8)
        inside = cv2.erode(inside.astype(np.uint8), kernel, borderValue=0) > 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (bed & inside).astype(np.uint8), connectivity=4
    )
    height, width = (int(np.ptp(places)) + 1 for places in np.nonzero(inside))
    for label in range(1, count):
        wide, tall, area = (int(value) for value in stats[label, 2:5])
        if max(wide, tall) <= LARGEST * min(height, width) and area >= LEAST * height * width:
            region = labels == label
            if _belongs(small, region, around) and _is_gone(small, region, inside):
                found |= region
    near = cv2.dilate(found.astype(np.uint8), np.ones((2 * STRIP + 5,) * 2, np.uint8)) > 0
    others = bed & inside & ~near
    if others.sum() > ELSEWHERE * inside.sum():
        return np.zeros_like(found)
    return np.asarray(near & bed & rectangle)


def _belongs(
    small: NDArray[np.float32], region: NDArray[np.bool_], around: NDArray[np.float32]
) -> bool:
    """Is it of the tone of the bed around the print; without a bed, does it fill a corner?"""
    if len(around):
        return abs(float(np.median(small[region])) - float(np.median(around))) <= ALIKE
    return bool(region[[0, 0, -1, -1], [0, -1, 0, -1]].any())


def _rectangle(bed: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """Inside the print. Where the bed runs along the picture's border the rectangle around what
    is not bed, confirmed by three straight sides; else the picture itself. None: no print."""
    border = np.concatenate([bed[0], bed[-1], bed[:, 0], bed[:, -1]])
    if border.mean() < 0.5:
        return np.ones(bed.shape, bool)
    count, labels, stats, _ = cv2.connectedComponentsWithStats((~bed).astype(np.uint8))
    if count < 2:
        return None
    label = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    if stats[label, cv2.CC_STAT_AREA] < 0.2 * bed.size:
        return None
    contours, _ = cv2.findContours(
        (labels == label).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    outline = max(contours, key=len)
    corners = cv2.boxPoints(cv2.minAreaRect(outline))
    if sum(_confirmed(outline[:, 0], corners, side) for side in range(4)) < 3:
        return None
    plane = cv2.fillConvexPoly(np.zeros(bed.shape, np.uint8), np.rint(corners).astype(np.int32), 1)
    return np.asarray(plane > 0)


def _confirmed(outline: NDArray[np.int32], corners: NDArray[np.float32], side: int) -> bool:
    """Does enough of the outline run along this side of the rectangle?"""
    start, stop = corners[side], corners[(side + 1) % 4]
    along = stop - start
    length = float(np.hypot(*along))
    across = np.array([-along[1], along[0]]) / max(length, 1.0)
    near = np.abs((outline - start) @ across) <= 2
    return float(near.sum()) >= STRAIGHT * length


def _is_gone(
    small: NDArray[np.float32], region: NDArray[np.bool_], inside: NDArray[np.bool_]
) -> bool:
    """Flat, sharply bounded towards the print, and with a jagged edge there."""
    core = cv2.erode(region.astype(np.uint8), np.ones((3, 3))) > 0
    if not core.any() or float(small[core].std()) > FLAT:
        return False
    contours, _ = cv2.findContours(
        region.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    outline = max(contours, key=len)[:, 0]
    inner = _inner(outline, inside)
    if inner.sum() < 12:
        return False
    step = _steps(small, region, outline[inner])
    return float(np.mean(step >= STEP)) >= SHARP and _roughness(outline)[inner].mean() >= JAGGED


def _inner(outline: NDArray[np.int32], inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The contour pixels that face the print, not the rectangle's side."""
    framed = cv2.copyMakeBorder(inside.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    depth = cv2.distanceTransform(framed, cv2.DIST_L2, 5)[1:-1, 1:-1]
    return np.asarray(depth[outline[:, 1], outline[:, 0]] > MARGIN)


def _steps(
    small: NDArray[np.float32], region: NDArray[np.bool_], points: NDArray[np.int32]
) -> NDArray[np.float32]:
    """Levels between the region and the nearest ground 3 px outside it, a value a point."""
    outside = np.where(region, np.float32(np.nan), small)
    level = float(np.median(small[region]))
    kernel = np.ones((7, 7), np.uint8)
    near = cv2.dilate(region.astype(np.uint8), kernel) - cv2.dilate(
        region.astype(np.uint8), np.ones((3, 3), np.uint8)
    )
    weight = near.astype(np.float32)
    total = cv2.blur(np.where(near > 0, np.nan_to_num(outside), 0).astype(np.float32), (9, 9))
    mean = total / np.maximum(cv2.blur(weight, (9, 9)), 1e-6)
    return np.asarray(np.abs(mean[points[:, 1], points[:, 0]] - np.float32(level)), np.float32)


def _roughness(outline: NDArray[np.int32]) -> NDArray[np.float64]:
    """Distance in px of every contour pixel from the contour smoothed along itself."""
    sigma, reach = 6.0, 18
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights /= weights.sum()
    padded = np.pad(outline.astype(float), ((reach, reach), (0, 0)), mode="wrap")
    smooth = np.stack([np.convolve(padded[:, k], weights, "valid") for k in (0, 1)], 1)
    return np.asarray(np.hypot(*(outline - smooth).T), np.float64)


def _enlarged(image: Picture, found: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """At full size: near what was found, exactly what has the bed's tone there."""
    size = (image.shape[1], image.shape[0])
    near = cv2.dilate(found.astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.asarray(cv2.resize(near, size, interpolation=cv2.INTER_NEAREST) > 0)
