"""Masks as arrays: class bits, files, run lengths and agreement. No Django.

A mask is H x W uint8, one byte a pixel, row-major; each class is a bit and classes may overlap.
"""

import hashlib
import io
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage.morphology import skeletonize

FRACTURE = 1
SCUFF = 2
HOLE = 4
IGNORE = 128
DAMAGE_FROM = 128  # of 255: a grey value from here on is damage in a file without classes
CLASSES: dict[str, int] = {"fracture": FRACTURE, "scuff": SCUFF, "hole": HOLE, "ignore": IGNORE}
DEFECTS = FRACTURE | SCUFF | HOLE
KNOWN = DEFECTS | IGNORE

Array = NDArray[np.generic]
Mask = NDArray[np.uint8]
Plane = NDArray[np.bool_]


# --- files ---------------------------------------------------------------------------------------


def digest(mask: Mask) -> str:
    """SHA-256 of the raw bytes, row-major: it does not depend on any encoder."""
    return hashlib.sha256(np.ascontiguousarray(mask, np.uint8).data).hexdigest()


def encode_png(plane: Array) -> bytes:
    """A 1-bit PNG of H x W, white where the plane is not zero."""
    out = io.BytesIO()
    Image.fromarray(np.asarray(plane) != 0).save(out, "PNG", optimize=True)
    return out.getvalue()


def run_lengths(plane: Array) -> list[int]:
    """COCO's counts: column-major, background first (so it may begin with 0)."""
    flat = np.asarray(plane).ravel(order="F") != 0
    edges = np.flatnonzero(np.diff(flat, prepend=False, append=not flat[-1:].all()))
    counts = np.diff(edges, prepend=0)
    return [int(count) for count in counts] if flat.size else []


def from_run_lengths(counts: list[int], *, width: int, height: int) -> Plane:
    """H x W from COCO's counts, which must add up to the size."""
    if any(count < 0 for count in counts) or sum(counts) != width * height:
        raise ValueError(f"The run lengths do not add up to {width} x {height} pixels.")
    values = np.arange(len(counts)) % 2 == 1
    return np.repeat(values, counts).reshape((height, width), order="F")


def each_bit(bits: int) -> list[int]:
    return [1 << place for place in range(8) if bits >> place & 1]


# --- components and agreement ---------------------------------------------------------------------


def components(plane: Array) -> tuple[int, NDArray[np.int32]]:
    """(n, H x W labels 0..n) of the 8-connected components."""
    count, labels = cv2.connectedComponents((np.asarray(plane) != 0).astype(np.uint8), None, 8)
    return count - 1, np.asarray(labels, np.int32)


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
    """F1 from `tolerant_counts`, of one photo or summed over many; both empty 1, one empty 0."""
    met_p, predicted, met_t, true = (int(count) for count in counts)
    if not predicted or not true:
        return float(predicted == true)
    return _harmonic(met_p / predicted, met_t / true)


def cl_dice(predicted: Array, truth: Array, *, counted: Array | None = None) -> float:
    """Centre-line Dice (Shit et al. 2021): skeletons met by the other mask. Both empty 1."""
    p, t = _pair(predicted, truth, counted)
    if not p.any() or not t.any():
        return float(p.any() == t.any())
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


def met_components(
    judged: Plane, count: int, labels: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """(pixels, met) of the `count` components: half of a met one lies within 2 px of `judged`."""
    pixels = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    near = np.bincount(labels[grown(judged, 2.0)], minlength=count + 1)[1:]
    return pixels, 2 * near >= pixels


def grown(plane: Plane, reach: float) -> Plane:
    """Dilated by a disc of `reach` px."""
    side = np.arange(-int(reach), int(reach) + 1)
    disc = (side[:, None] ** 2 + side[None, :] ** 2 <= reach * reach).astype(np.uint8)
    return np.asarray(cv2.dilate(plane.astype(np.uint8), disc), np.bool_)


def _pair(predicted: Array, truth: Array, counted: Array | None) -> tuple[Plane, Plane]:
    p, t = np.asarray(predicted) != 0, np.asarray(truth) != 0
    if p.shape != t.shape:
        raise ValueError(sizes_differ(p.shape, t.shape))
    if counted is None:
        return p, t
    keep = np.asarray(counted) != 0
    return p & keep, t & keep


def sizes_differ(first: tuple[int, ...], second: tuple[int, ...]) -> str:
    return f"The sizes differ: {first[1]} x {first[0]} and {second[1]} x {second[0]} pixels."


def _harmonic(first: float, second: float) -> float:
    return 2 * first * second / (first + second) if first + second else 0.0
