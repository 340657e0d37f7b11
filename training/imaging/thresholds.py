"""From raw logits to calibrated probabilities, and the threshold that decides."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photos.masks.classes import BITS

BINS = 4096
# A card's cut is that of best Dice which leaves sound pictures alone. A wrong hairline is filled
# from a pixel away and does no harm, but the light in an eye is a speck too and a wrong hole is
# repainted: specks must be likelier damaged than not, holes far likelier. On sound portraits this
# marks a thirtieth of the specks that the cards' cut would (0.095 to 0.003 % of the pixels) and
# leaves the light in eyes alone. One look takes edges of light hair, ears and badges for holes:
# with 0.95 instead of 0.8 marks above 200 px stand on 9 instead of 13 of 42 sound portraits, and
# Dice on held-out plates falls from .362 to .356. Several looks agree on few of them.
CLASSES = tuple(BITS)
LEAST = {"scuff": 0.5, "hole": 0.95}
LEAST_OF_LOOKS = {"scuff": 0.5, "hole": 0.8}


@dataclass(frozen=True)
class Calibration:
    """One class: what to subtract from the logit, where to cut, and the Dice this reached."""

    offset: float
    threshold: float
    dice: float


def calibrate(
    logits: NDArray[np.floating], targets: NDArray[np.generic], *, start: float = 0.0
) -> Calibration:
    """Fit one class on flat arrays of counted pixels (leave `ignore` out before).

    `start` is log w of the weighted loss, used when the targets hold one class only and
    nothing can be fitted. Dice is pooled over all pixels.
    """
    offset = fit_offset(logits, targets, start=start)
    threshold, dice = best_threshold(probabilities(logits, offset), targets)
    return Calibration(offset, threshold, dice)


def probabilities(
    logits: NDArray[np.floating], offset: float | NDArray[np.floating]
) -> NDArray[np.float32]:
    """sigmoid(logit - offset), the probability the product shows; an offset for all values or
    one for each of the last axis."""
    return _sigmoid(np.asarray(logits, np.float32) - np.asarray(offset, np.float32))


def decide(values: NDArray[np.floating], threshold: float) -> NDArray[np.bool_]:
    """Damaged where the calibrated probability is above the threshold."""
    return np.asarray(values > threshold)


def shifted(cut: float, logits: float) -> float:
    """A cut of 0..1 moved on the logit scale; 0 and 1 stay (a class that is never cut)."""
    if not 0 < cut < 1 or not logits:
        return cut
    return 1 / (1 + math.exp(-(math.log(cut / (1 - cut)) + logits)))


def default_cut(name: str, cut: float, looks: bool = False) -> float:
    """The cut that production starts from for a class whose card says `cut`."""
    return max(cut, (LEAST_OF_LOOKS if looks else LEAST).get(name, 0.0))


def by_class(card: dict[str, Any], key: str, default: float) -> list[float]:
    """A card's figures by class: one for all, a list or a table; `default` where it has none."""
    value = card.get(key)
    if isinstance(value, dict):
        return [float(value.get(name, default)) for name in CLASSES]
    if isinstance(value, list):
        return [float(each) for each in value]
    return [float(default if value is None else value)] * len(CLASSES)


def cuts_of(card: dict[str, Any], looks: bool) -> list[float]:
    """What production starts from, by class; a card may know that several looks want others.

    A network with one cut for damage of any class, only named by its class, has no floors.
    """
    key = "looks_threshold" if looks and card.get("looks_threshold") else "threshold"
    cuts = by_class(card, key, 0.5)
    if card.get("one_cut"):
        return cuts
    return [default_cut(name, cut, looks) for name, cut in zip(CLASSES, cuts, strict=True)]


def fit_offset(
    logits: NDArray[np.floating], targets: NDArray[np.generic], *, start: float = 0.0
) -> float:
    """The offset of largest likelihood: the mean probability equals the share of positives."""
    share = float(np.mean(targets != 0)) if targets.size else 0.0
    if share in (0.0, 1.0):
        return start
    counts, edges = np.histogram(np.asarray(logits, np.float64), bins=BINS)
    centres = (edges[:-1] + edges[1:]) / 2
    low, high = centres[0] - 40.0, centres[-1] + 40.0
    for _ in range(60):
        middle = (low + high) / 2
        mean = float(counts @ _sigmoid(centres - middle)) / targets.size
        low, high = (middle, high) if mean > share else (low, middle)
    return float((low + high) / 2)


def best_threshold(
    values: NDArray[np.floating], targets: NDArray[np.generic]
) -> tuple[float, float]:
    """The cut of best pooled Dice (which is best F1) over values in 0..1, and that Dice.

    Without a positive the cut is 1.0 (nothing is damaged) and Dice 1.
    """
    truth = np.asarray(targets).ravel() != 0
    if not truth.any():
        return 1.0, 1.0
    flat = np.clip(np.asarray(values).ravel(), 0, 1)
    index = np.minimum((flat * BINS).astype(np.int64), BINS - 1)
    hits = _count_from_top(index[truth])
    marked = _count_from_top(index)
    dice = 2 * hits / (marked + truth.sum())
    best = int(np.argmax(dice))
    return float(np.nextafter(np.float32(best / BINS), np.float32(-1))), float(dice[best])


def _count_from_top(index: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many entries are at or above each bin."""
    counts = np.bincount(index, minlength=BINS)
    return np.cumsum(counts[::-1])[::-1]


def _sigmoid(values: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -60, 60))))
