"""A report of figures as JSON or as a table for people."""

from __future__ import annotations

import json
import math
from dataclasses import asdict

from config.words.wall import in_words
from training.measuring.benchmarks import Report


def as_json(report: Report) -> str:
    """One JSON object; undefined figures are null."""
    content = asdict(report)
    content["methods"] = {
        name: {key: _defined(value) for key, value in figures.items()}
        for name, figures in report.methods.items()
    }
    return json.dumps(content, indent=1, allow_nan=False)


def _defined(value: float) -> float | None:
    return value if math.isfinite(value) else None


def as_table(report: Report) -> str:
    """A figure a line, a method a column; an undefined figure is a dash."""
    methods = list(report.methods)
    rows = dict.fromkeys(key for figures in report.methods.values() for key in figures)
    wide = max([22, *(len(key) + 2 for key in rows)])
    columns = max([15, *(len(name) + 2 for name in methods)])
    lines = [" " * wide + "".join(f"{name:>{columns}}" for name in methods)]
    for key in rows:
        values = [report.methods[name].get(key, math.nan) for name in methods]
        shown = ("–" if math.isnan(v) else format(v, ".4g") for v in values)
        lines.append(f"{key:<{wide}}" + "".join(f"{text:>{columns}}" for text in shown))
    return "\n".join([*lines, *map(in_words, report.notes)])
