"""Thousands of studies at once with made-up voters: how many votes a winner takes, how often a
false one is named. The rules are those of `pairing` and `evidence`, in lockstep over all runs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import scipy
from numpy.typing import NDArray

from .e_values import log_bar
from .likelihood import Array, Prior, fit
from .pair_selection import NEWTON_STEPS, REDRAWS, REFRESH, UNIFORM_SHARE

Ints = NDArray[np.int64]
RULES = ("thompson", "random", "naive")
NEVER = -1


@dataclass(frozen=True)
class Crowd:
    """Voters as they were measured elsewhere; strengths and biases are natural logarithms.

    Photos shift every model by a normal offset, mirrored in pairs so that equal models stay
    equal; one voter does not see a photo again within `apart` ballots.
    """

    tie_weight: float = 0.35
    left_bias: float = 0.15
    random_clicks: float = 0.03
    photos: int = 60
    photo_sd: float = 0.3
    voters: int = 10
    apart: int = 20


@dataclass(frozen=True)
class Outcome:
    """winner: (R,) model or NEVER. votes: (R,) ballots until the decision, or the cap."""

    winner: Ints
    votes: Ints


def strengths(models: int, lead: float) -> Array:
    """(K,) log strengths: the best leads the second by `lead` of decisive votes.

    The others lie 0.3 apart.
    """
    gap = math.log(lead / (1 - lead))
    rest = -0.3 * np.arange(models - 1)
    return np.concatenate([[gap], rest])


def tied(models: int) -> Array:
    """(K,) log strengths: two equal best; the others 0.3 apart below them."""
    return np.concatenate([[0.0], -0.3 * np.maximum(np.arange(models - 1), 0)])


def simulate(
    theta: Array,
    rule: str,
    *,
    runs: int,
    cap: int,
    rng: np.random.Generator,
    alpha: float = 0.05,
    crowd: Crowd | None = None,
) -> Outcome:
    """`runs` studies of models with true strengths `theta` (K,) under one rule of stopping.

    thompson: this product. random: pairs at random, the same evidence. naive: pairs at random,
    stop as soon as the 95 % interval of the best's lead over each other one is above nothing (a
    look every ten votes).
    """
    world = _World(theta, runs, rng, crowd or Crowd())
    winner, votes = np.full(runs, NEVER), np.full(runs, cap)
    alive = np.ones((runs, theta.size), dtype=bool)
    steer = _Steering(theta.size, runs, rng)
    bar = log_bar(theta.size, alpha)
    for vote in range(1, cap + 1):
        running = winner == NEVER
        if not running.any():
            break
        pairs = steer.choose(rule, alive, vote)
        decisive = world.ballot(pairs, vote)
        if rule == "naive":
            if vote % REFRESH == 0:
                _look(world, winner, votes, running, vote)
            continue
        out = world.evidence(decisive) >= bar
        rows = np.flatnonzero(out & running)
        alive[rows, decisive[rows, 1]] = False
        if rule == "thompson" and (vote % REFRESH == 0 or rows.size):
            steer.refresh(world, rows if vote % REFRESH else np.arange(runs))
        won = rows[alive[rows].sum(axis=1) == 1]
        winner[won], votes[won] = alive[won].argmax(axis=1), vote
    return Outcome(winner, votes)


class _World:
    """True strengths, the voters' answers, and the tables of what they said."""

    def __init__(self, theta: Array, runs: int, rng: np.random.Generator, crowd: Crowd) -> None:
        models = theta.size
        self.theta, self.rng, self.crowd, self.rows = theta, rng, crowd, np.arange(runs)
        self.wins = np.zeros((runs, models, models))
        self.ties = np.zeros((runs, models, models))
        self.sides = np.zeros((runs, models, models, 3))
        half = rng.normal(0, crowd.photo_sd, (runs, crowd.photos // 2, models))
        self.offsets = np.concatenate([half, -half], axis=1)
        self.seen = np.full((runs, crowd.voters, crowd.apart), -1)

    def ballot(self, pairs: Ints, vote: int) -> Ints:
        """(R, 2) winner and loser, or (-1, -1) for a tie; the tables are brought up to date."""
        rng, rows, crowd = self.rng, self.rows, self.crowd
        flip = rng.random(rows.size) < 0.5
        left = np.where(flip, pairs[:, 1], pairs[:, 0])
        right = np.where(flip, pairs[:, 0], pairs[:, 1])
        photo = self._photo(vote)
        level = self.theta + self.offsets[rows, photo]
        eta = level[rows, left] - level[rows, right] + crowd.left_bias
        worth = np.stack([np.exp(eta / 2), np.exp(-eta / 2), np.full(eta.size, crowd.tie_weight)])
        chance = (1 - crowd.random_clicks) * worth / worth.sum(axis=0)
        chance[:2] += crowd.random_clicks / 2
        drawn = rng.random(rows.size)
        said = (drawn >= chance[0]).astype(int) + (drawn >= chance[0] + chance[1])
        self.sides[rows, left, right, said] += 1
        even = said == 2
        self.ties[rows[even], left[even], right[even]] += 1
        self.ties[rows[even], right[even], left[even]] += 1
        best, worst = np.where(said == 0, left, right), np.where(said == 0, right, left)
        self.wins[rows[~even], best[~even], worst[~even]] += 1
        return np.where(even[:, None], -1, np.stack([best, worst], axis=1))

    def _photo(self, vote: int) -> Ints:
        """Uniform among what this voter has not seen lately."""
        voter = vote % self.crowd.voters
        score = self.rng.random((self.rows.size, self.crowd.photos + 1))
        np.put_along_axis(score, self.seen[:, voter], -1.0, axis=1)  # -1 lands on the spare place
        score[:, -1] = -1.0
        photo = score.argmax(axis=1)
        self.seen[:, voter] = np.roll(self.seen[:, voter], 1, axis=1)
        self.seen[:, voter, 0] = photo
        return np.asarray(photo)

    def evidence(self, decisive: Ints) -> Array:
        """log E of each run's winner over its loser; minus infinity after a tie."""
        found = np.full(self.rows.size, -np.inf)
        rows = np.flatnonzero(decisive[:, 0] >= 0)
        first, second = decisive[rows].T
        w, lost = self.wins[rows, first, second], self.wins[rows, second, first]
        ahead = w > lost
        w, lost, rows = w[ahead], lost[ahead], rows[ahead]
        tail = np.log(scipy.special.betaincc(w + 1, lost + 1, 0.5))
        found[rows] = (w + lost + 1) * math.log(2) + scipy.special.betaln(w + 1, lost + 1) + tail
        return found


class _Steering:
    """Which pair each run shows next."""

    def __init__(self, models: int, runs: int, rng: np.random.Generator) -> None:
        self.rng, self.runs, self.models = rng, runs, models
        self.pairs = np.array(list(combinations(range(models), 2)))
        order = rng.random((runs, len(self.pairs))).argsort(axis=1)
        self.opening = self.pairs[order]
        self.theta = np.zeros((runs, models))
        self.factor = np.tile(np.eye(models), (runs, 1, 1))

    def choose(self, rule: str, alive: NDArray[np.bool_], vote: int) -> Ints:
        if rule != "thompson":
            return np.asarray(self.pairs[self.rng.integers(len(self.pairs), size=self.runs)])
        if vote <= len(self.pairs):
            opening = self.opening[:, vote - 1]
            fine = np.take_along_axis(alive, opening, axis=1).all(axis=1)
            if fine.all():
                return np.asarray(opening)
        chosen = self._top_two(alive)
        uniform = self.rng.random(self.runs) < UNIFORM_SHARE
        score = np.where(alive, self.rng.random(alive.shape), -1.0)
        chosen[uniform] = np.argsort(-score, axis=1)[uniform, :2]
        return chosen

    def _top_two(self, alive: NDArray[np.bool_]) -> Ints:
        z = self.rng.standard_normal((self.runs, REDRAWS + 1, self.models))
        x = self.theta[:, None] + np.einsum("rij,rdj->rdi", self.factor, z)
        x = np.where(alive[:, None], x, -np.inf)
        best = x.argmax(axis=2)
        leader = best[:, 0]
        other = best[:, 1:] != leader[:, None]
        draw = np.where(other.any(axis=1), other.argmax(axis=1), REDRAWS - 1) + 1
        last = x[np.arange(self.runs), draw].copy()
        last[np.arange(self.runs), leader] = -np.inf
        return np.stack([leader, last.argmax(axis=1)], axis=1)

    def refresh(self, world: _World, rows: Ints) -> None:
        v = world.wins[rows] + world.ties[rows] / 2
        self.theta[rows], self.factor[rows] = posteriors(v, self.theta[rows])


def posteriors(v: Array, start: Array) -> tuple[Array, Array]:
    """`pairing.posterior` for many tables (R, K, K): modes (R, K) and factors (R, K, K)."""
    theta, n = start.copy(), v + v.transpose(0, 2, 1)
    eye = np.eye(v.shape[1])

    def curvature() -> tuple[Array, Array]:
        p = 1.0 / (1.0 + np.exp(theta[:, None, :] - theta[:, :, None]))
        a = n * p * (1 - p)
        return p, eye * (a.sum(axis=2) + 1.0)[:, :, None] - a

    for _ in range(NEWTON_STEPS):
        p, hessian = curvature()
        gradient = v.sum(axis=2) - (n * p).sum(axis=2) - theta
        step = np.linalg.solve(hessian, gradient[..., None])[..., 0]
        largest = np.maximum(np.abs(step).max(axis=1, keepdims=True), 1e-300)
        theta = theta + step * np.minimum(1.0, 2.0 / largest)
        if largest.max() < 1e-8:
            break
    covariance = np.linalg.inv(curvature()[1]) + 1e-10 * eye
    return theta, np.asarray(np.linalg.cholesky(covariance))


def _look(world: _World, winner: Ints, votes: Ints, running: NDArray[np.bool_], vote: int) -> None:
    """Names the best of each run whose lead over every other has an interval above nothing."""
    rows = np.flatnonzero(running)
    found = fit(world.sides[rows], prior=Prior())
    models = found.theta.shape[1]
    covariance = np.linalg.inv(found.information)[:, :models, :models]
    best, place = found.theta.argmax(axis=1), np.arange(rows.size)
    own = np.diagonal(covariance, axis1=1, axis2=2)
    variance = own + own[place, best][:, None] - 2 * covariance[place, best]
    least = found.theta[place, best][:, None] - found.theta - 1.96 * np.sqrt(variance)
    least[place, best] = np.inf
    parted = (least > 0).all(axis=1)
    winner[rows[parted]], votes[rows[parted]] = best[parted], vote
