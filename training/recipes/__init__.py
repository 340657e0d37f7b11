"""Recipes: what a run is asked to do. No torch here: Django reads them."""

from training.recipes.fields import (
    KINDS,
    LATER,
    LATER_TO_COLOUR,
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
from training.recipes.published import is_there, lacking, with_files
from training.recipes.sharing import crops_at_once, crops_per_step, parts_of_a_share, rounding

__all__ = [
    "KINDS",
    "LATER",
    "LATER_TO_COLOUR",
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
    "crops_at_once",
    "crops_per_step",
    "encoder_kind",
    "from_json",
    "is_there",
    "lacking",
    "parts_of_a_share",
    "preset",
    "rounding",
    "with_files",
]
