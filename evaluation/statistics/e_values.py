"""Evidence that stays valid however often it is looked at: e-values, elimination, stopping."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

import numpy as np
import scipy

from .records.said import Said, said


def evidence(wins: int, losses: int) -> Fraction:
    """E(w, l), exact: the mean over t uniform on (1/2, 1) of (2t)^w (2(1-t))^l.

    If no decisive vote goes to the first with more than probability 1/2 given the past, E is a
    non-negative supermartingale from 1, so P(E ever >= x) <= 1/x (Ville's inequality).
    E = sum_{k<=w} C(n+1, k) / ((n+1) C(n, w)) with n = w + l.
    """
    _check_counts(wins, losses)
    n = wins + losses
    term = total = 1
    for k in range(wins):
        term = term * (n + 1 - k) // (k + 1)
        total += term
    return Fraction(total, (n + 1) * math.comb(n, wins))


@lru_cache(maxsize=65536)
def log_evidence(wins: int, losses: int) -> float:
    """Natural logarithm of `evidence`, for any number of votes, to about 1e-12 of its size."""
    _check_counts(wins, losses)
    n = wins + losses
    if wins >= losses:  # the tail probability is at least a half: nothing underflows
        tail = math.log(float(scipy.special.betaincc(wins + 1.0, losses + 1.0, 0.5)))
        return (n + 1) * math.log(2) + float(scipy.special.betaln(wins + 1.0, losses + 1.0)) + tail
    k = np.arange(wins + 1)
    gammaln = scipy.special.gammaln
    terms = gammaln(n + 2) - gammaln(k + 1) - gammaln(n + 2 - k)
    choose = gammaln(n + 1) - gammaln(wins + 1) - gammaln(losses + 1)
    return float(scipy.special.logsumexp(terms) - math.log(n + 1) - choose)


def _check_counts(wins: int, losses: int) -> None:
    if wins < 0 or losses < 0:
        raise ValueError(f"wins and losses cannot be negative: {wins}, {losses}")


def log_bar(models: int, alpha: float) -> float:
    """What log E must reach to throw a model out: log((K-1) / alpha), the union over rivals.

    Raises ValueError for fewer than two models or an alpha outside 0..1.
    """
    if models < 2 or not 0 < alpha < 1:
        raise ValueError("elimination needs two models or more and an alpha between 0 and 1")
    return math.log((models - 1) / alpha)


def share_sequence(wins: int, losses: int, alpha: float = 0.05) -> tuple[float, float]:
    """Bounds for the share of wins that hold at all times together with chance 1 - alpha.

    All p with B(w+1, l+1) / (p^w (1-p)^l) < 1/alpha (mixture over a uniform prior on p).
    """
    _check_counts(wins, losses)
    n = wins + losses
    if n == 0:
        return 0.0, 1.0
    best = wins / n
    level = float(scipy.special.betaln(wins + 1.0, losses + 1.0)) + math.log(alpha)

    def excess(p: float) -> float:
        return (
            (wins * math.log(p) if wins else 0.0)
            + (losses * math.log1p(-p) if losses else 0.0)
            - level
        )

    edge = 1e-15
    root = scipy.optimize.brentq
    low = root(excess, edge, best, xtol=1e-13) if wins and excess(edge) < 0 else 0.0
    high = root(excess, best, 1 - edge, xtol=1e-13) if losses and excess(1 - edge) < 0 else 1.0
    return float(low), float(high)


@dataclass(frozen=True)
class Elimination:
    """One model thrown out for good: who beat it, by how much, at which vote."""

    name: str
    by: str
    wins: int
    losses: int
    log_evidence: float
    at_vote: int

    @property
    def said(self) -> Said:
        """Who beat it, and how often."""
        return said("verdict.beat", by=self.by, name=self.name, wins=self.wins, losses=self.losses)


@dataclass
class Contest:
    """The votes of one study in their order, and who is still in.

    ```
    RUNNING ── one left alive ──> WON by it          (final: later votes change nothing)
            ── two left, share inside the band ──> EQUAL
    ```
    """

    names: tuple[str, ...]
    alpha: float = 0.05
    band: tuple[float, float] | None = (0.45, 0.55)
    votes: int = 0
    wins: dict[tuple[str, str], int] = field(default_factory=dict)
    eliminated: list[Elimination] = field(default_factory=list)
    winner: str | None = None
    equal: tuple[str, str] | None = None

    @property
    def alive(self) -> tuple[str, ...]:
        """Names of those that are still in, in their first order."""
        out = {elimination.name for elimination in self.eliminated}
        return tuple(name for name in self.names if name not in out)

    @property
    def decided(self) -> bool:
        """Whether a winner stands, or that the rest are equal."""
        return self.winner is not None or self.equal is not None

    def add(self, winner: str, losers: Iterable[str]) -> None:
        """Count one decisive ballot: the winner against each other model that was shown."""
        self.votes += 1
        for loser in losers:
            pair = (winner, loser)
            self.wins[pair] = self.wins.get(pair, 0) + 1
            if not self.decided:
                self._judge(winner, loser)

    def log_evidence(self, first: str, second: str) -> float:
        """Natural logarithm of the e-value that the first is better, from the wins so far."""
        return log_evidence(self.wins.get((first, second), 0), self.wins.get((second, first), 0))

    def _judge(self, winner: str, loser: str) -> None:
        alive = self.alive
        wins, losses = self.wins[winner, loser], self.wins.get((loser, winner), 0)
        log_e = log_evidence(wins, losses) if wins > losses else 0.0
        if loser in alive and log_e >= log_bar(len(self.names), self.alpha):
            self.eliminated.append(Elimination(loser, winner, wins, losses, log_e, self.votes))
            alive = self.alive
            if len(alive) == 1:
                self.winner = alive[0]
        elif len(alive) == 2 and set(alive) == {winner, loser} and self.band is not None:
            low, high = share_sequence(wins, losses, self.alpha)
            if self.band[0] <= low and high <= self.band[1]:
                self.equal = (alive[0], alive[1])
