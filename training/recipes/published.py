"""Published weights that recipes name by kind until a file is there. No torch: pages say it, too.

A preset cannot know where `manage.py import_encoder` keeps its files. It names the kind
(`resnet18`, `vgg16`); whoever makes a run puts the file's path there. What is still a kind when the
run starts is lacking: the run goes on without it, and its page, its log and its card say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from config.words.pairs import Said, said
from training.recipes.fields import Recipe

ENCODERS = ("resnet18", "resnet34", "resnet50", "efficientnet-lite0")
FEATURES = ("vgg16", "vgg16-hed")
KINDS = ENCODERS + FEATURES


def _named(recipe: Recipe) -> dict[str, str]:
    """What the recipe's fields name: an encoder, features, or neither."""
    found = {name: getattr(recipe, name, None) for name in ("encoder", "features")}
    return {name: value for name, value in found.items() if value}


def with_files(recipe: Recipe, files: Mapping[str, str]) -> Recipe:
    """The recipe with the path of every kind that `files` has in place of the kind's name."""
    changes = {name: files[kind] for name, kind in _named(recipe).items() if kind in files}
    return replace(recipe, **changes)  # type: ignore[arg-type]


def is_there(recipe: Recipe, field: str) -> bool:
    """Whether the field (`encoder` or `features`) names a file and not just a kind."""
    return _named(recipe).get(field, KINDS[0]) not in KINDS


def lacking(recipe: Recipe) -> list[Said]:
    """What is said of every kind that no file was found for."""
    missing = [(field, kind) for field, kind in _named(recipe).items() if kind in KINDS]
    return [
        said("lacking.encoder", kind=kind)
        if field == "encoder"
        else said("lacking.features", kind=kind)
        for field, kind in missing
    ]
