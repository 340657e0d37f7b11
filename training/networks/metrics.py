"""Every figure we publish, in numpy. Undefined is NaN, never a polite number."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from skimage.metrics import (
    mean_squared_error,
    peak_signal_noise_ratio,
    structural_similarity,
)

from photos.masks.metrics import cl_dice, tolerant_counts, tolerant_f1, tolerant_f1_of

__all__ = [
    "ScoreHistogram",
    "average_precision",
    "best_f1",
    "cl_dice",
    "dice",
    "iou",
    "mse",
    "precision",
    "psnr",
    "recall",
    "roc_auc",
    "ssim",
    "tolerant_counts",
    "tolerant_f1",
    "tolerant_f1_of",
]

Array = NDArray[np.generic]
EXACT_UP_TO = 10**7
BINS = 65536
WANG = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}


def dice(predicted: Array, truth: Array) -> float:
    """2 TP / (2 TP + FP + FN) of two masks of one shape; both empty 1, one empty 0.

    Masks are booleans, whole numbers (not 0 = marked) or floats that are 0 or 1. Raises ValueError
    for other floats, here and in the next three: probabilities have to be cut first.
    """
    hit, extra, missed = _counts(predicted, truth)
    return 2 * hit / (2 * hit + extra + missed) if hit + extra + missed else 1.0


def iou(predicted: Array, truth: Array) -> float:
    """TP / (TP + FP + FN) of two arrays of one shape, not 0 = marked; both empty 1."""
    hit, extra, missed = _counts(predicted, truth)
    return hit / (hit + extra + missed) if hit + extra + missed else 1.0


def precision(predicted: Array, truth: Array) -> float:
    """TP / (TP + FP) of two arrays of one shape, not 0 = marked; 0 when nothing is predicted."""
    hit, extra, _ = _counts(predicted, truth)
    return hit / (hit + extra) if hit + extra else 0.0


def recall(predicted: Array, truth: Array) -> float:
    """TP / (TP + FN) of two arrays of one shape, not 0 = marked; 0 when nothing is true."""
    hit, _, missed = _counts(predicted, truth)
    return hit / (hit + missed) if hit + missed else 0.0


def _counts(predicted: Array, truth: Array) -> tuple[int, int, int]:
    p, t = _marks(predicted), _marks(truth)
    _same_shape(p, t)
    hit = int(np.count_nonzero(p & t))
    return hit, int(np.count_nonzero(p)) - hit, int(np.count_nonzero(t)) - hit


def _marks(mask: Array) -> NDArray[np.bool_]:
    values = np.asarray(mask)
    if values.dtype.kind not in "biu" and not ((values == 0) | (values == 1)).all():
        raise ValueError("a mask holds 0 and 1 alone: cut probabilities at a threshold first")
    return np.asarray(values != 0)


class ScoreHistogram:
    """Scores 0..1 and truths of any number of pictures, pooled in 65,536 bins."""

    def __init__(self) -> None:
        self.positive: NDArray[np.int64] = np.zeros(BINS, np.int64)
        self.negative: NDArray[np.int64] = np.zeros(BINS, np.int64)

    def add(self, scores: NDArray[np.floating], truth: Array) -> None:
        """Count the pixels of one picture (leave ignored ones out before)."""
        marks = np.asarray(truth).ravel() != 0
        index = np.clip(np.asarray(scores).ravel() * BINS, 0, BINS - 1).astype(np.int64)
        self.positive += np.bincount(index[marks], minlength=BINS)
        self.negative += np.bincount(index[~marks], minlength=BINS)

    def roc_auc(self) -> float:
        """Ties (one bin) count half; NaN when one class is missing."""
        pairs = int(self.positive.sum()) * int(self.negative.sum())
        below = np.cumsum(self.negative) - self.negative / 2
        return float((self.positive * below).sum() / pairs) if pairs else float("nan")

    def average_precision(self) -> float:
        """NaN without a positive."""
        hits, marked = self._from_the_top()
        if not hits[-1]:
            return float("nan")
        gained = np.diff(hits, prepend=0) / hits[-1]
        return float(np.sum(gained * hits / np.maximum(marked, 1)))

    def best_f1(self) -> tuple[float, float]:
        """(best F1 over all cuts score >= t, that t); (0, NaN) without a positive."""
        hits, marked = self._from_the_top()
        if not hits[-1]:
            return 0.0, float("nan")
        f1 = 2 * hits / (marked + hits[-1])
        best = int(np.argmax(f1))
        return float(f1[best]), (BINS - 1 - best) / BINS

    def _from_the_top(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        hits = np.cumsum(self.positive[::-1])
        return hits, hits + np.cumsum(self.negative[::-1])


def roc_auc(scores: NDArray[np.floating], truth: Array) -> float:
    """Area under the ROC curve, ties counted half; NaN when one class is missing.

    Exact by ranks (Mann-Whitney) up to 10^7 values, beyond that over 65,536 bins.

    `scores` and `truth` (not 0 = positive) have one shape.
    """
    values = np.asarray(scores).ravel()
    positive = np.asarray(truth).ravel() != 0
    count, rest = int(positive.sum()), int((~positive).sum())
    if not count or not rest:
        return float("nan")
    if values.size > EXACT_UP_TO:
        return _binned(values, positive).roc_auc()
    ranks = rankdata(values)
    return float((ranks[positive].sum() - count * (count + 1) / 2) / (count * rest))


def _binned(values: NDArray[np.floating], positive: NDArray[np.bool_]) -> ScoreHistogram:
    low, high = float(values.min()), float(values.max())
    histogram = ScoreHistogram()
    histogram.add((values - low) / max(high - low, 1e-12), positive)
    return histogram


def average_precision(scores: NDArray[np.floating], truth: Array) -> float:
    """Sum of precision times recall gained at each distinct score; NaN without a positive.

    `scores` and `truth` (not 0 = positive) have one shape.
    """
    hits, marked, _ = _curve(scores, truth)
    if hits[-1] == 0:
        return float("nan")
    gained = np.diff(hits, prepend=0) / hits[-1]
    return float(np.sum(gained * hits / marked))


def best_f1(scores: NDArray[np.floating], truth: Array) -> tuple[float, float]:
    """(best F1 over all cuts score >= t, that t); (0, NaN) without a positive.

    `scores` and `truth` (not 0 = positive) have one shape.
    """
    hits, marked, values = _curve(scores, truth)
    if hits[-1] == 0:
        return 0.0, float("nan")
    f1 = 2 * hits / (marked + hits[-1])
    best = int(np.argmax(f1))
    return float(f1[best]), float(values[best])


def _curve(
    scores: NDArray[np.floating], truth: Array
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.floating]]:
    """True and all predictions at or above each distinct score, from the highest down."""
    positive = np.asarray(truth).ravel() != 0
    values = np.asarray(scores).ravel()
    order = np.argsort(-values, kind="stable")
    ordered = values[order]
    last = np.append(np.nonzero(np.diff(ordered))[0], len(ordered) - 1)
    return np.cumsum(positive[order])[last], last + 1, ordered[last]


def mse(image: Array, truth: Array) -> float:
    """Mean squared difference over all values of two arrays of one shape.

    Raises ValueError where the shapes differ.
    """
    _same_shape(image, truth)
    return float(mean_squared_error(image, truth))


def psnr(image: Array, truth: Array, where: Array | None = None) -> float:
    """Peak signal to noise ratio in dB, data range 255, over all values or those of `where`.

    `where` is H x W (true = counted). Equal images give infinity, an empty `where` NaN.
    Raises ValueError where the shapes differ.
    """
    _same_shape(image, truth)
    if where is not None:
        counted = np.asarray(where) != 0
        if not counted.any():
            return float("nan")
        image, truth = image[counted], truth[counted]
    with np.errstate(divide="ignore"):
        return float(peak_signal_noise_ratio(truth, image, data_range=255))


def ssim(image: Array, truth: Array) -> float:
    """Structural similarity (Wang et al. 2004): Gaussian window sigma 1.5 of 11 x 11, population
    covariance, data range 255, mean over channels and all pixels 5 px from the border.

    Both H x W or H x W x C. Raises ValueError where they differ in shape or a side is below 11.
    """
    _same_shape(image, truth)
    if min(image.shape[:2]) < 11:
        raise ValueError("SSIM needs at least 11 x 11 px")
    channels = -1 if np.ndim(image) == 3 else None
    found = structural_similarity(image, truth, data_range=255, channel_axis=channels, **WANG)
    return float(found)


def _same_shape(image: Array, truth: Array) -> None:
    if image.shape != truth.shape:
        raise ValueError(f"sizes differ: {image.shape} and {truth.shape}")
