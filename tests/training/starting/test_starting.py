"""Any choice of a recipe from the page, checked while it is typed; cards, batch, features."""

import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from tests.training.builders import photo, scratched
from training import services
from training.models import TrainingRun
from training.networks.registry import NETWORKS as REGISTERED
from training.recipes import RecipeError, preset
from training.recipes.changes import NETWORKS, lines_of, with_changes
from training.services import training_process
from training.views.forms import RunForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def snapshot(db):
    scratched(1)
    photo(2)
    return services.freeze_snapshot(name="S")


def values(snapshot, **more):
    return {"recipe": "tiny", "snapshot": snapshot.pk, "seed": 5, **more}


def test_the_networks_are_those_of_the_registry():
    assert {stage: set(names) for stage, names in NETWORKS.items()} == {
        stage: set(found) for stage, found in REGISTERED.items()
    }


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("nothing=1", "no field 'nothing'"),
        ("batch", "no field"),
        ("batch=four", "batch must be a whole number"),
        ("batch=4.5", "batch must be a whole number"),
        ("thin_lines=1", "thin_lines must be true or false"),
        ("learning_rate=fast", "learning_rate must be a number"),
        ("learning_rate=1e999", "learning_rate must be a number"),
        ("arguments=3", "arguments must be a JSON object"),
        ("network=gpt", "network must be one of lite0, lite, albunet"),
        ("stage=inpainting", "no field 'stage'"),
        ("size=100", "multiple of 16"),
    ],
)
def test_a_rule_that_does_not_fit_says_why(rule, said):
    with pytest.raises(RecipeError, match=said):
        with_changes(preset("segmentation", "tiny"), [rule])


def test_lines_may_be_empty_or_remarks():
    assert lines_of("batch=8\n\n# slow\n size = 64  # px\n") == ["batch=8", "size = 64"]
    made = with_changes(preset("segmentation", "tiny"), ["images=1e4", "size = 64"])
    assert (made.images, made.size) == (10_000, 64)


def test_typed_choices_go_into_the_run(admin, sign_in, snapshot):
    typed = "learning_rate=0.0005\nthin_lines=false"
    asked = values(snapshot, batch=2, changes=typed)
    sign_in(admin).post("/training/runs/new/?stage=segmentation", asked)
    recipe = TrainingRun.objects.get(seed=5).recipe
    wanted = {"learning_rate": 0.0005, "thin_lines": False, "batch": 2, "images": 96}
    assert {name: recipe[name] for name in wanted} == wanted


@pytest.mark.parametrize("typed", ["size=100", "encoder=/etc/passwd", "features=x.pth", "a b c"])
def test_a_wrong_line_starts_nothing(admin, sign_in, snapshot, typed):
    asked = values(snapshot, changes=typed)
    for address in ("new", "check"):
        answer = sign_in(admin).post(f"/training/runs/{address}/?stage=segmentation", asked)
        assert "errorlist" in answer.content.decode()
    assert not TrainingRun.objects.exists()


def test_the_check_tells_what_differs(admin, sign_in, snapshot):
    check = "/training/runs/check/?stage=segmentation"
    text = sign_in(admin).post(check, values(snapshot, batch=8)).content.decode()
    assert "batch</span> 8" in text
    assert "(was 4)" in text
    assert "As the recipe says" in sign_in(admin).post(check, values(snapshot)).content.decode()
    assert sign_in(admin).post("/training/runs/check/?stage=x").status_code == 404


def test_features_that_were_imported_are_offered(admin, sign_in, snapshot, settings, tmp_path):
    settings.ENCODERS_ROOT = tmp_path
    facts = {"kind": "vgg16", "sha256": "0" * 64, "source": "vgg16-theirs.pth"}
    path = tmp_path / "vgg16.safetensors"
    save_file({"conv1.weight": np.zeros(1)}, path, {"encoder": json.dumps(facts)})
    asked = values(snapshot, features="vgg16", changes="perceptual_weight=0.05")
    sign_in(admin).post("/training/runs/new/?stage=inpainting", asked)
    assert TrainingRun.objects.get(seed=5).recipe["features"] == str(path)
    assert "features" not in RunForm(stage="segmentation").fields


def test_cards_are_a_choice_where_there_are_some(settings, monkeypatch, snapshot):
    assert "cards" not in RunForm(stage="segmentation").fields
    settings.TRAIN_DEVICE = "cuda"
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1,2")
    form = RunForm(values(snapshot, cards=4), stage="segmentation")
    assert "3" in form.errors["cards"][0]
    assert RunForm(values(snapshot, cards=2), stage="segmentation").is_valid()
    wanted = {None: 3, 1: 1, 2: 2, 9: 3}
    assert {asked: training_process.processes(asked) for asked in wanted} == wanted
