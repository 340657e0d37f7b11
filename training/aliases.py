"""Old words for today's: read from cards, run folders and commands that an older release wrote.

One table a kind. What is written uses today's words; only digests go on under the first ones, so
that a run which began under the old words is taken up again and not refused.
"""

from collections.abc import Mapping
from typing import Any

RECIPE_FIELDS = {
    "average": "ema_decay",
    "late_share": "large_crop_fraction",
    "late_size": "large_crop_size",
    "features_share": "feature_loss_fraction",
    "frozen_share": "frozen_norm_fraction",
    "human_share": "human_mask_fraction",
    "human_from": "human_mask_start",
    "final_rate": "final_learning_rate",
}
FIRST_WORDS = {new: old for old, new in RECIPE_FIELDS.items()}


def recipe_field(name: str) -> str:
    """Today's name of a recipe's field; any other word comes back as it is."""
    return RECIPE_FIELDS.get(name, name)


def recipe_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values under today's names; where both words stand, today's decides."""
    renamed = {recipe_field(name): value for name, value in values.items()}
    return renamed | {name: value for name, value in values.items() if name not in RECIPE_FIELDS}


def first_recipe_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values under the first names that the fields ever had, as digests are taken."""
    return {FIRST_WORDS.get(name, name): value for name, value in values.items()}
