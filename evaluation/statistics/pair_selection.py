"""Which pair to show next: top-two Thompson sampling with a uniform share.

The rule looks only at the past, so it cannot hurt the validity of the evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Pair = tuple[int, int]
VERSION = "thompson-1"
REFRESH = 10  # counted votes between two posteriors
UNIFORM_SHARE = 0.10
REDRAWS = 30
NEWTON_STEPS = 6


@dataclass(frozen=True)
class Posterior:
    """Normal approximation of the strengths: mode (K,) and factor (K, K) of the covariance."""

    theta: Array
    factor: Array

    def draw(self, rng: np.random.Generator) -> Array:
        """(K,) strengths drawn from the normal approximation."""
        return np.asarray(self.theta + self.factor @ rng.standard_normal(self.theta.size))


def posterior(wins: Array, ties: Array, start: Array | None = None) -> Posterior:
    """Mode and spread of sum V[i,j] log sigmoid(theta_i - theta_j) - |theta|²/2.

    V = wins + ties / 2, both (K, K), ties symmetric: a tie is half a win, for steering only.
    """
    v = np.asarray(wins, dtype=np.float64) + np.asarray(ties, dtype=np.float64) / 2
    models = v.shape[0]
    theta = np.zeros(models) if start is None else start.copy()
    n = v + v.T
    for _ in range(NEWTON_STEPS):
        p = 1.0 / (1.0 + np.exp(theta[None, :] - theta[:, None]))
        gradient = v.sum(axis=1) - (n * p).sum(axis=1) - theta
        step = np.linalg.solve(_curvature(n, p), gradient)
        theta = theta + step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-300))
        if np.abs(step).max() < 1e-8:
            break
    p = 1.0 / (1.0 + np.exp(theta[None, :] - theta[:, None]))
    covariance = np.linalg.inv(_curvature(n, p)) + 1e-10 * np.eye(models)
    return Posterior(theta, np.asarray(np.linalg.cholesky(covariance), dtype=np.float64))


def _curvature(n: Array, p: Array) -> Array:
    a = n * p * (1 - p)
    return np.asarray(np.diag(a.sum(axis=1) + 1.0) - a)


def shuffled_pairs(alive: list[int], rng: np.random.Generator) -> list[Pair]:
    """All pairs of the living in random order: the first round, and each uniform pass."""
    pairs = list(combinations(sorted(alive), 2))
    return [pairs[index] for index in rng.permutation(len(pairs))]


def top_two(belief: Posterior, alive: list[int], rng: np.random.Generator) -> Pair:
    """The leader of one draw, and the first other leader among up to 30 more."""
    living = np.asarray(alive)
    leader = int(living[np.argmax(belief.draw(rng)[living])])
    for _ in range(REDRAWS):
        x = belief.draw(rng)[living]
        challenger = int(living[np.argmax(x)])
        if challenger != leader:
            return leader, challenger
    order = living[np.argsort(-x)]
    return leader, int(order[order != leader][0])


@dataclass
class PairRule:
    """The rule with its memory. `todo` is the running shuffled pass, `opening` the first round."""

    models: int
    rng: np.random.Generator
    belief: Posterior | None = None
    opening: list[Pair] | None = None
    todo: list[Pair] | None = None

    def refresh(self, wins: Array, ties: Array) -> None:
        """Takes in (K, K) wins of row over column, and ties; starts at the last mode."""
        start = None if self.belief is None else self.belief.theta
        self.belief = posterior(wins, ties, start)

    def next_pair(self, alive: list[int]) -> Pair:
        """Two live models in no particular order; the sides are drawn by the caller.

        Raises ValueError where fewer than two are `alive` (positions).
        """
        if len(alive) < 2:
            raise ValueError("a pair needs two models that are still in")
        if self.opening is None:
            self.opening = shuffled_pairs(list(range(self.models)), self.rng)
        pair = _pop_living(self.opening, alive)
        if pair is None and self.rng.random() < UNIFORM_SHARE:
            self.todo = self.todo or []
            pair = _pop_living(self.todo, alive)
            if pair is None:
                self.todo = shuffled_pairs(alive, self.rng)
                pair = self.todo.pop(0)
        if pair is not None:
            return pair
        if self.belief is None:
            self.refresh(np.zeros((self.models,) * 2), np.zeros((self.models,) * 2))
        assert self.belief is not None  # noqa: S101  set in the line above
        return top_two(self.belief, alive, self.rng)


def _pop_living(pairs: list[Pair], alive: list[int]) -> Pair | None:
    while pairs:
        pair = pairs.pop(0)
        if pair[0] in alive and pair[1] in alive:
            return pair
    return None
