"""Masks as arrays: class bits, tiles, files, run lengths and agreement. No Django."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt
from skimage.morphology import skeletonize

FRACTURE = 1
SCUFF = 2
HOLE = 4
IGNORE = 128

Array = NDArray[np.generic]


def tolerant_f1(
    predicted: Array, truth: Array, *, tolerance: float = 2.0, counted: Array | None = None
) -> float:
    """F1 where a pixel within `tolerance` px (Euclidean) of the other mask counts as met.

    H x W masks; both empty 1, one empty 0. `counted` leaves pixels out of both counts.
    """
    p, t = _pair(predicted, truth, counted)
    if not p.any() or not t.any():
        return float(p.any() == t.any())
    hits_p = np.count_nonzero(distance_transform_edt(~t)[p] <= tolerance)
    hits_t = np.count_nonzero(distance_transform_edt(~p)[t] <= tolerance)
    return _harmonic(hits_p / np.count_nonzero(p), hits_t / np.count_nonzero(t))


def cl_dice(predicted: Array, truth: Array, *, counted: Array | None = None) -> float:
    """Centre-line Dice (Shit et al. 2021): skeletons met by the other mask. Both empty 1."""
    p, t = _pair(predicted, truth, counted)
    if not p.any() or not t.any():
        return float(p.any() == t.any())
    line_p, line_t = skeletonize(p), skeletonize(t)
    return _harmonic(float(t[line_p].mean()), float(p[line_t].mean()))


def _pair(
    predicted: Array, truth: Array, counted: Array | None
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    p, t = np.asarray(predicted) != 0, np.asarray(truth) != 0
    if p.shape != t.shape:
        raise ValueError(f"sizes differ: {p.shape} and {t.shape}")
    if counted is None:
        return p, t
    keep = np.asarray(counted) != 0
    return p & keep, t & keep


def _harmonic(first: float, second: float) -> float:
    return 2 * first * second / (first + second) if first + second else 0.0
