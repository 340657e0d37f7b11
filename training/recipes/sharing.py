"""How many crops a step takes when several processes share it. No torch: pages say it, too."""

from __future__ import annotations

from config.words.pairs import Said, said
from training.recipes.fields import Recipe


def crops_at_once(recipe: Recipe, processes: int) -> int:
    """How many crops lie in one card's memory together: a process's share, in `accumulate` parts.

    Raises ValueError for fewer than one process.
    """
    if processes < 1:
        raise ValueError(f"at least one process must train, not {processes}")
    share = -(-recipe.batch // processes)
    return -(-share // recipe.accumulate)


def parts_of_a_share(recipe: Recipe, processes: int) -> int:
    """Equal parts that a process cuts its share into: `accumulate`, or fewer of a small share."""
    at_once = crops_at_once(recipe, processes)
    share = -(-recipe.batch // processes)
    return -(-share // at_once)


def crops_per_step(recipe: Recipe, processes: int) -> int:
    """The recipe's `batch`, rounded up to what so many processes can share alike.

    Rounded up and not down: a smaller batch would be a noisier one. No card ever holds more crops
    than its part of the recipe's own batch.
    """
    parts = parts_of_a_share(recipe, processes)
    return processes * parts * crops_at_once(recipe, processes)


def rounding(recipe: Recipe, processes: int) -> Said | None:
    """What is said where the recipe's batch is not what a step takes; else nothing."""
    taken = crops_per_step(recipe, processes)
    if taken == recipe.batch:
        return None
    parts = parts_of_a_share(recipe, processes)
    batch, images = recipe.batch, recipe.images
    if parts > 1:
        return said(
            "run.rounded-in-parts",
            taken=taken, batch=batch, count=processes, parts=parts, images=images,
        )  # fmt: skip
    return said("run.rounded", taken=taken, batch=batch, count=processes, images=images)
