"""Recipes: what a run is asked to do. No torch here: Django reads them."""

from training.recipes.fields import (
    KINDS,
    LATER,
    LATER_TO_FIND,
    STAGES,
    ColorizationRecipe,
    InpaintingRecipe,
    Recipe,
    RecipeError,
    SegmentationRecipe,
    Stage,
    changed,
    from_json,
)
from training.recipes.presets import PRESETS, choices, encoder_kind, preset

__all__ = [
    "KINDS",
    "LATER",
    "LATER_TO_FIND",
    "PRESETS",
    "STAGES",
    "ColorizationRecipe",
    "InpaintingRecipe",
    "Recipe",
    "RecipeError",
    "SegmentationRecipe",
    "Stage",
    "changed",
    "choices",
    "encoder_kind",
    "from_json",
    "preset",
]
