"""Every preset on one to eight processes: nobody dies of a batch that does not divide."""

import logging
import os

import pytest
import torch
from torch import distributed, multiprocessing

from config.words.said import read
from tests.benchmarks.site import free_port
from tests.training.trainers.test_resume import learn, run_in
from training import display_text
from training.networks import weights
from training.recipes import (
    PRESETS,
    crops_at_once,
    crops_per_step,
    parts_of_a_share,
    preset,
    rounding,
)
from training.run_folder import RunFolder
from training.trainers.distributed import Ranks
from training.trainers.schedule import Schedule

ALL = [(stage, name) for stage, recipes in PRESETS.items() for name in recipes]
WORLDS = range(1, 9)
crossed = pytest.mark.parametrize("world", WORLDS)
every_preset = pytest.mark.parametrize(("stage", "name"), ALL)


def schedule(recipe, world, images=0):
    one = Schedule()
    one.recipe, one.images, one.origin, one.stale = recipe, images, images, 0
    one.batch = crops_per_step(recipe, world)
    return one


@crossed
@every_preset
def test_every_preset_is_shared_alike_by_any_number_of_processes(stage, name, world):
    recipe = preset(stage, name)
    batch = crops_per_step(recipe, world)
    shares = [list(Ranks(rank, world).share(batch)) for rank in range(world)]
    assert [number for share in shares for number in share] == list(range(batch))
    assert {len(share) for share in shares} == {batch // world}
    at_once, parts = crops_at_once(recipe, world), parts_of_a_share(recipe, world)
    assert len(shares[0]) == at_once * parts and 1 <= parts <= recipe.accumulate
    assert at_once <= recipe.batch // recipe.accumulate  # no card holds more than one alone would
    assert recipe.batch <= batch < recipe.batch + world * (1 + at_once)


@crossed
@every_preset
def test_the_run_stays_as_long_and_a_batch_has_crops_of_one_size(stage, name, world):
    recipe = preset(stage, name)
    for begun in (0, 2 * recipe.batch):  # from the start, or taken up after two steps on one
        steps = range(begun, recipe.images, crops_per_step(recipe, world))
        assert recipe.images <= steps[-1] + steps.step < recipe.images + steps.step
        one = schedule(recipe, world, begun)
        late = round(recipe.images * (1 - recipe.large_crop_fraction))
        for start in [s for s in steps if abs(s - late) < 3 * steps.step]:
            assert len({one.size_of(start + k) for k in range(steps.step)}) == 1


@pytest.mark.parametrize(
    ("stage", "world", "taken"), [("inpainting", 4, 8), ("colorization", 4, 12)]
)
def test_the_rounding_is_said_in_words(stage, world, taken):
    said = rounding(preset(stage, "lite"), world)
    assert str(read(said)).startswith(f"A step takes {taken} crops where the recipe says")
    card = {"batch_taken": taken, "processes": world, "recipe": {"batch": taken - 2}}
    facts = dict(display_text.facts(card))
    assert facts["Crops a step"] == f"{taken} over 4 processes, where the recipe says {taken - 2}"
    assert rounding(preset(stage, "lite"), 2) is None
    assert "Crops a step" not in dict(display_text.facts({"recipe": {"batch": 8}}))


@pytest.mark.parametrize(("world", "taken"), [(1, 80), (2, 80), (3, 84), (4, 80), (6, 84), (8, 80)])
def test_the_articles_eighty_stay_eighty_where_they_can(world, taken):
    recipe = preset("segmentation", "article")
    assert crops_per_step(recipe, world) == taken
    assert crops_at_once(recipe, 4) == 1 and parts_of_a_share(recipe, 4) == 20


def test_no_process_is_too_few():
    with pytest.raises(ValueError, match="at least one process"):
        crops_per_step(preset("segmentation", "tiny"), 0)


def meet(rank, world, port):
    os.environ |= {"RANK": str(rank), "WORLD_SIZE": str(world), "LOCAL_RANK": str(rank)}
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}


def count_samples(rank, folder, ports):
    """Of every preset and number of processes: each sample's number from whoever draws it."""
    torch.set_num_threads(1)
    for world, port in zip(WORLDS, ports, strict=True):
        if rank >= world:
            continue
        meet(rank, world, port)
        ranks, found = Ranks.join("cpu"), {}
        for stage, name in ALL:
            recipe = preset(stage, name)
            drawn = torch.zeros(crops_per_step(recipe, world))
            mine = list(ranks.share(len(drawn)))
            drawn[mine] = 1.0
            weight = torch.nn.Parameter(torch.ones(()))
            (weight * len(mine)).backward()
            ranks.average_gradients([weight])
            if world > 1:
                distributed.all_reduce(drawn)
            found[f"{stage}/{name}"] = (drawn.tolist(), float(weight.grad))
        if ranks.leads:
            torch.save(found, folder / f"{world}.pt")
        if world > 1:
            distributed.destroy_process_group()


@pytest.mark.long
@pytest.mark.slow
def test_over_gloo_every_sample_of_every_preset_is_drawn_once(tmp_path):
    multiprocessing.spawn(count_samples, (tmp_path, [free_port() for _ in WORLDS]), nprocs=8)
    for world in WORLDS:
        found = torch.load(tmp_path / f"{world}.pt")
        assert set(found) == {f"{stage}/{name}" for stage, name in ALL}
        for key, (drawn, gradient) in found.items():
            batch = crops_per_step(preset(*key.split("/")), world)
            assert drawn == [1.0] * batch and gradient == batch / world


STAGES = ("segmentation", "inpainting", "colorization")


def train_together(rank, folder, ports):
    for stage, port in zip(STAGES, ports, strict=True):
        meet(rank, 3, port)
        learn(RunFolder(folder / stage))
        distributed.destroy_process_group()


@pytest.mark.slow
@pytest.mark.long
def test_three_processes_train_the_tiny_presets_in_a_batch_of_six(tmp_path):
    for stage in STAGES:  # colour with its adversary
        run_in(tmp_path / stage, stage, accumulate=2, images=8)
    ports = [free_port() for _ in STAGES]
    multiprocessing.spawn(train_together, (tmp_path, ports), nprocs=3)
    for stage in STAGES:
        run = RunFolder(tmp_path / stage)
        _, card = weights.load(run.best)
        assert (card["batch_taken"], card["processes"]) == (6, 3)
        assert card["recipe"]["batch"] == 4 and card["images_seen"] in (6, 12)
        assert max(step for step, *_ in run.metrics()) == 12


def test_one_process_takes_the_batch_as_it_is_and_says_nothing(tmp_path, caplog):
    run = run_in(tmp_path / "run", "inpainting", batch=6, accumulate=2, images=12)
    with caplog.at_level(logging.WARNING):
        learn(run)
    assert weights.read_card(run.best)["batch_taken"] == 6 and not caplog.messages
