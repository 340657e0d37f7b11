"""`python -m training.measuring.active_learning PAIRS...`: does the queue's order pay?

Labelled photos are revealed one after another, by disagreement or at random, to a small learner
(logistic regression on filters of several scales, trained anew each time). After each, F1 is taken
on photos that are never revealed. The order that pays reaches the same F1 with fewer photos.

Orders: `networks` (what the learner and the one a photo earlier disagree on most), `looks` (what
the learner says of the photo and of a softer copy), `doubt` (what one learner is unsure of) and
`random`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from training.measuring.pictures import BadRequest, find_pictures, read_pair

Floats = NDArray[np.float64]
SCALES = (1.0, 2.0, 4.0, 8.0)  # px of the Gaussians that differences are taken of
PIXELS = 4000  # of each photo, half of them damaged where there are so many
RIDGE, STEPS = 1e-2, 8  # of the regression: its penalty and its Newton steps
SEEN = 0.05  # below it a pixel is sound for both, as annotate's queue counts
ORDERS = ("networks", "looks", "doubt", "random")


@dataclass(frozen=True)
class Plate:
    """A photo as the learner sees it: N x F features, those of a softer look, and N truths 0/1.

    `weight` undoes that damaged pixels are drawn more often.
    """

    features: Floats
    softer: Floats
    truth: Floats
    weight: Floats


def features_of(luma: NDArray[np.uint8]) -> Floats:
    """H x W x F: differences of Gaussians, light and dark apart, local contrast, and 1."""
    plane = luma.astype(np.float32) / 64
    blurred = [plane, *(cv2.GaussianBlur(plane, (0, 0), s) for s in SCALES)]
    contrast = np.sqrt(cv2.GaussianBlur((plane - blurred[3]) ** 2, (0, 0), 8.0) + 1e-3)
    found = [np.ones_like(plane), contrast]
    for fine, coarse in pairwise(blurred):
        edge = (fine - coarse) / contrast
        found += [np.maximum(edge, 0), np.maximum(-edge, 0)]
    return np.stack(found, axis=-1).astype(np.float64)


def plate_of(luma: NDArray[np.uint8], truth: NDArray[np.uint8], rng: np.random.Generator) -> Plate:
    """Some pixels of a photo H x W with its mask (0 clean, 1 damaged, 128 ignored)."""
    counted = np.flatnonzero(truth.ravel() < 128)
    marks = truth.ravel()[counted] > 0
    chosen, weight = [], []
    for part in (counted[marks], counted[~marks]):
        take = min(len(part), PIXELS // 2 if marks.any() else PIXELS)
        if take:
            chosen.append(rng.choice(part, take, replace=False))
            weight.append(np.full(take, len(part) / take))
    at = np.concatenate(chosen)
    soft = cv2.GaussianBlur(luma, (0, 0), 1.0)
    both = [features_of(one).reshape(luma.size, -1)[at] for one in (luma, soft)]
    return Plate(both[0], both[1], (truth.ravel()[at] > 0).astype(float), np.concatenate(weight))


def learnt(plates: Sequence[Plate]) -> Floats:
    """F coefficients of a logistic regression on the plates' pixels, by Newton's method."""
    x = np.concatenate([p.features for p in plates])
    y = np.concatenate([p.truth for p in plates])
    theta = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = chance(x, theta)
        curve = (p * (1 - p))[:, None] * x
        hessian = x.T @ curve / len(y) + RIDGE * np.eye(len(theta))
        theta = theta - np.linalg.solve(hessian, x.T @ (p - y) / len(y) + RIDGE * theta)
    return theta


def chance(x: Floats, theta: Floats) -> Floats:
    """N probabilities of N x F features."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x @ theta, -30, 30))), np.float64)


def best_f1(plates: Sequence[Plate], theta: Floats) -> float:
    """F1 over all pixels of the plates at the best cut, each counted for those it stands for."""
    p = np.concatenate([chance(one.features, theta) for one in plates])
    y = np.concatenate([one.truth for one in plates])
    w = np.concatenate([one.weight for one in plates])
    order = np.argsort(-p)
    hits, marked = np.cumsum((w * y)[order]), np.cumsum(w[order])
    return float((2 * hits / (marked + hits[-1])).max()) if hits[-1] else 0.0


def disagreement(one: Floats, other: Floats, weight: Floats) -> float:
    """Mean |p - q| where either is above SEEN; 0 where neither is. All are (n,)."""
    seen = (np.maximum(one, other) > SEEN) * weight
    return float((np.abs(one - other) * seen).sum() / seen.sum()) if seen.sum() else 0.0


def score(order: str, plate: Plate, now: Floats, before: Floats) -> float:
    """How much a photo is worth by an order's rule.

    The learner's coefficients are `now`, and were `before`: (n,) each.
    """
    p = chance(plate.features, now)
    if order == "networks":
        return disagreement(p, chance(plate.features, before), plate.weight)
    if order == "looks":
        return disagreement(p, chance(plate.softer, now), plate.weight)
    seen = (p > SEEN) * plate.weight
    return float(((1 - np.abs(2 * p - 1)) * seen).sum() / max(seen.sum(), 1e-9))


def revealed(
    order: str, pool: Sequence[Plate], held: Sequence[Plate], seed: int, start: int = 2
) -> list[float]:
    """F1 on `held` after start, start + 1, ... photos of the pool."""
    rng = np.random.default_rng(seed)
    shuffled = rng.permutation(len(pool)).tolist()
    shown, left = shuffled[:start], shuffled[start:]
    before = learnt([pool[k] for k in shown[:-1]])
    now = learnt([pool[k] for k in shown])
    curve = [best_f1(held, now)]
    while left:
        pick = left[0]
        if order != "random":
            scores = {k: score(order, pool[k], now, before) for k in left}
            pick = max(left, key=scores.__getitem__)
        left.remove(pick)
        shown.append(pick)
        before, now = now, learnt([pool[k] for k in shown])
        curve.append(best_f1(held, now))
    return curve


def photos_to(curve: Sequence[float], goal: float, start: int = 2) -> int:
    """How many photos an order needed until F1 was at least `goal`; one more than all if never."""
    reached = [k for k, value in enumerate(curve) if value >= goal]
    return start + (reached[0] if reached else len(curve))


def simulate(
    plates: Sequence[Plate], repeats: int, held_share: float = 0.4
) -> dict[str, dict[str, Any]]:
    """Every order over the same splits and the same first photos, `repeats` times."""
    curves: dict[str, list[list[float]]] = {order: [] for order in ORDERS}
    needed: dict[str, list[int]] = {order: [] for order in ORDERS}
    for seed in range(repeats):
        mixed = np.random.default_rng((1, seed)).permutation(len(plates)).tolist()
        count = max(1, round(held_share * len(plates)))
        held, pool = [plates[k] for k in mixed[:count]], [plates[k] for k in mixed[count:]]
        goal = 0.95 * best_f1(held, learnt(pool))
        for order in ORDERS:
            curve = revealed(order, pool, held, seed)
            curves[order].append(curve)
            needed[order].append(photos_to(curve, goal))
    return {order: _figures(curves[order], needed[order], needed["random"]) for order in ORDERS}


def _figures(curves: list[list[float]], needed: list[int], random: list[int]) -> dict[str, Any]:
    fewer = np.subtract(random, needed)
    spread = fewer.std(ddof=1) / np.sqrt(len(fewer)) if len(fewer) > 1 else None
    return {
        "photos": float(np.mean(needed)),
        "fewer_than_random": float(fewer.mean()),
        "standard_error": None if spread is None else float(spread),
        "f1": [round(float(v), 4) for v in np.mean(curves, axis=0)],
    }


def plates_of(folders: Sequence[Path], limit: int | None = None) -> list[Plate]:
    """The photos with masks of some folders. Raises BadRequest where there are too few."""
    found: list[Plate] = []
    for folder in folders:
        if not folder.is_dir():
            raise BadRequest(f"{folder} is not a folder.")
        for path in find_pictures(folder, "segmentation", None)[:limit]:
            pair = read_pair(path, "any")
            marks = np.where(pair.counted, pair.truth, 128).astype(np.uint8)
            found.append(plate_of(pair.luma, marks, np.random.default_rng(len(found))))
    if len(found) < 6:
        raise BadRequest(f"{len(found)} labelled photos are too few: at least 6.")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.measuring.active_learning", description=__doc__
    )
    parser.add_argument("folders", type=Path, nargs="+", metavar="PAIRS")
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--limit", type=int, help="at most so many photos of each folder")
    options = parser.parse_args(arguments)
    try:
        if options.repeats < 1:
            raise BadRequest("--repeats must be at least 1.")
        found = simulate(plates_of(options.folders, options.limit), options.repeats)
    except (BadRequest, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
