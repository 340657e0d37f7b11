"""What two or more runs were asked for, where they differ: pure."""

from collections.abc import Mapping, Sequence
from typing import Any

SAID = {"name", "description"}  # words about a recipe, not choices


def differences(recipes: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Any]]]:
    """(field, a value for each recipe) of every choice that is not the same in all.

    A field that a recipe does not have, as one of another stage, is None there.
    """
    names = dict.fromkeys(name for recipe in recipes for name in recipe if name not in SAID)
    rows = [(name, [recipe.get(name) for recipe in recipes]) for name in names]
    return [(name, values) for name, values in rows if any(v != values[0] for v in values)]


def step_of(name: str) -> int | None:
    """``00001200_2.png`` -> 1200; None of another name."""
    text = name.partition("_")[0]
    return int(text) if text.isdecimal() else None


def by_step(names: Sequence[str]) -> dict[int, list[str]]:
    """Names of sample pictures by the step at which they were drawn, in order."""
    found: dict[int, list[str]] = {}
    for name in sorted(names):
        step = step_of(name)
        if step is not None:
            found.setdefault(step, []).append(name)
    return dict(sorted(found.items()))


def common(steps: Sequence[Mapping[int, Any]]) -> list[int]:
    """Steps at which every run drew samples."""
    return sorted(set.intersection(*(set(each) for each in steps))) if steps else []
