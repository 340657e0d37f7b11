"""What the result page tells beside the ranking: tags, voters, quarrels, the way. No Django."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

import numpy as np

from .binomial import wilson
from .e_values import log_bar, log_evidence
from .likelihood import Prior
from .ranking import Options, count, estimate
from .records.judgements import AUTOMATIC, BEST, ORDINARY, SECOND, SKIP, Judgement
from .tally import hold_contest
from .voters import agreement, voter_reliability

MOST_POINTS = 120
MOST_QUARRELS = 6
Record = Mapping[str, Any]


def tags(
    records: Sequence[Record], judgements: Sequence[Judgement], names: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """How often a reason was given against each model, with its 95 % interval (Wilson).

    A reason speaks against what was not chosen: the losers, or all where none was acceptable.
    """
    shown: Counter[str] = Counter()
    told: Counter[tuple[str, str]] = Counter()
    for record, judgement in zip(records, judgements, strict=True):
        if judgement.outcome == SKIP or judgement.kind == AUTOMATIC:
            continue
        shown.update(judgement.shown)
        blamed = judgement.losers if judgement.outcome == BEST else judgement.shown
        for reason in set(record["reasons"]):
            told.update((reason, name) for name in blamed)
    found: dict[str, dict[str, Any]] = {}
    for reason in sorted({reason for reason, _ in told}):
        found[reason] = {
            name: _rate(told[reason, name], shown[name]) for name in names if shown[name]
        }
    return found


def _rate(times: int, of: int) -> dict[str, Any]:
    return {"times": times, "rate": times / of, "interval": list(wilson(times, of))}


def timeline(judgements: Sequence[Judgement], names: Sequence[str], alpha: float) -> dict[str, Any]:
    """The strongest log E against each model after so many decisive votes, thinned to be drawn."""
    votes: dict[tuple[str, str], int] = {}
    worst = dict.fromkeys(names, 0.0)
    rows: list[tuple[int, list[float]]] = [(0, [0.0] * len(names))]
    decisive = [j for j in judgements if j.winner is not None and j.kind == ORDINARY]
    every = max(1, math.ceil(len(decisive) / MOST_POINTS))
    for number, judgement in enumerate(decisive, start=1):
        winner = str(judgement.winner)
        for loser in judgement.losers:
            votes[winner, loser] = votes.get((winner, loser), 0) + 1
            for name in (winner, loser):
                worst[name] = _worst(name, names, votes)
        if number % every == 0 or number == len(decisive):
            rows.append((number, [worst[name] for name in names]))
    return {
        "votes": [number for number, _ in rows],
        "against": {name: [row[k] for _, row in rows] for k, name in enumerate(names)},
        "bar": log_bar(len(names), alpha) if len(names) > 1 else 0.0,
    }


def _worst(name: str, names: Sequence[str], votes: Mapping[tuple[str, str], int]) -> float:
    rivals = (
        log_evidence(votes.get((rival, name), 0), votes.get((name, rival), 0))
        for rival in names
        if rival != name
    )
    return max(0.0, *rivals)


def voters(records: Sequence[Record], flagged: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """One row a voter: how much, how fast, how steady. Practice is left out."""
    gold, repeats = voter_reliability.gold_counts(records), voter_reliability.repeat_counts(records)
    answers = voter_reliability.repeated_answers(records)
    rows = []
    for voter in sorted({record["voter"] for record in records if record["voter"]}):
        mine = [
            r for r in records if r["voter"] == voter and r["kind"] != voter_reliability.TRAINING
        ]
        if not mine:
            continue
        left, right = (sum(r["outcome"] == side for r in mine) for side in ("left", "right"))
        times = [float(r["seconds"]) for r in mine if r["seconds"] is not None]
        first, second = answers.get(voter, ([], []))
        rows.append(
            {
                "voter": voter,
                "votes": sum(r["kind"] in (ORDINARY, SECOND) for r in mine),
                "seconds": median(times) if times else None,
                "left": left / (left + right) if left + right else None,
                "gold": list(gold.get(voter, (0, 0))),
                "repeats": list(repeats.get(voter, (0, 0))),
                "self_kappa": agreement.self_kappa(first, second),
                "flags": list(flagged.get(voter, [])),
            }
        )
    return rows


def agree(
    judgements: Sequence[Judgement], rng: np.random.Generator, *, resamples: int
) -> dict[str, Any]:
    """Alpha and kappa over (pair, photo) units, outcomes in terms of models."""
    ratings: dict[tuple[str, str], str] = {}
    for j in judgements:
        if len(j.shown) == 2 and j.voter and j.photo and j.outcome != SKIP:
            unit = "|".join([*sorted(j.shown), j.photo])
            ratings[unit, j.voter] = j.winner or j.outcome
    rows = [(unit, voter, value) for (unit, voter), value in ratings.items()]
    found = agreement.agreement(rows, rng, resamples=resamples)
    kappa = agreement.fleiss_kappa(agreement.unit_counts(rows)[0])
    return agreement.as_json(found, kappa)


def without_one(
    judgements: Sequence[Judgement], names: Sequence[str], alpha: float
) -> list[dict[str, Any]]:
    """For each voter: who would lead without her, by how much, and who would be decided."""
    ranked = [j for j in judgements if j.ranks]
    people = sorted({j.voter for j in ranked if j.voter})
    if len(people) < 2:
        return []
    counts = count(ranked, names)
    rest = np.array([[j.voter != voter for j in ranked] for voter in people], dtype=np.float64)
    theta = estimate(counts, counts.tables(rest), Options(), Prior()).theta
    rows = []
    for place, voter in enumerate(people):
        order = np.argsort(-theta[place])
        contest = hold_contest([j for j in judgements if j.voter != voter], names, alpha)
        rows.append(
            {
                "voter": voter,
                "leader": names[int(order[0])],
                "lead": float(theta[place, order[0]] - theta[place, order[1]]),
                "winner": contest.winner,
            }
        )
    return rows


def quarrels(judgements: Iterable[Judgement]) -> list[dict[str, Any]]:
    """Pairs on one photo that split voters most: many votes, near half and half."""
    units: dict[tuple[str, str, str], Counter[str]] = {}
    for j in judgements:
        if len(j.shown) == 2 and j.winner is not None and j.photo:
            first, second = sorted(j.shown)
            units.setdefault((first, second, j.photo), Counter())[j.winner] += 1
    split = [
        (min(won[first], won[second]), -abs(won[first] - won[second]), first, second, photo, won)
        for (first, second, photo), won in units.items()
        if won[first] and won[second]
    ]
    split.sort(key=lambda row: (-row[0], -row[1], row[2:5]))
    return [
        {"first": first, "second": second, "photo": photo, "wins": [won[first], won[second]]}
        for _, _, first, second, photo, won in split[:MOST_QUARRELS]
    ]
