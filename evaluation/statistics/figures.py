"""What a decision says, name by name: the JSON that is stored, exported and shown. Types alone.

Strengths are natural logarithms against `reference` (null: the mean); null stands where the data
do not define a number. A study that was closed under an older release may lack what came later,
and holds sentences where now a code stands with its parameters.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

from .records.said import Said


class BallotCounts(TypedDict):
    """How often a candidate was shown (skips aside), and how that ended."""

    shown: int
    wins: int
    losses: int
    ties: int
    both_bad: int


class Evidence(TypedDict):
    """One candidate over another; `e` is null where it is beyond a float."""

    wins: int
    losses: int
    log_e: float
    e: float | None


class Elimination(TypedDict):
    by: str
    wins: int
    losses: int
    log_e: float
    at_vote: int


class Doubt(TypedDict):
    """Why a number may mislead, and the candidates it touches."""

    text: Said | str
    names: list[str]


class GuardFigures(TypedDict):
    """A condition of promotion."""

    name: str
    passed: bool
    text: Said | str


class Ranking(TypedDict):
    """By candidate; an interval is [low, high], a range [best rank, worst rank]."""

    strengths: dict[str, float | None]
    intervals: dict[str, list[float] | None]
    ranks: dict[str, int | None]
    rank_ranges: dict[str, list[int] | None]
    jod: dict[str, float | None]


class Headline(Ranking):
    """The mean over categories, with their registered weights (sum 1)."""

    weights: dict[str, float]


class Tally(Ranking):
    """What votes alone say."""

    candidates: list[str]
    reference: str | None
    standard_errors: dict[str, float | None]
    counts: dict[str, BallotCounts]
    both_bad_rates: dict[str, float | None]
    evidence: dict[str, dict[str, Evidence]]
    eliminated: dict[str, Elimination]
    winner: str | None
    decided_at: int | None
    reasons: list[Said | str]
    flags: dict[str, Doubt]
    flagged_voters: dict[str, list[str]]
    left_effect: float | None
    left_effect_standard_error: float | None
    tie: float | None
    categories: dict[str, dict[str, float]]


class Rate(TypedDict):
    """A share 0..1 with its 95 % interval."""

    times: int
    rate: float
    interval: list[float]


class Timeline(TypedDict):
    """The strongest log E against each candidate after so many decisive votes, and the bar."""

    votes: list[int]
    against: dict[str, list[float]]
    bar: float


class VoterRow(TypedDict):
    """One voter, under a pseudonym; `gold` and `repeats` are [right, of]."""

    voter: str
    votes: int
    seconds: float | None
    left: float | None
    gold: list[int]
    repeats: list[int]
    self_kappa: float | None
    flags: list[str]


class WithoutVoter(TypedDict):
    voter: str
    leader: str
    lead: float
    winner: str | None


class Quarrel(TypedDict):
    """A pair on a photo that split voters."""

    first: str
    second: str
    photo: str
    wins: list[int]


class Unflagged(TypedDict):
    """The same without flagged voters."""

    winner: str | None
    reasons: list[Said | str]
    strengths: dict[str, float | None]
    intervals: dict[str, list[float] | None]
    ranks: dict[str, int | None]
    counts: dict[str, BallotCounts]


class Result(Tally):
    """What a study says: its tally, what the page tells beside it, the guards, the verdict."""

    promotable: bool
    guards: list[GuardFigures]
    votes: int
    second_looks: NotRequired[int]
    equal_pictures: NotRequired[int]
    headline: NotRequired[Headline | None]
    tags: NotRequired[dict[str, dict[str, Rate]]]
    timeline: NotRequired[Timeline]
    voters: NotRequired[list[VoterRow]]
    agreement: NotRequired[dict[str, object]]
    without_one: NotRequired[list[WithoutVoter]]
    quarrels: NotRequired[list[Quarrel]]
    without_flagged: NotRequired[Unflagged | None]
    closed_by: NotRequired[str | None]
    last_hash: NotRequired[str]
