"""A stand-in for a good network: a probability map of stated recall and precision."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.effort.damage import HEIGHT, WIDTH, Damage

RECALL = PRECISION = 0.9  # by component, cracks and specks alike


@dataclass(frozen=True)
class Guess:
    """`probability` times 255; what it missed, by number from 0; the middles of what it made up."""

    probability: NDArray[np.uint8]
    missed_cracks: list[int]
    missed_specks: list[int]
    invented: list[list[float]]


def guess(case: Damage, rng: np.random.Generator) -> Guess:
    """Found parts have the truth's pixels, soft at the rim; made-up ones are spots of 2 to 7 px."""
    cracks, specks = (rng.random(len(of)) < RECALL for of in (case.lines, case.centres))
    found = np.isin(case.crack_of, 1 + np.flatnonzero(cracks))
    found |= np.isin(case.speck_of, 1 + np.flatnonzero(specks))
    taken = cv2.dilate(((case.crack_of > 0) | (case.speck_of > 0)).astype("u1"), np.ones((41, 41)))
    spots = found.astype(np.uint8)
    invented: list[list[float]] = []
    while len(invented) < round((cracks.sum() + specks.sum()) * (1 / PRECISION - 1)):
        x, y = (int(v) for v in rng.integers([20, 20], [WIDTH - 20, HEIGHT - 20]))
        if taken[y, x]:
            continue
        cv2.circle(spots, (x, y), int(rng.integers(2, 8)), 1, -1)
        cv2.circle(taken, (x, y), 40, 1, -1)
        invented.append([x + 0.5, y + 0.5])
    soft = cv2.GaussianBlur(spots * 230.0, (0, 0), 0.8)
    return Guess(
        np.rint(soft).astype(np.uint8),
        np.flatnonzero(~cracks).tolist(),
        np.flatnonzero(~specks).tolist(),
        invented,
    )
