"""How well one mask meets another: Dice, tolerant F1, centre lines, components."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photos.masks.arrays import Array, Mask, Plane, sizes_differ
from photos.masks.classes import DEFECTS, IGNORE
from photos.masks.components import components, grown, met_components


@dataclass(frozen=True)
class Agreement:
    """How well a mask meets another: 0..1 each. Recall is NaN where there is no component."""

    dice: float
    tolerant_f1: float
    cl_dice: float
    component_recall: float


def agreement(predicted: Mask, truth: Mask, *, bits: int = DEFECTS) -> Agreement:
    """All four figures for the pixels of any of the classes in `bits`; ignored ones count nowhere.

    A pixel is ignored when either mask says so.
    """
    p, t = _pair(predicted & bits, truth & bits, ((predicted | truth) & IGNORE) == 0)
    both = int(p.sum() + t.sum())
    return Agreement(
        dice=2 * float((p & t).sum()) / both if both else 1.0,
        tolerant_f1=tolerant_f1(p, t),
        cl_dice=cl_dice(p, t),
        component_recall=component_recall(p, t),
    )


def tolerant_f1(
    predicted: Array, truth: Array, *, tolerance: float = 2.0, counted: Array | None = None
) -> float:
    """F1 where a pixel within `tolerance` px (Euclidean) of the other mask counts as met.

    H x W masks; both empty 1, one empty 0. `counted` leaves pixels out of both masks.
    """
    return tolerant_f1_of(tolerant_counts(predicted, truth, tolerance=tolerance, counted=counted))


def tolerant_counts(
    predicted: Array, truth: Array, *, tolerance: float = 2.0, counted: Array | None = None
) -> NDArray[np.int64]:
    """(predicted pixels met, all predicted, true pixels met, all true), to add up over photos."""
    p, t = _pair(predicted, truth, counted)
    if not p.any() or not t.any():
        return np.array([0, p.sum(), 0, t.sum()])
    met = grown(t, tolerance)[p].sum(), grown(p, tolerance)[t].sum()
    return np.array([met[0], p.sum(), met[1], t.sum()])


def tolerant_f1_of(counts: NDArray[np.int64]) -> float:
    """F1, 0..1, from the four pixel counts of `tolerant_counts`, of one photo or summed over many.

    Both empty 1, one empty 0.
    """
    met_p, predicted, met_t, true = (int(count) for count in counts)
    if not predicted or not true:
        return float(predicted == true)
    return _harmonic(met_p / predicted, met_t / true)


def cl_dice(predicted: Array, truth: Array, *, counted: Array | None = None) -> float:
    """Centre-line Dice (Shit et al. 2021): skeletons met by the other mask. Both empty 1.

    H x W masks, not 0 = marked; `counted` leaves pixels out of both. The answer is 0..1.
    """
    p, t = _pair(predicted, truth, counted)
    if not p.any() or not t.any():
        return float(p.any() == t.any())
    from skimage.morphology import skeletonize  # takes a third of a second to load

    line_p, line_t = skeletonize(p), skeletonize(t)
    return _harmonic(float(t[line_p].mean()), float(p[line_t].mean()))


def component_recall(
    predicted: Array, truth: Array, *, sizes: tuple[int, float] = (1, float("inf"))
) -> float:
    """Share of the true components of `sizes` px (from, below) of which at least half is met
    within 2 px; NaN when there is none.
    """
    p, t = _pair(predicted, truth, None)
    pixels, met = met_components(p, *components(t))
    chosen = (pixels >= sizes[0]) & (pixels < sizes[1])
    return float(np.mean(met[chosen])) if chosen.any() else float("nan")


def _pair(predicted: Array, truth: Array, counted: Array | None) -> tuple[Plane, Plane]:
    p, t = np.asarray(predicted) != 0, np.asarray(truth) != 0
    if p.shape != t.shape:
        raise ValueError(sizes_differ(p.shape, t.shape))
    if counted is None:
        return p, t
    keep = np.asarray(counted) != 0
    return p & keep, t & keep


def _harmonic(first: float, second: float) -> float:
    return 2 * first * second / (first + second) if first + second else 0.0
