"""The surface of least bending through the rim of holes (biharmonic), by its own pixels alone.

Damelin and Hoang (2018), "On Surface Completion and Image Inpainting by Biharmonic Functions:
Numerical Aspects". The answers are those of scikit-image's `inpaint_biharmonic`, bit by bit: the
same system in the same order for the same solver. That one is built from planes of the picture;
holes are a hundredth of it.
"""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.ndimage import laplace
from scipy.sparse.linalg import spsolve

RADIUS = 2  # px: the reach of the squared Laplacian
Terms = tuple[NDArray[np.int64], NDArray[np.float32]]
Pixels = NDArray[np.int64]


def surface(known: NDArray[np.float32], hole: NDArray[np.bool_]) -> NDArray[np.float32]:
    """N x C values of the hole's pixels in reading order.

    `known` H x W x C, whatever it holds inside the hole; `hole` H x W, not all of it. Overshoot
    ends at the known pixels' least and largest value.
    """
    rows, columns = np.nonzero(hole)
    if not len(rows):
        return np.zeros((0, known.shape[2]), np.float32)
    reach = _reach(rows, columns, hole.shape)
    inner = reach == _INNER
    order = np.concatenate([np.flatnonzero(~inner), np.flatnonzero(inner)])  # the rim first
    rows, columns, reach = rows[order], columns[order], reach[order]
    number = np.full(hole.shape, -1, np.int32)
    number[rows, columns] = np.arange(len(rows))
    matrix, right = _system(known, number, rows, columns, reach)
    solved = spsolve(matrix, right, use_umfpack=False, permc_spec="MMD_ATA")
    answer = np.empty(right.shape, np.float32)
    answer[order] = solved.reshape(right.shape)
    return _limited(answer, known, hole)


_BASE = RADIUS + 1
_INNER = _BASE**4 - 1


def _reach(rows: Pixels, columns: Pixels, shape: tuple[int, ...]) -> Pixels:
    """How far each pixel's neighbourhood reaches up, down, left and right, 0 to RADIUS px: the
    four digits of a number to the base _BASE."""
    height, width = shape
    code = np.zeros(len(rows), np.int64)
    for room in (rows, height - 1 - rows, columns, width - 1 - columns):
        code = code * _BASE + np.minimum(room, RADIUS)
    return code


@lru_cache(maxsize=_BASE**4)
def _terms(reach: int) -> Terms:
    """(K x 2 steps down and right, K coefficients) of a neighbourhood with this reach."""
    up, bottom, before, right = (reach // _BASE**k % _BASE for k in (3, 2, 1, 0))
    top, left = -up, -before
    centre = np.zeros((bottom - top + 1, right - left + 1), np.float32)
    centre[-top, -left] = 1
    plane = laplace(laplace(centre))
    steps = np.argwhere(plane)
    return steps + np.array([top, left]), plane[tuple(steps.T)]


def _system(
    known: NDArray[np.float32],
    number: NDArray[np.int32],
    rows: Pixels,
    columns: Pixels,
    reach: Pixels,
) -> tuple[sparse.csr_array, NDArray[np.float32]]:
    """(N x N matrix, N x C right side); `number` H x W of each hole pixel, -1 elsewhere."""
    right = np.zeros((len(rows), known.shape[2]), np.float32)
    entries: list[tuple[Pixels, Pixels, NDArray[np.float32]]] = []
    for kind in np.flatnonzero(np.bincount(reach)):
        own = np.flatnonzero(reach == kind)
        for (down, across), term in zip(*_terms(int(kind)), strict=True):
            y, x = rows[own] + down, columns[own] + across
            other = number[y, x]
            inside = other >= 0
            value = np.full(int(inside.sum()), term, np.float32)
            entries.append((own[inside], other[inside].astype(np.int64), value))
            outside = ~inside
            right[own[outside]] -= term * known[y[outside], x[outside]]
    row, column, value = (np.concatenate(each) for each in zip(*entries, strict=True))
    matrix = sparse.csr_array((value, (row, column)), shape=(len(rows), len(rows)))
    return matrix, right


def _limited(
    answer: NDArray[np.float32], known: NDArray[np.float32], hole: NDArray[np.bool_]
) -> NDArray[np.float32]:
    sound = (~hole).astype(np.uint8)
    for channel in range(known.shape[2]):
        plane = np.ascontiguousarray(known[..., channel])
        least, most, _, _ = cv2.minMaxLoc(plane, sound)
        answer[:, channel] = answer[:, channel].clip(np.float32(least), np.float32(most))
    return answer
