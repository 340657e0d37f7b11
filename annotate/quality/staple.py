"""One mask out of several people's: majority, or STAPLE. No Django."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photos.masks.arrays import Mask, Plane, each_bit
from photos.masks.classes import DEFECTS, IGNORE
from photos.masks.components import grown

REACH = 8.0  # px around anybody's paint that count as looked at
ROUNDS = 100
START = 0.99  # what everybody is thought to find, and to leave alone, at first


@dataclass(frozen=True)
class Rater:
    """How much of the damage somebody finds, and how much of the rest is left alone (0..1)."""

    sensitivity: float
    specificity: float


def majority(masks: Sequence[Mask]) -> Mask:
    """What more than half of two or more H x W masks say, class by class.

    Where the votes for a class are equal nobody has decided: IGNORE. What more than half
    ignore is ignored too.
    """
    result = np.zeros_like(masks[0])
    for bit in each_bit(DEFECTS):
        votes = _votes(masks, bit)
        result[2 * votes > len(masks)] |= np.uint8(bit)
        result[2 * votes == len(masks)] |= np.uint8(IGNORE)
    result[2 * _votes(masks, IGNORE) > len(masks)] |= np.uint8(IGNORE)
    return result


def staple(masks: Sequence[Mask]) -> tuple[Mask, list[Rater]]:
    """(H x W mask, one rater a mask) by expectation maximisation (Warfield, Zou, Wells 2004).

    Each class is decided where its probability is at least one half (their equation 11),
    from what the raters' votes are worth. Only pixels within 8 px of anybody's paint count:
    an empty photo around them would make every rater look perfect. The raters' figures are
    means over the classes, weighted by how much of each there is.
    """
    result = np.zeros_like(masks[0])
    result[2 * _votes(masks, IGNORE) > len(masks)] = IGNORE
    found: list[tuple[float, NDArray[np.float64]]] = []
    for bit in each_bit(DEFECTS):
        planes = [(mask & bit) != 0 for mask in masks]
        union = np.logical_or.reduce(planes)
        if union.any():
            where, worth = _staple_class(planes, grown(union, REACH))
            result[where] |= np.uint8(bit)
            found.append((float(union.sum()), worth))
    if not found:
        return result, [Rater(1.0, 1.0) for _ in masks]
    sizes = [size for size, _ in found]
    worth = np.average([figures for _, figures in found], axis=0, weights=sizes)
    return result, [Rater(float(p), float(q)) for p, q in worth]


def _staple_class(planes: list[Plane], seen: Plane) -> tuple[Plane, NDArray[np.float64]]:
    """Pixels with the same votes are one case, so that a round looks at 2^raters numbers."""
    code = np.zeros(int(seen.sum()), np.intp)
    for number, plane in enumerate(planes):
        code |= plane[seen].astype(np.intp) << number
    counts = np.bincount(code, minlength=1 << len(planes)).astype(np.float64)
    votes = np.arange(1 << len(planes))[:, None] >> np.arange(len(planes)) & 1
    prior = float((counts[:, None] * votes).sum() / (counts.sum() * len(planes)))
    p = q = np.full(len(planes), START)
    true = np.zeros(len(counts))
    for _ in range(ROUNDS):
        before = true
        yes = prior * np.prod(np.where(votes, p, 1 - p), axis=1)
        no = (1 - prior) * np.prod(np.where(votes, 1 - q, q), axis=1)
        true = yes / np.maximum(yes + no, 1e-300)
        p = _share(counts * true, votes)
        q = _share(counts * (1 - true), 1 - votes)
        if np.abs(true - before).max() < 1e-7:
            break
    where = np.zeros(seen.shape, bool)
    where[seen] = (true >= 0.5)[code]
    return where, np.stack([p, q], axis=1)


def _share(weights: NDArray[np.float64], votes: NDArray[np.intp]) -> NDArray[np.float64]:
    """The weighted share of cases with a vote, for each rater; kept off 0 and 1."""
    share = (weights[:, None] * votes).sum(axis=0) / max(weights.sum(), 1e-300)
    return np.asarray(np.clip(share, 1e-6, 1 - 1e-6), np.float64)


def _votes(masks: Sequence[Mask], bit: int) -> NDArray[np.uint8]:
    votes = np.zeros(masks[0].shape, np.uint8)
    for mask in masks:
        votes += (mask & bit) != 0
    return votes
