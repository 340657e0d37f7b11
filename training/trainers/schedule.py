"""Where a run stands in its recipe: epochs, the size of crops, the learning rate, its end."""

from __future__ import annotations

import math

from training.recipes import Recipe


class Schedule:
    """All of it follows from `images`, the number of pictures seen, and from `stale`."""

    recipe: Recipe
    images: int
    batch: int
    """Crops of one step over all processes."""
    origin: int
    """Number of images at which batches begin to be counted: another number of processes takes
    other batches from where the run was left."""
    stale: int
    """Validations since the best one."""

    @property
    def epoch(self) -> int:
        return self.images // self.recipe.epoch_images

    @property
    def share(self) -> float:
        """How much of the run is done, 0..1."""
        return self.images / self.recipe.images

    def finished(self) -> bool:
        return self.images >= self.recipe.images or self.stuck()

    def stuck(self) -> bool:
        """Whether the recipe's patience is over: so many validations without a better score."""
        return 0 < self.recipe.patience <= self.stale

    def size_of(self, image: int) -> int:
        """Side of the n-th crop in px; all of a batch are alike."""
        start = image - (image - self.origin) % self.batch
        late = start / self.recipe.images >= 1 - self.recipe.large_crop_fraction
        return self.recipe.large_crop_size if late else self.recipe.size

    def rate(self) -> float:
        """Linear warm-up, then a cosine down to the final rate."""
        first, last = self.recipe.learning_rate, self.recipe.final_learning_rate
        warm = min(1.0, (self.images + self.batch) / max(1, self.recipe.warmup_images))
        return warm * (last + (first - last) * 0.5 * (1 + math.cos(math.pi * self.share)))
