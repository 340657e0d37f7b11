"""What a run begins with: the weights it goes on from, and what it has to do without."""

from __future__ import annotations

import logging
from typing import Any, Protocol

from torch import nn

from config.words.wall import in_words
from photos.files import sha256
from training.networks import weights
from training.recipes import Recipe, lacking, rounding
from training.run_folder import RunError, RunFolder, Spec
from training.trainers.data import smaller_than
from training.trainers.distributed import Ranks

log = logging.getLogger(__name__)
INHERITED = ("encoder", "cut_gives_way")  # true of what goes on from weights, too


class Beginner(Protocol):
    """What of a trainer takes part."""

    run: RunFolder
    spec: Spec
    recipe: Recipe
    ranks: Ranks
    network: nn.Module
    notes: dict[str, Any]
    parent_card: weights.Card


def load_parent(learner: Beginner) -> None:
    """Start from the parent's weights, whose hash must be the one the spec names."""
    if learner.spec.parent is None:
        return
    path = learner.run.file(learner.spec.parent["path"])
    if sha256(path) != learner.spec.parent["sha256"]:
        raise RunError(f"{path.name} is not the parent this run was made for")
    parent, card = weights.load(path)
    recipe = learner.recipe
    if (card["network"], card["arguments"]) != (recipe.network, recipe.arguments):
        raise RunError("the parent is another network than the recipe's")
    learner.network.load_state_dict(parent.state_dict())
    learner.parent_card = card
    learner.notes["parent"] = learner.spec.parent["sha256"]
    learner.notes["parent_images"] = card["images_seen"]
    learner.notes |= {key: card[key] for key in INHERITED if key in card}


def say_what_is_missing(learner: Beginner) -> None:
    """Log and card: published weights that are lacking, a batch that was rounded, and photos
    smaller than a crop, which are reflected and never enlarged."""
    if not learner.ranks.leads:
        return
    if said := rounding(learner.recipe, learner.ranks.world):
        log.warning(in_words(said))
    if lacks := lacking(learner.recipe):
        learner.notes["lacks"] = lacks
        log.warning(" ".join(map(in_words, lacks)))
    size = max(learner.recipe.size, learner.recipe.large_crop_size)
    if small := smaller_than(learner.run, size):
        learner.notes["photos_reflected"] = small
        log.warning("%s photos are smaller than crops of %s px: reflected", small, size)
