"""What an older release wrote is read: cards, run folders, recipes, words on a command line."""

import json
from pathlib import Path

import pytest

from training import aliases
from training.cards import model_cards
from training.recipes import STAGES, RecipeError, from_json, preset
from training.recipes.changes import with_changes
from training.run_folder import RunFolder

WEIGHTS = Path(__file__).resolve().parents[2] / "training" / "weights"
OLD_RUNS = Path(__file__).with_name("old_runs")
DIGESTS = {  # as the release that wrote them said
    "segmentation": "128ddf16737eb4b7aefa7dc31f981ab0eaec5f585ace3bd0f5e4a9d04840b48c",
    "inpainting": "f9bb43129e7b7e566c51ceb4d237555b4a5d4edfc96d04dd528292abebf005a4",
    "colorization": "e475b228fe3d830e49282c6a0963384bb8d2bb481c478dc09ce51f04e8ad06e7",
}


@pytest.mark.parametrize("stage", STAGES)
def test_the_recipe_of_a_shipped_card_loads_and_keeps_its_digest(stage):
    card = model_cards.read(WEIGHTS / f"{stage}.safetensors")
    recipe = from_json(card["recipe"])
    assert recipe.stage == stage
    assert recipe.ema_decay == card["recipe"].get("ema_decay", card["recipe"].get("average"))
    assert recipe.digest() == card["recipe_digest"]


@pytest.mark.parametrize("stage", STAGES)
def test_a_run_folder_of_an_older_release_is_taken_up_under_its_digest(stage):
    run = RunFolder(OLD_RUNS / stage)
    assert run.spec().recipe.ema_decay == 0.99
    assert [item.split for item in run.items()] == ["train", "validation"]
    assert run.metrics() == {(8, "train", "loss"): 1.0}
    assert run.digest() == DIGESTS[stage]


def test_a_finder_trained_on_under_the_old_words_keeps_recipe_card_and_digest():
    run = RunFolder(OLD_RUNS / "lite0")
    recipe, card = run.spec().recipe, json.loads((run.path / "best.json").read_text())
    assert (recipe.network, recipe.large_crop_fraction, recipe.ema_decay) == ("lite0", 0.33, 0.998)
    assert from_json(card["recipe"]) == recipe
    assert recipe.digest() == card["recipe_digest"]
    assert run.digest() == "70e51ab14632b2534aa1476d152a465ad086c4a94c36154fedced867742e3683"


def test_every_old_word_leads_to_a_field_of_today():
    fields = {name for stage in STAGES for name in preset(stage, "lite").to_json()}
    assert set(aliases.RECIPE_FIELDS.values()) <= fields
    assert not set(aliases.RECIPE_FIELDS) & fields


def test_where_both_words_stand_todays_decides():
    assert aliases.recipe_fields({"ema_decay": 1, "average": 2}) == {"ema_decay": 1}
    assert aliases.recipe_fields({"average": 2, "ema_decay": 1}) == {"ema_decay": 1}


def test_an_unknown_word_is_still_refused():
    values = preset("segmentation", "tiny").to_json()
    with pytest.raises(RecipeError, match="unknown field 'averages'"):
        from_json(values | {"averages": 1})


def test_the_command_line_takes_the_old_word_and_writes_todays():
    recipe = with_changes(preset("segmentation", "lite"), ["late_share=0.5", "human_from=0.125"])
    values = json.loads(json.dumps(recipe.to_json()))
    assert (values["large_crop_fraction"], values["human_mask_start"]) == (0.5, 0.125)
    assert "late_share" not in values
