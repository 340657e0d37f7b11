"""Rows of the result page: strengths as places on a line, the matrix of wins. No Django."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .ranking import win_chance

WIDTH = 240.0
MARGIN = 10.0


def spell_ranks(bounds: list[int] | None) -> str:
    if not bounds:
        return "–"
    return str(bounds[0]) if bounds[0] == bounds[1] else f"{bounds[0]}–{bounds[1]}"


def ranking_rows(result: Mapping[str, Any]) -> list[dict[str, Any]]:
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
            "interval": interval,
            "won": name == result["winner"],
            "out": result["eliminated"].get(name),
        }
        if strength is not None:
            row["low"], row["high"], row["dot"] = (
                round(place(value), 1) for value in (*interval, strength)
            )
            if result["reference"] and name != result["reference"]:
                row["chance"] = 100 * win_chance(strength)
        rows.append(row)
    return rows


def zero(result: Mapping[str, Any]) -> float:
    """Where strength 0 (the reference, or the mean) lies on the line."""
    return round(_scale(result)(0.0), 1)


def _scale(result: Mapping[str, Any]) -> Callable[[float], float]:
    ends = [0.0]
    ends += [bound for interval in result["intervals"].values() if interval for bound in interval]
    low, high = min(ends), max(ends)
    spread = max(high - low, 1e-9)
    return lambda value: MARGIN + (value - low) / spread * (WIDTH - 2 * MARGIN)


def win_matrix(result: Mapping[str, Any]) -> list[dict[str, Any]]:
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


def _cell(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"wins": entry["wins"], "losses": entry["losses"], "evidence": spell_evidence(entry)}


def spell_evidence(entry: Mapping[str, Any]) -> str:
    """E as people read it: 1.5, 116, 4·10⁶ as "over 1 million"."""
    e = entry["e"]
    if e is None or e >= 1e6:
        return "over 1 million"
    if e < 0.1:
        return "under 0.1"
    return f"{e:.1f}" if e < 10 else f"{e:,.0f}"


def category_rows(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Strengths within each category, the columns ordered as in the ranking."""
    order = [row["name"] for row in ranking_rows(result)]
    return [
        {"name": category, "strengths": [strengths[name] for name in order]}
        for category, strengths in result.get("categories", {}).items()
    ]
