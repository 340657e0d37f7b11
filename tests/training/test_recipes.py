"""Recipes: presets hold, JSON goes both ways, mistakes are named, torch stays away."""

import subprocess
import sys
from pathlib import Path

import pytest

from training.augmentation.defects import WIDE
from training.recipes import PRESETS, RecipeError, changed, choices, fields, from_json, preset

ALL = [(stage, name) for stage, recipes in PRESETS.items() for name in recipes]
every_preset = pytest.mark.parametrize(("stage", "name"), ALL)


@every_preset
def test_presets_survive_json_and_keep_their_digest(stage, name):
    recipe = preset(stage, name)
    assert from_json(recipe.to_json()) == recipe
    assert from_json(recipe.to_json()).digest() == recipe.digest()
    assert (recipe.stage, recipe.name) == (stage, name)


def test_every_digest_differs():
    assert len({preset(*key).digest() for key in ALL}) == len(ALL)


def test_forms_get_a_line_for_each_preset():
    for stage in PRESETS:
        assert [name for name, _ in choices(stage)] == ["tiny", "lite", "article"]
        assert all(line.endswith(".") for _, line in choices(stage))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"size": 100}, "size must be a multiple of 16"),
        ({"batch": 0}, "batch must be positive"),
        ({"faint": 1.5}, "faint must lie between 0 and 1"),
        ({"positive_weight": "log"}, "positive_weight must be"),
        ({"images": 1}, "at least one batch"),
    ],
)
def test_values_out_of_range_are_named(values, reason):
    with pytest.raises(RecipeError, match=reason):
        changed(preset("segmentation", "lite"), **values)


def test_feature_losses_need_a_file():
    with pytest.raises(RecipeError, match="features must name a file"):
        changed(preset("inpainting", "lite"), style_weight=120.0)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"stage": "sepia"}, "unknown stage 'sepia'"),
        ({"stage": "inpainting", "colour": 1}, "unknown field 'colour'"),
        ({"stage": "inpainting"}, "name"),
    ],
)
def test_json_of_another_make_is_refused(values, reason):
    with pytest.raises(RecipeError, match=reason):
        from_json(values)


def test_unknown_presets_list_the_known():
    with pytest.raises(RecipeError, match="tiny, lite, article"):
        preset("segmentation", "huge")


def test_reading_recipes_and_run_folders_loads_no_torch():
    line = "import sys, training.recipes, training.run_folder; print('torch' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


TRAINING = Path(__file__).parents[2] / "docs" / "training.md"


def sentences(path):
    return " ".join(Path(path).read_text(encoding="utf-8").split())


def test_the_page_says_when_painted_photos_begin():
    page = sentences(TRAINING)
    assert preset("segmentation", "lite").human_mask_start == 0.1
    assert "`lite` for a tenth of its images" in page


def test_the_words_about_holes_name_every_wide_area_and_its_share():
    page, code = sentences(TRAINING), sentences(fields.__file__)
    said = page[page.index("`--set holes=") :][:250]
    told = code[code.index("holes: float = 0.0") :][:250]
    assert all(kind in said and kind in told for kind in WIDE)
    assert all(f"{share:.2f}"[1:] in said for share in WIDE.values())
    assert "painted photos" in said and "painted photos" in told
