"""`FIELD=VALUE`: a choice of a recipe as people type it, on the page and in the shell."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from training import aliases
from training.recipes.fields import Recipe, RecipeError, changed

# As `training.networks.registry` has them, which loads torch.
NETWORKS = {
    "segmentation": ("lite0", "lite", "albunet", "timm"),
    "inpainting": ("lite", "plain"),
    "colorization": ("lite", "lite_unet", "albunet", "timm"),
}


def with_changes(recipe: Recipe, rules: Iterable[str], *, said_as: str = "--set ") -> Recipe:
    """The recipe with every `FIELD=VALUE` set; values are JSON, or else plain words.

    Raises RecipeError that names the rule, as `said_as` introduces it.
    """
    known, values = recipe.to_json(), {}
    for rule in rules:
        said, equals, text = rule.partition("=")
        name = aliases.recipe_field(said.strip())
        if not equals or name not in known or name == "stage":
            raise RecipeError(f"{said_as}{rule}: the recipe has no field {name!r}")
        value = _parsed(text.strip())
        if reason := _misfit(known[name], value):
            raise RecipeError(f"{said_as}{rule}: {name} must be {reason}")
        if name == "network" and value not in NETWORKS[recipe.stage]:
            one_of = ", ".join(NETWORKS[recipe.stage])
            raise RecipeError(f"{said_as}{rule}: network must be one of {one_of}")
        values[name] = value
    return changed(recipe, **values)


def lines_of(text: str) -> list[str]:
    """A rule a line; empty lines and what follows # are left out."""
    bare = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in bare if line]


def _parsed(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _misfit(known: Any, value: Any) -> str:
    """What the value should have been, going by the one that is there; empty where it fits."""
    if isinstance(known, bool):
        return "" if isinstance(value, bool) else "true or false"
    if isinstance(known, int):
        return "" if isinstance(value, int) and not isinstance(value, bool) else "a whole number"
    if isinstance(known, float):
        fits = isinstance(value, int | float) and not isinstance(value, bool)
        return "" if fits and abs(value) < float("inf") else "a number"
    if isinstance(known, dict):
        return "" if isinstance(value, dict) else "a JSON object"
    return "" if value is None or isinstance(value, str) else "a word"
