"""Rows of the result page: strengths as places on a line, the matrix of wins. No Django."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.statistics.figures import Evidence, Rate, Result
from evaluation.statistics.ranking import win_chance

WIDTH = 240.0
MARGIN = 10.0


def spell_ranks(bounds: list[int] | None) -> str:
    if not bounds:
        return "–"
    return str(bounds[0]) if bounds[0] == bounds[1] else f"{bounds[0]}–{bounds[1]}"


def ranking_rows(result: Result) -> list[dict[str, Any]]:
    """One row a candidate, strongest first, with its interval drawn on one common scale."""
    names = sorted(result["candidates"], key=lambda name: (result["ranks"][name] or 0, name))
    place = _scale(result)
    rows = []
    for name in names:
        strength, interval = result["strengths"][name], result["intervals"][name]
        rate = result["both_bad_rates"][name]
        row: dict[str, Any] = {
            "name": name,
            "ranks": spell_ranks(result["rank_ranges"][name]),
            "counts": result["counts"][name],
            "both_bad": None if rate is None else 100 * rate,
            "strength": strength,
            "jod": result["jod"][name],
            "interval": interval,
            "won": name == result["winner"],
            "out": result["eliminated"].get(name),
        }
        if strength is not None and interval is not None:
            row["low"], row["high"], row["dot"] = (
                round(place(value), 1) for value in (*interval, strength)
            )
            if result["reference"] and name != result["reference"]:
                row["chance"] = 100 * win_chance(strength)
        rows.append(row)
    return rows


def zero(result: Result) -> float:
    """Where strength 0 (the reference, or the mean) lies on the line."""
    return round(_scale(result)(0.0), 1)


def _scale(result: Result) -> Callable[[float], float]:
    ends = [0.0]
    ends += [bound for interval in result["intervals"].values() if interval for bound in interval]
    low, high = min(ends), max(ends)
    spread = max(high - low, 1e-9)
    return lambda value: MARGIN + (value - low) / spread * (WIDTH - 2 * MARGIN)


def win_matrix(result: Result) -> list[dict[str, Any]]:
    """Row beat column: wins, and how strongly the evidence speaks for the row (E in words)."""
    names = sorted(result["candidates"], key=lambda name: (result["ranks"][name] or 0, name))
    return [
        {
            "name": first,
            "cells": [
                None if first == second else _cell(result["evidence"][first][second])
                for second in names
            ],
        }
        for first in names
    ]


def _cell(entry: Evidence) -> dict[str, Any]:
    return {"wins": entry["wins"], "losses": entry["losses"], "evidence": spell_evidence(entry)}


def spell_evidence(entry: Evidence) -> str:
    """E as people read it: 1.5, 116, 4·10⁶ as "over 1 million"."""
    e = entry["e"]
    if e is None or e >= 1e6:
        return "over 1 million"
    if e < 0.1:
        return "under 0.1"
    return f"{e:.1f}" if e < 10 else f"{e:,.0f}"


def category_rows(result: Result) -> list[dict[str, Any]]:
    """Strengths within each category, the columns ordered as in the ranking."""
    order = [row["name"] for row in ranking_rows(result)]
    return [
        {"name": category, "strengths": [strengths[name] for name in order]}
        for category, strengths in result.get("categories", {}).items()
    ]


TIME_WIDTH, TIME_HEIGHT = 640.0, 260.0
TIME_LEFT, TIME_RIGHT, TIME_TOP, TIME_BOTTOM = 44.0, 150.0, 12.0, 30.0


def evidence_lines(result: Result) -> dict[str, Any] | None:
    """The strongest evidence against each candidate over the votes, with the bar to be out."""
    told = result.get("timeline")
    if not told or len(told["votes"]) < 2:
        return None
    log10 = math.log(10)
    bar = told["bar"] / log10
    top = max(bar * 1.4, 1.0)
    last = max(told["votes"])
    wide, high = TIME_WIDTH - TIME_LEFT - TIME_RIGHT, TIME_HEIGHT - TIME_TOP - TIME_BOTTOM

    def point(votes: float, log_e: float) -> tuple[float, float]:
        share = min(max(log_e, 0.0) / log10 / top, 1.0)
        return (
            round(TIME_LEFT + votes / last * wide, 1),
            round(TIME_TOP + (1 - share) * high, 1),
        )

    lines = [
        _line(place, name, [point(*at) for at in zip(told["votes"], values, strict=True)], result)
        for place, (name, values) in enumerate(told["against"].items())
    ]
    _spread(lines)
    ticks = [10**power for power in range(int(top) + 1)]
    return {
        "lines": lines,
        "bar": point(0, told["bar"])[1],
        "bar_e": math.exp(told["bar"]),
        "ticks": [(f"{tick:,}", point(0, math.log(tick))[1]) for tick in ticks],
        "last": last,
        "left": TIME_LEFT,
        "right": TIME_WIDTH - TIME_RIGHT,
        "bottom": TIME_HEIGHT - TIME_BOTTOM,
        "width": TIME_WIDTH,
        "height": TIME_HEIGHT,
    }


def _line(
    place: int, name: str, points: list[tuple[float, float]], result: Result
) -> dict[str, Any]:
    """One candidate's evidence as an SVG path."""
    return {
        "name": name,
        "hue": place % 8,
        "path": " ".join(f"{x},{y}" for x, y in points),
        "out": name in result["eliminated"],
        "end": points[-1][1],
    }


def _spread(lines: list[dict[str, Any]], gap: float = 15.0) -> None:
    """Labels at the ends of lines, moved apart so that none covers another."""
    place = TIME_TOP + 4 - gap
    for line in sorted(lines, key=lambda line: line["end"]):
        place = max(line["end"] + 4, place + gap)
        line["label"] = round(place, 1)
    over = place - (TIME_HEIGHT - TIME_BOTTOM + 6)
    if over > 0:
        for line in lines:
            line["label"] = round(line["label"] - over, 1)


def tag_rows(result: Result) -> list[dict[str, Any]]:
    """One row a reason, most told first; the columns ordered as in the ranking."""
    order = [row["name"] for row in ranking_rows(result)]
    rows = [
        {
            "reason": reason,
            "times": sum(entry["times"] for entry in told.values()),
            "cells": [_tag_cell(told.get(name)) for name in order],
        }
        for reason, told in result.get("tags", {}).items()
    ]
    return sorted(rows, key=lambda row: (-int(row["times"]), str(row["reason"])))


def _tag_cell(entry: Rate | None) -> dict[str, float] | None:
    if entry is None:
        return None
    low, high = (100 * bound for bound in entry["interval"])
    return {"rate": 100 * entry["rate"], "low": low, "high": high}


def flagged_rows(result: Result) -> list[dict[str, Any]]:
    """Strengths with and without flagged voters, the columns of one row a candidate."""
    other = result.get("without_flagged")
    if not other:
        return []
    return [
        {
            "name": row["name"],
            "with": row["strength"],
            "without": other["strengths"][row["name"]],
            "interval": other["intervals"][row["name"]],
        }
        for row in ranking_rows(result)
    ]


@dataclass(frozen=True)
class Outside:
    """What a candidate did beside its task: per cent of sound pixels, levels of luma."""

    name: str
    changed: float
    drift: float
    much: bool


MUCH_CHANGED = 0.05  # of the sound pixels: worth a sentence


def outside_rows(plan: Mapping[str, Any], labels: Sequence[str]) -> list[Outside]:
    """By candidate, of a study that took pictures from files; empty for others."""
    figures = plan.get("outside", [])
    return [
        Outside(
            name,
            100 * float(row["sound_changed"]),
            float(row["luma_drift"]),
            plan["stage"] == "inpainting" and float(row["sound_changed"]) > MUCH_CHANGED,
        )
        for name, row in zip(labels, figures, strict=False)
        if row
    ]
