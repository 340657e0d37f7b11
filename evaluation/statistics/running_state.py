"""A study's contest after so many votes: small, exact, and continued vote by vote. No Django.

The whole log need not be read for the next ballot: what matters of it fits in one JSON value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from .e_values import Contest, Elimination
from .likelihood import Array
from .pair_selection import REFRESH
from .records.judgements import AUTOMATIC, EQUAL, ORDINARY, SKIP
from .records.vote_records import COUNTED, judgement

MANY = "*"  # a pair on a photo that two voters or more have judged
Unit = tuple[int, int, str]


@dataclass
class Standing:
    """Everything that choosing a ballot needs to know of the counted votes.

    wins, ties: (K, K) as they are; steer_wins, steer_ties: as they were at the last refresh
    (every ten counted votes and at each elimination). units: (pair, photo) to its only voter.
    """

    models: int
    contest: Contest
    wins: Array
    ties: Array
    steer_wins: Array
    steer_ties: Array
    sequence: int = 0
    ordinary: int = 0
    units: dict[Unit, str] = field(default_factory=dict)

    @classmethod
    def empty(cls, models: int, alpha: float, band: tuple[float, float] | None) -> Standing:
        """Before any vote; `models` candidates, error `alpha`, band of equality or None."""
        names = tuple(str(position) for position in range(models))
        wins, ties, steer_wins, steer_ties = np.zeros((4, models, models))
        return cls(models, Contest(names, alpha, band), wins, ties, steer_wins, steer_ties)

    @property
    def alive(self) -> list[int]:
        """Positions of the candidates that are still in."""
        return [int(name) for name in self.contest.alive]

    @property
    def overlap(self) -> float:
        """Share of (pair, photo) units that two voters or more have judged."""
        shared = sum(voter == MANY for voter in self.units.values())
        return shared / len(self.units) if self.units else 0.0

    def add(self, record: Mapping[str, Any]) -> None:
        """Count one standing record, in the order of the log."""
        self.sequence = record["sequence"]
        if record["kind"] not in COUNTED:
            return
        found = judgement(record, self.contest.names)
        if record["kind"] != AUTOMATIC and len(found.shown) == 2 and found.outcome != SKIP:
            self._share(record["slots"], record["photo"], record["voter"])
        out = len(self.contest.eliminated)
        if record["kind"] == ORDINARY:
            self.ordinary += 1
            if found.winner is not None:
                self.contest.add(found.winner, found.losers)
        if found.winner is not None:
            for loser in found.losers:
                self.wins[int(found.winner), int(loser)] += 1
        elif found.outcome == EQUAL:
            first, second = map(int, found.shown)
            self.ties[first, second] += 1
            self.ties[second, first] += 1
        if self.ordinary % REFRESH == 0 or len(self.contest.eliminated) > out:
            self.steer_wins, self.steer_ties = self.wins.copy(), self.ties.copy()

    def _share(self, slots: list[int], photo: str, voter: str) -> None:
        unit = (min(slots), max(slots), photo)
        known = self.units.setdefault(unit, voter)
        if known != voter:
            self.units[unit] = MANY

    def to_json(self) -> dict[str, Any]:
        """What a checkpoint keeps; `from_json` reads it."""
        contest = self.contest
        return {
            "sequence": self.sequence,
            "ordinary": self.ordinary,
            "tables": [
                table.astype(int).tolist()
                for table in (self.wins, self.ties, self.steer_wins, self.steer_ties)
            ],
            "votes": contest.votes,
            "beat": [[*pair, times] for pair, times in contest.wins.items()],
            "eliminated": [asdict(item) for item in contest.eliminated],
            "winner": contest.winner,
            "equal": contest.equal,
            "units": [[*unit, voter] for unit, voter in self.units.items()],
        }

    @classmethod
    def from_json(
        cls, saved: Mapping[str, Any], models: int, alpha: float, band: tuple[float, float] | None
    ) -> Standing:
        """The standing that `to_json` wrote. Raises KeyError for a state of another form."""
        found = cls.empty(models, alpha, band)
        tables = [np.asarray(table, dtype=np.float64) for table in saved["tables"]]
        found.wins, found.ties, found.steer_wins, found.steer_ties = tables
        found.sequence, found.ordinary = saved["sequence"], saved["ordinary"]
        contest = found.contest
        contest.votes, contest.winner = saved["votes"], saved["winner"]
        contest.wins = {(first, second): times for first, second, times in saved["beat"]}
        contest.eliminated = [Elimination(**item) for item in saved["eliminated"]]
        contest.equal = None if saved["equal"] is None else (saved["equal"][0], saved["equal"][1])
        found.units = {(i, j, photo): voter for i, j, photo, voter in saved["units"]}
        return found
