"""The step that every loop shares: accumulation, patience, schedule, average, precision."""

import math
from dataclasses import replace

import pytest
import torch

from photos.files import sha256
from tests.training.trainers.test_resume import learn, run_in
from training.imaging import baselines
from training.networks import weights
from training.networks.inplace_abn import InPlaceABN, freeze_norms
from training.recipes import RecipeError, changed, from_json, preset
from training.run_folder import RunFolder, Spec
from training.trainers import precision, weight_averaging
from training.trainers.early_exit import Stopper
from training.trainers.feeding.prefetch import Ahead
from training.trainers.trainer import Trainer

CPU, CARD = torch.device("cpu"), torch.device("cuda:0")


def learner_of(folder, **more):
    run = run_in(folder, "colorization", adversarial_weight=0.0, **more)
    torch.manual_seed(0)
    return Trainer(run, run.spec(), Stopper())


def drawn(number):
    return torch.rand(1, 32, 32, generator=torch.Generator().manual_seed(number))


def batch_gradients(learner):
    """Gradients of one batch through a network whose norms stand still."""
    freeze_norms(learner.network)
    with Ahead(drawn) as ahead:
        for part in learner.parts(ahead):
            learner.add(learner.network(torch.stack(part)).square().mean())
    return [p.grad for p in learner.network.parameters() if p.grad is not None]


def test_accumulated_gradients_are_those_of_the_whole_batch(tmp_path):
    whole = batch_gradients(learner_of(tmp_path / "whole"))
    parts = batch_gradients(learner_of(tmp_path / "parts", accumulate=4))
    for found, wanted in zip(parts, whole, strict=True):
        torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-6)


def test_accumulation_takes_as_many_steps_as_the_batch_says(tmp_path):
    runs = [run_in(tmp_path / str(n), "colorization", accumulate=n) for n in (1, 2)]
    for run in runs:
        learn(run)
    one, two = (set(run.metrics()) for run in runs)
    assert one == two


def test_a_run_without_patience_left_stops_early(tmp_path):
    run = run_in(tmp_path / "run", "segmentation", images=400, learning_rate=1e-12, patience=2)
    learn(run)
    steps = [step for step, split, name in run.metrics() if name == "score"]
    assert 2 < len(steps) < 10
    assert any(name == "stopped_early" for _, _, name in run.metrics())


def test_patience_survives_a_resume(tmp_path):
    learner = learner_of(tmp_path / "run", patience=3)
    learner.best, learner.stale = 0.5, 2
    learner.checkpoint()
    again = Trainer(learner.run, learner.spec, Stopper())
    assert again.resume() and again.stale == 2 and not again.finished()
    again.keep_if_best(0.4, {})
    assert again.finished()


def test_the_rate_warms_up_and_falls_like_a_cosine(tmp_path):
    learner = learner_of(tmp_path / "run", images=100, warmup_images=20, learning_rate=0.1)
    rates = []
    for images in range(0, 100, 4):
        learner.images = images
        rates.append(learner.rate())
    assert rates[0] == pytest.approx(0.02, rel=0.01)
    assert max(rates) == max(rates[3:6]) and rates[-1] < 0.001
    middle = 1e-5 + (0.1 - 1e-5) * 0.5 * (1 + math.cos(math.pi * 0.6))
    assert rates[15] == pytest.approx(middle)


def test_the_average_lags_behind_the_weights(tmp_path):
    learner = learner_of(tmp_path / "run")
    before = learner.average.tensors["last.weight"].clone()
    learner.network.last.weight.data += 1
    learner.steps = 10**6
    learner.average.follow(learner.network, learner.steps)
    moved = learner.average.tensors["last.weight"] - before
    torch.testing.assert_close(moved, torch.full_like(moved, 1 - learner.recipe.ema_decay))


@pytest.mark.parametrize(
    ("flags", "wanted"),
    [
        ("avx512f avx512_bf16", torch.bfloat16),
        ("amx_bf16", torch.bfloat16),
        ("avx2", torch.float32),
    ],
)
def test_a_processor_trains_in_bfloat16_only_where_it_has_it(flags, wanted, tmp_path, monkeypatch):
    (tmp_path / "cpuinfo").write_text(f"flags\t: fpu {flags}\n")
    monkeypatch.setattr(precision, "CPU_FLAGS", tmp_path / "cpuinfo")
    assert precision.precision_of(CPU) is wanted


@pytest.mark.parametrize(
    ("capability", "wanted", "scales"),
    [((7, 5), torch.float16, True), ((8, 0), torch.bfloat16, False)],
)
def test_older_cards_take_float16_with_scaled_losses(capability, wanted, scales, monkeypatch):
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: capability)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    chosen = precision.Precision(CARD)
    assert chosen.dtype is wanted and chosen.scaler.is_enabled() is scales


@pytest.mark.parametrize("stage", ["segmentation", "inpainting", "colorization"])
def test_every_stage_learns_in_bfloat16(stage, tmp_path, monkeypatch):
    monkeypatch.setattr(precision, "precision_of", lambda _: torch.bfloat16)
    run = run_in(tmp_path / "run", stage, images=4, epoch_images=4)
    learn(run)
    assert run.best.exists()


def test_scales_that_bfloat16_blurs_are_counted(monkeypatch):
    network = torch.nn.Sequential(InPlaceABN(3), InPlaceABN(2))
    with torch.no_grad():
        network[0].weight[1] = -5e-4
    monkeypatch.setattr(precision, "precision_of", lambda _: torch.float32)
    assert precision.Precision(CPU).lost(network) == 0
    monkeypatch.setattr(precision, "precision_of", lambda _: torch.bfloat16)
    assert precision.Precision(CPU).lost(network) == 1


def test_a_field_that_came_later_leaves_old_digests_alone():
    recipe = preset("segmentation", "lite")
    old = {k: v for k, v in recipe.to_json().items() if k not in ("accumulate", "patience")}
    assert from_json(old).digest() == recipe.digest()
    assert changed(recipe, patience=3).digest() != recipe.digest()


@pytest.mark.parametrize("wrong", [{"accumulate": 3}, {"accumulate": 0}, {"patience": -1}])
def test_impossible_parts_and_patience_are_refused(wrong):
    with pytest.raises(RecipeError, match=next(iter(wrong))):
        changed(preset("segmentation", "lite"), **wrong)


def test_half_a_line_of_metrics_does_not_spoil_the_next(tmp_path):
    run = RunFolder(tmp_path)
    run.write(Spec(recipe=preset("segmentation", "tiny")), [])
    run.metric(step=1, split="train", values={"loss": 1.0})
    with (tmp_path / "metrics.jsonl").open("ab") as file:
        file.write(b'{"step": 2, "sp')
    run.metric(step=2, split="train", values={"loss": 0.5})
    assert run.metrics() == {(1, "train", "loss"): 1.0, (2, "train", "loss"): 0.5}


def filled(learner, value):
    return {name: torch.full_like(t, value) for name, t in learner.average.tensors.items()}


def blended(folder, scores, stale=1, parent=None, begin=lambda learner: None):
    """A learner whose best weights are all 0 and whose last average is all 1, after the blends.

    `parent` fills the weights that the run went on from; `scores` are of the blends in turn;
    `begin` is done before them.
    """
    learner = learner_of(folder)
    if parent is not None:
        learner.average_network.load_state_dict(filled(learner, parent))
        path = folder / "parent.safetensors"
        card = learner.card() | {"images_seen": 7}
        weights.save(path, learner.average_network, card, dtype=torch.float32)
        named = {"path": path.name, "sha256": sha256(path)}
        learner.run.write(replace(learner.run.spec(), parent=named), learner.run.items())
        learner = Trainer(learner.run, learner.run.spec(), Stopper())
    learner.average.tensors = filled(learner, 0.0)
    learner.keep_if_best(0.5, {})
    learner.average.tensors = filled(learner, 1.0)
    learner.stale = stale
    begin(learner)
    scores = iter(scores)
    learner.try_blends(lambda: (next(scores), {}))
    return learner


def test_half_best_half_last_is_kept_where_it_scores_better(tmp_path):
    learner = blended(tmp_path / "better", [0.6])
    network, card = weights.load(learner.run.best)
    assert all(float(p.detach().mean()) == 0.5 for p in network.parameters())
    assert card["score"] == 0.6 and card["blended"] == [0, 0]
    assert "blended" not in learner.notes and learner.validating == "validation"
    assert all(float(t.float().mean()) == 1 for t in learner.average.tensors.values())


@pytest.mark.parametrize(
    ("scores", "stale", "value", "parts"),
    [
        ([0.6, 0.7], 1, 1.75, [7, 7, 7]),  # (0 + 1) / 2 and 3, half of each
        ([0.4, 0.6], 1, 1.5, [7, 7]),
        ([0.6], 0, 1.5, [7, 7]),
        ([0.6, 0.55], 1, 0.5, [7, 7]),
    ],
)
def test_half_of_what_is_best_and_half_of_the_parent_come_next(
    scores, stale, value, parts, tmp_path
):
    learner = blended(tmp_path / "run", scores, stale, parent=3.0)
    network, card = weights.load(learner.run.best)
    assert all(float(p.detach().mean()) == value for p in network.parameters())
    assert card["blended"] == parts and card["score"] == max(scores)
    learner.try_blends(lambda: pytest.fail("a finished run has nothing to try"))


def test_a_run_that_ends_between_the_blends_tries_only_what_is_left(tmp_path):
    with pytest.raises(StopIteration):
        blended(tmp_path / "run", [0.6], parent=3.0)
    run = RunFolder(tmp_path / "run")
    learner = Trainer(run, run.spec(), Stopper())
    assert learner.resume()
    scores = iter([0.7])
    learner.try_blends(lambda: (next(scores), {}))
    network, card = weights.load(run.best)
    assert all(float(p.detach().mean()) == 1.75 for p in network.parameters())
    assert card["blended"] == [7, 7, 7]


@pytest.mark.parametrize("killed_at", [1, 2])
def test_a_half_that_was_kept_and_not_noted_is_not_halved_again(tmp_path, monkeypatch, killed_at):
    """kill -9 between best.safetensors and the checkpoint that says so."""
    noted = weight_averaging._tried

    def die(trainer, blends):
        assert blends < killed_at, "killed"
        noted(trainer, blends)

    monkeypatch.setattr(weight_averaging, "_tried", die)
    with pytest.raises(AssertionError, match="killed"):
        blended(tmp_path / "run", [0.6, 0.7], parent=3.0, begin=Trainer.checkpoint)
    monkeypatch.undo()
    run = RunFolder(tmp_path / "run")
    learner = Trainer(run, run.spec(), Stopper())
    assert learner.resume()
    scores = iter([0.7] if killed_at == 1 else [])
    learner.try_blends(lambda: (next(scores), {}))
    network, card = weights.load(run.best)
    assert all(float(p.detach().mean()) == 1.75 for p in network.parameters())
    assert card["blended"] == [7, 7, 7] and learner.best == 0.7


def test_a_blend_that_scores_worse_or_has_no_rival_changes_nothing(tmp_path):
    for name, scores, stale in (("worse", [0.4], 1), ("alone", [], 0)):
        learner = blended(tmp_path / name, scores, stale)
        assert weights.read_card(learner.run.best)["score"] == 0.5


def test_photos_smaller_than_a_crop_are_counted_and_said(tmp_path, caplog):
    small = learner_of(tmp_path / "small", large_crop_size=112)  # photos are 120 x 96 px
    assert small.notes["photos_reflected"] == 3 and small.card()["photos_reflected"] == 3
    assert "3 photos are smaller than crops of 112 px: reflected" in caplog.text
    assert "photos_reflected" not in learner_of(tmp_path / "large").notes


def test_what_fills_fixed_holes_is_measured_once_a_run(tmp_path, monkeypatch):
    called = []
    telea = baselines.FILLS["telea"]
    monkeypatch.setitem(baselines.FILLS, "telea", lambda *a: called.append(1) or telea(*a))
    run = run_in(tmp_path / "run", "inpainting")
    learn(run)
    figures = {s: v for (s, _, name), v in run.metrics().items() if name == "hole_psnr/telea"}
    assert len(figures) == 2 and len(set(figures.values())) == 1
    assert len(called) == 1  # the one picture that is held out
