"""Runs of every stage: they finish, leave their files, and resume to the bit."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from photos.files import sha256
from training.networks import weights
from training.recipes import changed, preset
from training.run_folder import Item, RunError, RunFolder, Spec
from training.trainers import colorization, inpainting, segmentation
from training.trainers.early_exit import Stopped, Stopper

LOOPS = {
    "segmentation": segmentation.train,
    "inpainting": inpainting.train,
    "colorization": colorization.train,
}
SMALL = {
    "images": 12,
    "epoch_images": 8,
    "size": 32,
    "large_crop_size": 32,
    "validation_photos": 1,
    "validation_size": 64,
}
STAGE_SMALL = {
    "segmentation": {"arguments": {"width": 8}},
    "inpainting": {"arguments": {"width": 4, "levels": 4}},
    "colorization": {
        "arguments": {"width": 8},
        "adversarial_weight": 0.01,
        "size": 32,
        "large_crop_size": 32,
    },
}
every_stage = pytest.mark.parametrize("stage", LOOPS)


class StopAfter(Stopper):
    """Asks to stop at the n-th look, as SIGTERM would."""

    def __init__(self, looks=10**9):
        super().__init__()
        self.looks = looks

    def over(self, images):
        self.looks -= 1
        return self.looks < 0


def photo(path, seed):
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 255, (6, 8, 3), np.uint8))
    small.resize((120, 96), Image.Resampling.BICUBIC).save(path)


def run_in(folder, stage, **more):
    folder.mkdir(parents=True)
    items = []
    for index in range(3):
        photo(folder / f"{index}.png", index)
        items.append(Item(image=f"{index}.png", split="train", licence="CC0-1.0"))
    mask = np.zeros((96, 120), np.uint8)
    mask[20:30, 10:60], mask[:8] = 1, 128
    Image.fromarray(mask).save(folder / "mask.png")
    items.append(Item(image="0.png", mask="mask.png", split="train"))
    items.append(Item(image="1.png", mask="mask.png", split="validation"))
    recipe = changed(preset(stage, "tiny"), **(SMALL | STAGE_SMALL[stage] | more))
    run = RunFolder(folder)
    run.write(Spec(recipe=recipe, seed=1), items)
    return run


def learn(run, looks=10**9):
    torch.set_num_threads(1)
    LOOPS[run.spec().recipe.stage](run, run.spec(), StopAfter(looks))


@every_stage
def test_a_stopped_and_resumed_run_equals_an_unbroken_one_to_the_bit(stage, tmp_path):
    whole, broken = (run_in(tmp_path / name, stage) for name in ("whole", "broken"))
    learn(whole)
    with pytest.raises(Stopped):
        learn(broken, looks=2)
    learn(broken)
    wanted, found = load_file(whole.resume), load_file(broken.resume)
    assert wanted.keys() == found.keys()
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)
    assert whole.metrics() == broken.metrics()


@every_stage
def test_a_finished_run_leaves_loadable_weights_and_an_honest_card(stage, tmp_path):
    run = run_in(tmp_path / "run", stage)
    learn(run)
    _network, card = weights.load(run.best)
    assert card["stage"] == stage and 0 < card["images_seen"] <= 12
    assert card["licences"] == ["CC0-1.0"] and card["training_photos"] == 4
    assert card["recipe_digest"] == run.spec().recipe.digest()
    assert list((run.path / "samples").glob("*.png"))
    assert not list(run.path.glob("*.part"))


def test_segmentation_cards_carry_thresholds_and_offsets_per_class(tmp_path):
    run = run_in(tmp_path / "run", "segmentation")
    learn(run)
    card = weights.read_card(run.best)
    for key in ("threshold", "logit_offset"):
        assert set(card[key]) == {"fracture", "scuff", "hole"}
    assert card["calibrated_on"]["fracture"] == "real"
    real = card["metrics"]["real"]
    assert 0 <= real["fracture/dice_corrected"] <= real["fracture/dice"] + 1e-9
    assert all(0 < value < 1 for value in card["threshold"].values())


def test_inpainting_cards_carry_hole_sizes(tmp_path):
    run = run_in(tmp_path / "run", "inpainting")
    learn(run)
    card = weights.read_card(run.best)
    assert card["hole_size_max"] >= card["hole_size_p99"] > 0


def test_who_goes_on_from_a_parent_has_seen_its_holes():
    counts = [0, 5, 1]
    assert inpainting.hole_statistics(counts)["hole_size_max"] == 2
    assert inpainting.hole_statistics(counts, before=7.0)["hole_size_max"] == 7
    assert inpainting.hole_statistics([0, 0], before=7.0)["hole_size_max"] == 7


def test_a_changed_recipe_is_refused_not_guessed_at(tmp_path):
    run = run_in(tmp_path / "run", "inpainting")
    with pytest.raises(Stopped):
        learn(run, looks=1)
    recipe = changed(run.spec().recipe, learning_rate=0.5)
    run.write(Spec(recipe=recipe, seed=1), run.items())
    with pytest.raises(RunError, match="changed since"):
        learn(run)


def test_a_diverging_loss_stops_the_run(tmp_path):
    run = run_in(tmp_path / "run", "inpainting", hole_weight=float("inf"))
    with pytest.raises(RunError, match="the loss became"):
        learn(run)


def test_crops_that_do_not_fit_the_inpainter_are_refused_in_words(tmp_path):
    run = run_in(tmp_path / "run", "inpainting", arguments={"width": 4, "levels": 5}, size=48)
    with pytest.raises(RunError, match="size must be a multiple of 32"):
        learn(run)


def test_a_run_continues_its_parent_and_counts_its_images(tmp_path):
    first = run_in(tmp_path / "first", "segmentation")
    learn(first)
    network, card = weights.load(first.best)
    weights.save(first.best, network, card | {"cut_gives_way": 1.5}, dtype=torch.float32)
    second = run_in(tmp_path / "second", "segmentation", learning_rate=1e-9)
    parent = {"path": str(first.best), "sha256": sha256(first.best)}
    second.write(Spec(recipe=second.spec().recipe, parent=parent), second.items())
    learn(second)
    before, after = load_file(first.best), load_file(second.best)
    torch.testing.assert_close(after["last.weight"], before["last.weight"], atol=1e-5, rtol=0)
    seen = [weights.read_card(run.best) for run in (first, second)]
    assert seen[1]["images_seen"] > seen[0]["images_seen"]
    assert seen[1]["cut_gives_way"] == 1.5


def test_a_parent_with_another_hash_is_refused(tmp_path):
    first, second = (run_in(tmp_path / name, "segmentation") for name in ("first", "second"))
    learn(first)
    parent = {"path": str(first.best), "sha256": "0" * 64}
    second.write(Spec(recipe=second.spec().recipe, parent=parent), second.items())
    with pytest.raises(RunError, match="not the parent"):
        learn(second)


def test_photos_without_colour_cannot_train_colour(tmp_path):
    run = run_in(tmp_path / "run", "colorization")
    for path in run.path.glob("?.png"):
        Image.open(path).convert("L").save(path)
    with pytest.raises(RunError, match="no photo has colours"):
        learn(run)


def command(run):
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    line = [sys.executable, "-m", "training.trainers", str(run.path)]
    return subprocess.Popen(line, stderr=subprocess.PIPE, text=True, env=environment)


@pytest.mark.slow
def test_sigterm_exits_with_75_and_leaves_a_resume_file(tmp_path):
    run = run_in(tmp_path / "run", "segmentation", images=10_000, epoch_images=5_000)
    process = command(run)
    deadline = time.monotonic() + 240
    while not (run.path / "metrics.jsonl").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait(240) == 75
    assert run.resume.exists()


@pytest.mark.long
@pytest.mark.slow
def test_a_run_stops_by_itself_where_it_was_told_to(tmp_path):
    run = run_in(tmp_path / "run", "inpainting")
    line = [sys.executable, "-m", "training.trainers", str(run.path)]
    assert subprocess.run([*line, "--until", "8"], timeout=300).returncode == 0
    assert run.best.exists() and weights.load(run.best)[1]["images_seen"] == 8
    written = run.resume.read_bytes()
    assert subprocess.run([*line, "--until", "8"], timeout=300).returncode == 0
    assert run.resume.read_bytes() == written  # it was there already
    assert subprocess.run(line, timeout=300).returncode == 0
    assert max(step for step, *_ in run.metrics()) == 12


@pytest.mark.slow
def test_a_failure_says_its_reason_on_the_last_line(tmp_path):
    run = run_in(tmp_path / "run", "segmentation")
    (run.path / "0.png").write_bytes(b"no picture")
    (run.path / "1.png").unlink()
    process = command(run)
    _, errors = process.communicate(timeout=240)
    assert process.returncode == 1
    assert "Error" in errors.strip().splitlines()[-1]


@pytest.mark.slow
def test_a_killed_run_goes_on_to_the_same_numbers(tmp_path):
    more = {"images": 160, "epoch_images": 40}
    whole, killed = (
        run_in(tmp_path / name, "segmentation", **more) for name in ("whole", "killed")
    )
    learn(whole)
    process = command(killed)
    deadline = time.monotonic() + 240
    while not killed.resume.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()
    assert process.wait(240) == -signal.SIGKILL
    learn(killed)
    wanted, found = load_file(whole.resume), load_file(killed.resume)
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)
    assert killed.metrics() == whole.metrics()
