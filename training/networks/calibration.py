"""From logits to probabilities that mean something, and the thresholds that follow. Numpy only."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

LIMIT = 20.0
BINS = 8_000


class LogitHistogram:
    """Counts of logits by truth, pooled over any number of photos in constant memory.

    Bins of 0.005 between -20 and 20; what it answers is exact up to that width.
    """

    def __init__(self) -> None:
        self.positive: NDArray[np.floating] = np.zeros(BINS)
        self.negative: NDArray[np.floating] = np.zeros(BINS)

    def add(
        self,
        logits: NDArray[np.floating],
        truth: NDArray[np.bool_],
        counted: NDArray[np.bool_] | None = None,
    ) -> None:
        """Count logits and truth of one shape; pixels outside `counted` (ignore) are left out."""
        kept = np.ones(truth.shape, bool) if counted is None else counted
        index = ((logits[kept] + LIMIT) * (BINS / (2 * LIMIT))).astype(np.int64)
        np.clip(index, 0, BINS - 1, out=index)
        marks = truth[kept]
        self.positive += np.bincount(index[marks], minlength=BINS)
        self.negative += np.bincount(index[~marks], minlength=BINS)

    @property
    def centres(self) -> NDArray[np.floating]:
        """The logit in the middle of each bin, (BINS,)."""
        return (np.arange(BINS) + 0.5) * (2 * LIMIT / BINS) - LIMIT

    @property
    def both_classes(self) -> bool:
        """Whether damage and sound pixels were both seen."""
        return bool(self.positive.any() and self.negative.any())

    def offset(self) -> float:
        """b with mean sigmoid(logit - b) = share of positives: the intercept's maximum likelihood.

        0 when only one class was seen. Subtract it: calibrated probability = sigmoid(logit - b).
        """
        if not self.both_classes:
            return 0.0
        counts = self.positive + self.negative
        wanted = self.positive.sum()
        low, high = -2 * LIMIT, 2 * LIMIT
        for _ in range(60):
            middle = (low + high) / 2
            expected = (counts / (1 + np.exp(middle - self.centres))).sum()
            low, high = (middle, high) if expected > wanted else (low, middle)
        return (low + high) / 2

    def best_dice(self) -> tuple[float | None, float]:
        """(best pooled Dice, the logit it needs); (None, 0) without positives."""
        if not self.positive.any():
            return None, 0.0
        dice = self._dice_curve()
        best = int(dice.argmax())
        return float(dice[best]), best * (2 * LIMIT / BINS) - LIMIT

    def dice_at(self, logit: float) -> float | None:
        """Pooled Dice of marking every pixel above `logit`; None without positives."""
        if not self.positive.any():
            return None
        index = round((logit + LIMIT) * (BINS / (2 * LIMIT)))
        return float(self._dice_curve()[min(max(index, 0), BINS - 1)])

    def _dice_curve(self) -> NDArray[np.float64]:
        hits, alarms = self._above()
        curve: NDArray[np.float64] = 2 * hits / (hits + alarms + self.positive.sum())
        return curve

    def _above(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        hits: NDArray[np.float64] = np.cumsum(self.positive[::-1])[::-1]
        alarms: NDArray[np.float64] = np.cumsum(self.negative[::-1])[::-1]
        return hits, alarms

    def roc_auc(self) -> float | None:
        """Ties (one bin) count half; None when only one class was seen."""
        if not self.both_classes:
            return None
        below = np.cumsum(self.negative) - self.negative / 2
        pairs = self.positive.sum() * self.negative.sum()
        return float((self.positive * below).sum() / pairs)

    def average_precision(self) -> float | None:
        """Sum of precision times the step in recall; None without both classes."""
        if not self.both_classes:
            return None
        hits, alarms = self._above()
        seen = hits + alarms
        precision = np.divide(hits, seen, out=np.zeros(BINS), where=seen > 0)
        return float((precision * self.positive).sum() / self.positive.sum())

    def logit_of_precision(self, wanted: float) -> float:
        """The lowest logit above which at least `wanted` of the marked pixels are right.

        20, which marks nothing, where no cut is that precise.
        """
        hits, alarms = self._above()
        fit = (hits > 0) & (hits >= wanted * (hits + alarms))
        return float(np.argmax(fit)) * (2 * LIMIT / BINS) - LIMIT if fit.any() else LIMIT

    def logit_of_alarms(self, share: float) -> float:
        """The lowest logit above which at most `share` of the negatives are marked; -20 if none."""
        if not self.negative.any():
            return -LIMIT
        _, alarms = self._above()
        fit = alarms <= share * self.negative.sum()
        return float(np.argmax(fit)) * (2 * LIMIT / BINS) - LIMIT if fit.any() else LIMIT

    def threshold(
        self, precision: float = 0.0, least: float = -LIMIT, offset: float | None = None
    ) -> float:
        """The calibrated probability of best pooled Dice, kept inside 0.01..0.99.

        Higher where less than `precision` of the pixels it marks would be right: while a
        class is learnt badly, best Dice is reached by flooding the picture. Never below the
        logit `least`. `offset` where the logits are not raw ones.
        """
        _, logit = self.best_dice()
        logit = max(logit, least)
        if precision and self.positive.any():
            logit = max(logit, self.logit_of_precision(precision))
        probability = 1 / (1 + math.exp((self.offset() if offset is None else offset) - logit))
        return min(max(probability, 0.01), 0.99)

    def __add__(self, other: LogitHistogram) -> LogitHistogram:
        total = LogitHistogram()
        total.positive = self.positive + other.positive
        total.negative = self.negative + other.negative
        return total
