"""The one likelihood behind every ranking: Davidson pairs with a side effect, Luce choices.

All functions work on a batch of B count tables at once, so a bootstrap is one Newton run.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LONGEST_STEP = 2.0
STEPS = 60
TOLERANCE = 1e-9
FLOOR = 1e-6  # precision that keeps a solve regular where the data leave a direction free


@dataclass(frozen=True)
class Prior:
    """Weak normal priors. `tie_mean` is on the log scale; 0.35 is about 15 % ties at a par."""

    strength_sd: float = 3.0
    left_sd: float = 1.0
    tie_mean: float = math.log(0.35)
    tie_sd: float = 1.5


@dataclass(frozen=True)
class ChoiceSets:
    """The distinct best-of-N screens. `members`: (S, N) model numbers, -1 where unused.

    `slots`: (S, N) share of the left effect that a place gets, 1 in the first, 0 in the last.
    """

    members: NDArray[np.int64]
    slots: Array

    def design(self, models: int, *, side: bool) -> Array:
        """(S, N, models + 2): what each place adds to (strengths, left effect, tie)."""
        sets, places = self.members.shape
        design = np.zeros((sets, places, models + 2))
        for place in range(places):
            used = np.flatnonzero(self.members[:, place] >= 0)
            design[used, place, self.members[used, place]] = 1.0
        if side:
            design[:, :, models] = self.slots
        return np.asarray(design)


@dataclass(frozen=True)
class Estimate:
    """Maxima of B posteriors (or likelihoods, without a prior).

    theta: (B, K) log strengths, mean zero. left: (B,) left effect. log_tie: (B,) log of nu,
    -inf where ties are not modelled. information: (B, K+2, K+2) negative Hessian, gauge added.
    side: whether the left effect is modelled.
    """

    theta: Array
    left: Array
    log_tie: Array
    information: Array
    converged: NDArray[np.bool_]
    side: bool

    def covariance(self, item: int = 0) -> Array:
        """(K+2, K+2) of (strengths, left effect, log tie) of one table."""
        return np.linalg.pinv(self.information[item], hermitian=True)


def pair_probabilities(theta: Array, left: Array, log_tie: Array) -> Array:
    """(B, K, K, 3): chance of left, right, tie with row model on the left (Davidson 1970, eq. 2.5).

    Z = exp(eta/2) + exp(-eta/2) + nu with eta = theta_i - theta_j + left effect.
    """
    eta = theta[:, :, None] - theta[:, None, :] + left[:, None, None]
    worth = np.stack(
        [np.exp(eta / 2), np.exp(-eta / 2), np.broadcast_to(_nu(log_tie), eta.shape)], axis=-1
    )
    return np.asarray(worth / worth.sum(axis=-1, keepdims=True))


def choice_probabilities(design: Array, members: NDArray[np.int64], x: Array) -> Array:
    """(B, S, N): Luce's choice, exp(theta_k + slot_k) over its sum; 0 at unused places."""
    z = np.tensordot(x, design, axes=([1], [2]))
    z = np.where(members[None] >= 0, z, -np.inf)
    z = np.exp(z - z.max(axis=2, keepdims=True))
    return np.asarray(z / z.sum(axis=2, keepdims=True))


def fit(
    pairs: Array,
    *,
    choices: Array | None = None,
    sets: ChoiceSets | None = None,
    side: bool = True,
    ties: bool = True,
    prior: Prior | None = None,
    precision: Array | None = None,
) -> Estimate:
    """Fit B tables at once by Newton's method.

    pairs: (B, K, K, 3) weights of [left model, right model, (left, right, tie)].
    choices: (B, S, N) weights of best-of-N choices over `sets`.
    prior: None for maximum likelihood. precision: (K, K), replaces the strengths' own prior.
    """
    batch, models = pairs.shape[:2]
    design = None if sets is None else sets.design(models, side=side)
    penalty, centre = _penalty(models, prior, precision)
    x = np.tile(centre, (batch, 1))
    active = np.r_[np.ones(models, bool), side, ties]
    gauge = np.zeros((models + 2, models + 2))
    gauge[:models, :models] = 1.0 / models
    for _ in range(STEPS):
        gradient, information = _pair_terms(x, pairs, side=side, ties=ties)
        if design is not None and sets is not None and choices is not None:
            add_gradient, add_information = _choice_terms(x, choices, sets, design)
            gradient, information = gradient + add_gradient, information + add_information
        gradient -= (x - centre) @ penalty
        information += penalty + gauge
        _freeze(gradient, information, active)
        step = np.linalg.solve(information + FLOOR * 1e-3 * np.eye(models + 2), gradient[..., None])
        largest = np.abs(step[..., 0]).max(axis=1)
        x = x + step[..., 0] * np.minimum(1.0, LONGEST_STEP / np.maximum(largest, 1e-300))[:, None]
        if largest.max() < TOLERANCE:
            break
    x[:, :models] -= x[:, :models].mean(axis=1, keepdims=True)
    return Estimate(
        theta=x[:, :models],
        left=np.where(side, x[:, models], 0.0),
        log_tie=np.where(ties, x[:, models + 1], -np.inf),
        information=information,
        converged=largest < 1e-6,
        side=side,
    )


def _nu(log_tie: Array) -> Array:
    return np.exp(log_tie)[:, None, None]


def _penalty(models: int, prior: Prior | None, precision: Array | None) -> tuple[Array, Array]:
    """Prior precision (K+2, K+2) and the point the search starts from, which is its mean."""
    penalty = np.zeros((models + 2, models + 2))
    centre = np.zeros(models + 2)
    centre[-1] = Prior.tie_mean
    if prior is not None:
        diagonal = [prior.strength_sd**-2] * models + [prior.left_sd**-2, prior.tie_sd**-2]
        penalty = np.diag(diagonal)
        centre[-1] = prior.tie_mean
    if precision is not None:
        penalty[:models, :models] = precision
    return penalty, centre


def _pair_terms(x: Array, pairs: Array, *, side: bool, ties: bool) -> tuple[Array, Array]:
    """Gradient (B, K+2) and negative Hessian (B, K+2, K+2) of the pair tables."""
    batch, models = pairs.shape[:2]
    left = x[:, models] if side else np.zeros(batch)
    log_tie = x[:, models + 1] if ties else np.full(batch, -np.inf)
    p = pair_probabilities(x[:, :models], left, log_tie)
    n = pairs.sum(axis=-1)
    lead = p[..., 0] - p[..., 1]
    g = 0.5 * (pairs[..., 0] - pairs[..., 1] - n * lead)
    a = 0.25 * n * (p[..., 0] + p[..., 1] - lead**2)
    c = -0.5 * n * p[..., 2] * lead
    gradient = np.empty((batch, models + 2))
    gradient[:, :models] = g.sum(axis=2) - g.sum(axis=1)
    gradient[:, models] = g.sum(axis=(1, 2))
    gradient[:, models + 1] = (pairs[..., 2] - n * p[..., 2]).sum(axis=(1, 2))
    information = np.zeros((batch, models + 2, models + 2))
    both = a + a.transpose(0, 2, 1)
    information[:, :models, :models] = -both
    diagonal = np.arange(models)
    information[:, diagonal, diagonal] += both.sum(axis=2)
    for column, part in ((models, a), (models + 1, c)):
        cross = part.sum(axis=2) - part.sum(axis=1)
        information[:, :models, column] = information[:, column, :models] = cross
    cross = c.sum(axis=(1, 2))
    information[:, models, models + 1] = information[:, models + 1, models] = cross
    information[:, models, models] = a.sum(axis=(1, 2))
    information[:, -1, -1] = (n * p[..., 2] * (1 - p[..., 2])).sum(axis=(1, 2))
    return gradient, information


def _choice_terms(x: Array, counts: Array, sets: ChoiceSets, design: Array) -> tuple[Array, Array]:
    """Gradient and negative Hessian of Luce choices with weights `counts` (B, S, N)."""
    batch, size = x.shape
    p = choice_probabilities(design, sets.members, x)
    total = counts.sum(axis=2, keepdims=True)
    gradient = np.tensordot(counts - total * p, design, axes=([1, 2], [0, 1]))
    flat = design.reshape(-1, size)
    squares = (flat[:, :, None] * flat[:, None, :]).reshape(-1, size * size)
    information = ((total * p).reshape(batch, -1) @ squares).reshape(batch, size, size)
    mean = np.einsum("bsn,snp->bsp", p, design) * np.sqrt(total)
    return gradient, information - mean.transpose(0, 2, 1) @ mean


def _freeze(gradient: Array, information: Array, active: NDArray[np.bool_]) -> None:
    """Hold the parameters that are not part of the model at their place."""
    for index in np.flatnonzero(~active):
        gradient[:, index] = 0.0
        information[:, index, :] = information[:, :, index] = 0.0
        information[:, index, index] = 1.0
