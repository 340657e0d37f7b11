"""How many crops a step takes when several processes share it. No torch: pages say it, too."""

from __future__ import annotations

from training.recipes.fields import Recipe


def crops_per_step(recipe: Recipe, processes: int) -> int:
    """The recipe's `batch`, rounded up to what so many processes can share alike.

    Each process cuts its share into `accumulate` equal parts. Rounded up and not down: a smaller
    batch would be a noisier one, and a larger never needs more than one crop a part more.
    Raises ValueError for fewer than one process.
    """
    if processes < 1:
        raise ValueError(f"at least one process must train, not {processes}")
    parts = processes * recipe.accumulate
    return -(-recipe.batch // parts) * parts


def crops_at_once(recipe: Recipe, processes: int) -> int:
    """How many crops lie in one card's memory together."""
    return crops_per_step(recipe, processes) // (processes * recipe.accumulate)


def rounding(recipe: Recipe, processes: int) -> str:
    """One sentence where the recipe's batch is not what a step takes; else nothing."""
    taken = crops_per_step(recipe, processes)
    if taken == recipe.batch:
        return ""
    parts = f" in {recipe.accumulate} parts each" if recipe.accumulate > 1 else ""
    return (
        f"A step takes {taken} crops where the recipe says {recipe.batch}: {processes} processes"
        f"{parts} cannot share {recipe.batch} alike. The run still sees {recipe.images:,}."
    )
