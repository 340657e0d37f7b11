"""The decision of a study from its vote records alone: the site and a replay compute it alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np

from . import promotion_checks, reports, strata
from .figures import Result
from .ranking import Options
from .records import rules as versions
from .records import vote_records
from .records.judgements import AUTOMATIC, ORDINARY, SECOND
from .records.said import said
from .tally import tally
from .voters import voter_reliability

FINAL = Options()
QUICK = Options(resamples=200)
Record = Mapping[str, Any]


def decide(
    records: Sequence[Record],
    *,
    names: Sequence[str],
    plan: Mapping[str, Any],
    reference: str | None,
    options: Options = FINAL,
) -> Result:
    """Everything the standing records say, in their order, JSON-ready.

    `names` are the candidates by position, `reference` the one in production.
    """
    ranked = vote_records.standing(records)
    judged = [vote_records.judgement(record, names) for record in ranked]
    alpha, band = float(plan["alpha"]), _band(plan)
    rule: dict[str, Any] = {"reference": reference, "alpha": alpha, "band": band}
    rule |= {"options": options, "names": names, "seed": plan["seed"]}
    rule["rules"] = versions.of(plan)
    found = tally(
        judged,
        seconds=voter_reliability.seconds(records),
        gold=voter_reliability.gold_counts(records),
        repeats=voter_reliability.repeat_counts(records),
        **rule,
    )
    flagged = found["flagged_voters"]
    rngs = np.random.default_rng([plan["seed"], 1]).spawn(2)
    parts = strata.fit(judged, names, options, rngs[0])
    weights = strata.weights_of(plan["photos"], plan.get("weights") or {})
    found |= {
        "votes": sum(j.kind == ORDINARY for j in judged),
        "second_looks": sum(j.kind == SECOND for j in judged),
        "equal_pictures": sum(j.kind == AUTOMATIC for j in judged),
        "categories": strata.by_category(parts, reference),
        "headline": strata.headline(parts, weights, reference, options.level),
        "tags": reports.tags(ranked, judged, names),
        "timeline": reports.timeline(judged, names, alpha),
        "voters": reports.voters(records, flagged),
        "agreement": reports.agree(judged, rngs[1], resamples=options.resamples),
        "without_one": reports.without_one(judged, names, alpha),
        "quarrels": reports.quarrels(judged),
        "without_flagged": None,
    }
    if flagged:
        kept = [j for j in judged if j.voter not in flagged]
        again = tally(kept, **rule)
        told = ("winner", "reasons", "strengths", "intervals", "ranks", "counts")
        found["without_flagged"] = {key: again[key] for key in told}
    winner = found["winner"]
    limits = promotion_checks.limits_of(plan)
    found["guards"] = promotion_checks.check(judged, found, winner, limits) if winner else []
    _without_weights(found, plan, names)
    found["promotable"] = bool(winner) and all(guard["passed"] for guard in found["guards"])
    return cast(Result, found)


def _without_weights(found: dict[str, Any], plan: Mapping[str, Any], names: Sequence[str]) -> None:
    """A winner that nobody can put into production, said in the verdict and as a guard."""
    winner = found["winner"]
    if winner is None or names.index(winner) not in plan.get("files", ()):
        return
    free = not plan["stage"]
    text = said("verdict.free") if free else said("verdict.from-files", winner=winner)
    guard = {"name": "weights", "passed": False, "text": text}
    found["guards"] = [guard] if free else [*found["guards"], guard]
    found["reasons"] = [*found["reasons"], text]


def _band(plan: Mapping[str, Any]) -> tuple[float, float]:
    low, high = (float(bound) for bound in plan["band"])
    return low, high
