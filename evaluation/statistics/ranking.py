"""From judgements to strengths: count tables, standard errors, two-way bootstrap, ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from .likelihood import Array, ChoiceSets, Estimate, Prior, fit
from .records.judgements import EQUAL, Judgement

Ints = NDArray[np.int64]
OUTCOMES = {"left": 0, "right": 1, EQUAL: 2}
CHUNK = 250  # resamples fitted at once: bounds the memory, not the result
WEAK = Prior()
LOOSE = Prior(strength_sd=100.0, left_sd=100.0, tie_sd=100.0)  # keeps bootstrap tables solvable


@dataclass(frozen=True)
class Options:
    """How a ranking is made. `ties`: "davidson" models them, "half" counts half a win each."""

    ties: str = "davidson"
    side: bool = True
    prior: Prior | None = WEAK
    resamples: int = 1000
    level: float = 0.95


@dataclass(frozen=True)
class Counts:
    """Judgements as numbers. `cells`: (n,) flat cell of the tables.

    Pair cells come first, K*K*3 of them, then the cells of `sets`. `voters`, `photos`: (n,)
    cluster numbers; a judgement without a voter (photo) is a cluster of its own.
    """

    names: tuple[str, ...]
    cells: Ints
    sets: ChoiceSets | None
    voters: Ints
    photos: Ints

    @property
    def size(self) -> int:
        """Cells of all tables together."""
        models = len(self.names)
        return models * models * 3 + (0 if self.sets is None else self.sets.members.size)

    def tables(self, weights: Array | None = None) -> tuple[Array, Array | None]:
        """Pair tables (B, K, K, 3) and choice tables (B, S, N) for weights (B, n), or plain."""
        rows = [None] if weights is None else weights
        flat = np.stack(
            [np.bincount(self.cells, weights=row, minlength=self.size) for row in rows]
        ).astype(np.float64)
        return self.split(flat)

    def split(self, flat: Array) -> tuple[Array, Array | None]:
        """(B, size) to pair tables (B, K, K, 3) and choice tables (B, S, N)."""
        models = len(self.names)
        edge = models * models * 3
        pairs = flat[:, :edge].reshape(len(flat), models, models, 3)
        if self.sets is None:
            return pairs, None
        return pairs, flat[:, edge:].reshape(len(flat), *self.sets.members.shape)


def count(judgements: Sequence[Judgement], names: Sequence[str]) -> Counts:
    """Number models, voters and photos; give each ballot its cell. Only those that rank count."""
    judgements = [judgement for judgement in judgements if judgement.ranks]
    number = {name: index for index, name in enumerate(names)}
    models = len(number)
    screens = sorted({(j.shown, j.slots_known) for j in judgements if len(j.shown) > 2})
    sets, place = _choice_sets(screens, number)
    width = 0 if sets is None else sets.members.shape[1]
    cells = np.empty(len(judgements), dtype=np.int64)
    for index, judgement in enumerate(judgements):
        if len(judgement.shown) == 2:
            left, right = (number[name] for name in judgement.shown)
            cells[index] = (left * models + right) * 3 + OUTCOMES[judgement.side]
        elif judgement.best is not None:
            row = place[judgement.shown, judgement.slots_known]
            cells[index] = models * models * 3 + row * width + judgement.best
    return Counts(
        names=tuple(names),
        cells=cells,
        sets=sets,
        voters=_clusters([judgement.voter for judgement in judgements]),
        photos=_clusters([judgement.photo for judgement in judgements]),
    )


def _choice_sets(
    screens: Sequence[tuple[tuple[str, ...], bool]], number: Mapping[str, int]
) -> tuple[ChoiceSets | None, dict[tuple[tuple[str, ...], bool], int]]:
    if not screens:
        return None, {}
    width = max(len(shown) for shown, _ in screens)
    members = np.full((len(screens), width), -1, dtype=np.int64)
    slots = np.zeros((len(screens), width))
    for row, (shown, slots_known) in enumerate(screens):
        members[row, : len(shown)] = [number[name] for name in shown]
        if slots_known:
            slots[row, : len(shown)] = np.linspace(1.0, 0.0, len(shown))
    return ChoiceSets(members, slots), {screen: row for row, screen in enumerate(screens)}


def _clusters(labels: Sequence[str]) -> Ints:
    numbers: dict[object, int] = {}
    keys = (label or ("alone", index) for index, label in enumerate(labels))
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def halve_ties(pairs: Array) -> Array:
    """Ties as half a win for each side (keeps the order, shrinks the strengths).

    Pair tables (B, K, K, 3), as `Counts.tables` makes them.
    """
    halved = pairs.copy()
    halved[..., :2] += halved[..., 2:] / 2
    halved[..., 2] = 0.0
    return halved


def estimate(
    counts: Counts,
    tables: tuple[Array, Array | None],
    options: Options,
    prior: Prior | None,
    *,
    precision: Array | None = None,
) -> Estimate:
    """Fit batch `tables` of `counts` as `options` say.

    `tables` are (B, K, K, 3) and (B, S, N); `precision` is (K, K), as in `likelihood.fit`.
    """
    pairs, choices = tables
    if options.ties == "half":
        pairs = halve_ties(pairs)
    return fit(
        pairs,
        choices=choices,
        sets=counts.sets,
        side=options.side and _sides_seen(counts, pairs),
        ties=options.ties == "davidson" and bool(pairs[..., 2].any()),
        prior=prior,
        precision=precision,
    )


def _sides_seen(counts: Counts, pairs: Array) -> bool:
    return bool(pairs.any()) or (counts.sets is not None and bool(counts.sets.slots.any()))


def standard_errors(found: Estimate, reference: int | None) -> tuple[Array, float, float]:
    """Of theta_k - theta_reference (or of the centred theta), of the left effect, of log nu.

    The first is (K,), the others are scalar; all of the first table.
    """
    covariance = found.covariance()
    models = found.theta.shape[1]
    contrast = np.eye(models) - 1.0 / models
    if reference is not None:
        contrast = np.eye(models)
        contrast[:, reference] -= 1.0
    spread = contrast @ covariance[:models, :models] @ contrast.T
    variances = np.clip(np.r_[np.diag(spread), np.diag(covariance)[models:]], 0.0, None)
    errors = np.sqrt(variances)
    return errors[:models], float(errors[models]), float(errors[models + 1])


def multiplicities(counts: Counts, resamples: int, rng: np.random.Generator) -> Resampling:
    """Two-way cluster resamples, drawn at once.

    Voters and photos are drawn independently with replacement; a vote weighs the product of
    both counts (Owen 2007, the pigeonhole bootstrap; it leans to the wide side). A factor with a
    single cluster has nothing to draw; one of single votes says nothing about clusters. Without
    any factor each vote is drawn by itself.
    """
    votes = counts.cells.size
    sizes = [(int(c.max()) + 1 if votes else 0, c) for c in (counts.voters, counts.photos)]
    factors = [(size, c) for size, c in sizes if 1 < size < votes] or [(votes, np.arange(votes))]
    group = np.zeros(votes, dtype=np.int64)
    for size, clusters in factors:
        group = group * size + clusters
    groups, first, place = np.unique(group, return_index=True, return_inverse=True)
    table = scipy.sparse.coo_matrix(
        (np.ones(votes, dtype=np.float32), (counts.cells, place)), (counts.size, groups.size)
    ).tocsr()
    drawn = [
        (rng.multinomial(size, np.full(size, 1.0 / size), resamples).astype(np.float32), clusters)
        for size, clusters in factors
    ]
    return Resampling(table, [(times, clusters[first]) for times, clusters in drawn])


@dataclass(frozen=True)
class Resampling:
    """table: (cells, groups) votes of each voter and photo together, sparse.

    factors: counts (R, clusters) and each group's cluster; a group weighs their product.
    """

    table: Any
    factors: list[tuple[NDArray[np.float32], Ints]]

    def weights(self, start: int, stop: int) -> NDArray[np.float32]:
        """groups x resamples from `start` to `stop`: how many times each group was drawn."""
        found = np.ones((self.table.shape[1], stop - start), dtype=np.float32)
        for drawn, clusters in self.factors:
            found *= drawn[start:stop].T[clusters]
        return found

    def tables(self, start: int, stop: int) -> Array:
        """resamples x cells: exact, for counts stay far below 2^24."""
        return np.asarray((self.table @ self.weights(start, stop)).T, dtype=np.float64)


@dataclass(frozen=True)
class Resamples:
    """Bootstrap draws: theta (R, K) with mean zero, left (R,), log_tie (R,)."""

    theta: Array
    left: Array
    log_tie: Array

    def strengths(self, reference: int | None) -> Array:
        """(R, K) log strengths, less those of the reference where one is named."""
        return self.theta if reference is None else self.theta - self.theta[:, [reference]]

    def ranks(self) -> Ints:
        """(R, K) rank of each model in each resample, 1 is the strongest."""
        return np.asarray(np.argsort(np.argsort(-self.theta, axis=1), axis=1) + 1)


def bootstrap(
    counts: Counts,
    options: Options,
    rng: np.random.Generator,
    *,
    precision: Array | None = None,
) -> Resamples:
    """Two-way cluster bootstrap of the whole fit, batched.

    `precision` is (K, K), as in `likelihood.fit`.
    """
    drawn = multiplicities(counts, options.resamples, rng)
    prior = options.prior or LOOSE
    parts = []
    for start in range(0, options.resamples, CHUNK):
        flat = drawn.tables(start, min(start + CHUNK, options.resamples))
        tables = counts.split(flat)
        parts.append(estimate(counts, tables, options, prior, precision=precision))
    return Resamples(
        theta=np.concatenate([part.theta for part in parts]),
        left=np.concatenate([part.left for part in parts]),
        log_tie=np.concatenate([part.log_tie for part in parts]),
    )


def percentile_interval(draws: Array, level: float) -> tuple[float, float]:
    """The central share `level` (0..1) of the draws: its lower and upper end."""
    tail = 50 * (1 - level)
    low, high = np.percentile(draws, [tail, 100 - tail])
    return float(low), float(high)


def ranks(theta: Sequence[float], *, tolerance: float = 1e-6) -> list[int]:
    """Rank of each strength, 1 the strongest; equal strengths share the better rank."""
    return [1 + sum(other > value + tolerance for other in theta) for value in theta]


def win_chance(difference: float) -> float:
    """Chance to win a decisive vote without a side effect, from a difference of strengths."""
    return float(1.0 / (1.0 + np.exp(-difference)))


def jod(difference: float) -> float:
    """Just-objectionable differences: 1 JOD is a win chance of 75 %."""
    return float(difference / np.log(3.0))


def strata_precision(models: int, strata: int, *, strength_sd: float, spread: float) -> Array:
    """Prior precision of theta_ks = theta_k + u_ks, partial pooling: (S * K, S * K).

    S is `strata`, K `models`. theta_k has `strength_sd`, u_ks has `spread`; row s * models + k.
    """
    covariance = np.kron(
        strength_sd**2 * np.ones((strata, strata)) + spread**2 * np.eye(strata), np.eye(models)
    )
    return np.asarray(np.linalg.inv(covariance))
