"""The plan of a run: operations, memory and hours that follow from the networks themselves."""

import json

import pytest
import torch

from tests.benchmarks.networks import stored_bytes
from tests.training.trainers.test_resume import run_in
from training import plan
from training.networks.registry import build
from training.recipes import STAGES, changed, crops_per_step, preset

FIND = preset("segmentation", "article")


@pytest.mark.parametrize(
    ("stage", "name", "arguments", "size", "gflop"),
    [  # as the networks' own pages have them, counted by hand from their layers
        ("segmentation", "albunet", {"depth": 18, "stem": "full"}, 1024, 2950),
        ("segmentation", "albunet", {"depth": 18, "stem": "std"}, 1024, 348),
        ("colorization", "albunet", {"depth": 50, "stem": "std"}, 512, 136),
        ("inpainting", "plain", {"width": 64, "levels": 8}, 512, 75.9),
    ],
)
def test_operations_are_those_of_the_pages(stage, name, arguments, size, gflop):
    recipe = changed(preset(stage, "tiny"), network=name, arguments=arguments)
    work = plan.work_of(recipe, size)
    assert work.operations / (1 + plan.BACKWARD) / 1e9 == pytest.approx(gflop, rel=0.01)


@pytest.mark.parametrize("norm", ["abn", "batch"])
def test_memory_is_what_a_real_step_keeps(norm):
    picture = torch.rand(1, 1, 64, 64)
    network = build("segmentation", "albunet", stem="std", norm=norm).train()
    kept = plan.kept_bytes(network, lambda: network(picture))
    assert kept == stored_bytes(network, picture)
    with torch.device("meta"):
        nothing = build("segmentation", "albunet", stem="std", norm=norm).train()
    counted = plan.kept_bytes(nothing, lambda: nothing(picture.to("meta")))
    assert counted == pytest.approx(kept, rel=0.01)


def test_an_adversary_and_features_cost_operations_and_memory():
    whole = preset("colorization", "article")
    plain = changed(whole, adversarial_weight=0.0, perceptual_weight=0.0, features=None)
    costs = [plan.work_of(recipe, 128) for recipe in (plain, whole)]
    assert costs[1].operations > 1.2 * costs[0].operations and costs[1].kept > costs[0].kept
    assert costs[1].parameters == costs[0].parameters


@pytest.mark.parametrize("stage", STAGES)
def test_more_cards_take_less_time_and_larger_ones_more_crops(stage):
    recipe = preset(stage, "article")
    one, four = (plan.plan(recipe, plan.CARDS["a100-80"], n, price=2.0) for n in (1, 4))
    assert four.hours < one.hours and four.cost >= 0.99 * one.cost
    assert four.crops_a_step == crops_per_step(recipe, 4)
    sizes = [one.largest_micro_batch[size] for size in plan.MEMORIES]
    assert sizes == sorted(sizes) and sizes[0] >= 1
    slow = plan.plan(recipe, plan.CARDS["t4"], 1)
    assert slow.hours >= one.hours


def test_twenty_crops_of_the_article_do_not_fit_a_card_and_one_does():
    """Why its 80 go through in parts: 20 a card would need more than any of these has."""
    work = plan.work_of(FIND, 1024)
    assert work.kept / plan.GIB == pytest.approx(7.0, abs=0.2)  # float32
    assert plan.largest_micro_batch(work, 80) < 20 <= 2 * plan.largest_micro_batch(work, 80)
    assert plan.largest_micro_batch(work, 16) >= 1
    assert plan.plan(FIND, plan.CARDS["t4"], 4).fits
    assert not plan.plan(changed(FIND, accumulate=1), plan.CARDS["a100-80"], 4).fits


def test_the_command_reads_a_snapshot_and_says_what_it_takes(tmp_path, capsys):
    run = run_in(tmp_path / "run", "segmentation", batch=6)
    assert plan.main([str(run.path), "--cards", "4", "--card", "a10"]) == 0
    said = capsys.readouterr().out
    assert "4 training photos, 1 with masks; unpacked 0.0 GB" in said
    assert "A step takes 8 crops where the recipe says 6" in said and "fits" in said
    assert plan.main(["--stage", "inpainting", "--json", "--price", "1.5"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["cost"] == pytest.approx(1.5 * found["hours"])


@pytest.mark.parametrize("line", [["nowhere"], ["--recipe", "huge"]])
def test_bad_input_is_a_sentence_and_code_2(line, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert plan.main(line) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "Traceback" not in said


def test_no_cards_is_refused():
    with pytest.raises(SystemExit) as left:
        plan.main(["--cards", "0"])
    assert left.value.code == 2
