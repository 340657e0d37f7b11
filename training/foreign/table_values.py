"""Single values of a table that somebody wrote by hand: each is there and of its kind, or is named
in a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

LONGEST = 2000  # letters of a text


class AdapterError(ValueError):
    """The description cannot be used; the message is a sentence for whoever wrote it."""


def known(table: Any, what: str, keys: set[str]) -> None:
    """Raises AdapterError for a word that nobody reads: a slip would change pictures silently."""
    if not isinstance(table, Mapping):
        raise AdapterError(f"{what} is a table with names.")
    if more := sorted(set(map(str, table)) - keys):
        raise AdapterError(
            f"{what} knows no {', '.join(more)}; it knows {', '.join(sorted(keys))}."
        )


def section(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A table within the table."""
    found = table.get(name)
    if not isinstance(found, Mapping):
        raise AdapterError(f"The adapter has no [{name}].")
    return found


def rows(table: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """One to four tables of the same name."""
    found = table.get(name)
    if not isinstance(found, list) or not 1 <= len(found) <= 4:
        raise AdapterError(f"The adapter has one to four [[{name}]].")
    return found


def text(table: Mapping[str, Any], name: str) -> str:
    """A text that must stand there."""
    found = table.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= LONGEST or "\0" in found:
        raise AdapterError(f"{name} must be a text, not {found!r}.")
    return found


def one_of(
    table: Mapping[str, Any], name: str, values: tuple[str, ...], default: str | None = None
) -> str:
    """One word of some."""
    found = table.get(name, default)
    if not isinstance(found, str) or found not in values:
        raise AdapterError(f"{name} must be one of {', '.join(values)}, not {found!r}.")
    return found


def flag(table: Mapping[str, Any], name: str) -> bool:
    """true or false; false where it is not said."""
    found = table.get(name, False)
    if not isinstance(found, bool):
        raise AdapterError(f"{name} must be true or false, not {found!r}.")
    return found


def number(table: Mapping[str, Any], name: str, default: float, low: float, high: float) -> float:
    """A finite number within bounds."""
    found = table.get(name, default)
    plain = isinstance(found, int | float) and not isinstance(found, bool)
    if not plain or not low <= found <= high:
        raise AdapterError(f"{name} must be a number {low:g} to {high:g}, not {found!r}.")
    return float(found)


def whole(table: Mapping[str, Any], name: str, most: int) -> int:
    """A whole number from 1."""
    found = table.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or not 1 <= found <= most:
        raise AdapterError(f"{name} must be a whole number 1 to {most}, not {found!r}.")
    return found


def span(table: Mapping[str, Any], default: list[float]) -> tuple[float, float]:
    """The two ends of a range, which differ."""
    low, high = _floats(table.get("range", default), "range", 2)
    if low == high:
        raise AdapterError("The two ends of a range differ.")
    return low, high


def numbers(table: Mapping[str, Any], name: str, count: int, default: float) -> tuple[float, ...]:
    """One number a channel; one alone stands for all."""
    found = table.get(name, [default] * count)
    return _floats([found] * count if isinstance(found, int | float) else found, name, count)


def _floats(values: Any, name: str, count: int) -> tuple[float, ...]:
    plain = isinstance(values, list) and len(values) == count
    if not plain or not all(
        isinstance(each, int | float) and not isinstance(each, bool) and math.isfinite(each)
        for each in values
    ):
        raise AdapterError(f"{name} must be {count} finite numbers, not {values!r}.")
    return tuple(float(each) for each in values)
