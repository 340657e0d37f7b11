"""The trials are comparable: equal length, one choice changed, networks that exist."""

import pytest

from training.measuring.ablations.plan import START, TRIALS, Length, recipe_of, trials
from training.networks.registry import build
from training.recipes import STAGES

every = pytest.mark.parametrize("trial", TRIALS, ids=lambda t: f"{t.stage}, {t.name}")


@every
def test_every_trial_names_a_network_that_exists(trial):
    recipe = recipe_of(trial, Length(), "vgg.pth")
    assert build(recipe.stage, recipe.network, **recipe.arguments) is not None


@every
def test_every_trial_sees_equally_much(trial):
    recipe, start = (
        recipe_of(t, Length(images=60, size=64), "vgg.pth")
        for t in (trial, trials((trial.stage,), features=False)[0])
    )
    for name in ("images", "batch", "size", "learning_rate", "epoch_images", "validation_size"):
        assert getattr(recipe, name) == getattr(start, name)


def test_every_stage_starts_with_its_start_and_compares_with_what_is_there():
    for stage in STAGES:
        names = [trial.name for trial in trials((stage,), features=True)]
        assert names[0] == START and len(set(names)) == len(names)
        assert {trial.against for trial in trials((stage,), features=True)} <= set(names)


def test_without_a_file_of_features_there_is_no_perceptual_trial():
    names = [trial.name for trial in trials(("colorization",), features=False)]
    assert names == [START, "adversarial"]
