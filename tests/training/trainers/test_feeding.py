"""Worker processes and unpacked pictures change when samples are drawn, never which."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from tests.benchmarks import feeding
from tests.training.trainers.test_resume import learn, run_in
from training.imaging.colour import luma
from training.recipes import changed
from training.run_folder import UNPACKED, RunFolder
from training.trainers import segmentation
from training.trainers.data import split_pools
from training.trainers.distributed import Joint, Ranks
from training.trainers.early_exit import Stopped
from training.trainers.feeding import unpacked
from training.trainers.feeding.feed import feed
from training.trainers.feeding.prefetch import Ahead
from training.trainers.feeding.workers import Workers
from training.trainers.precision import tune


def sample(number):
    rng = np.random.default_rng(number)
    return rng.integers(0, 256, (8, 8, 3), np.uint8), rng.integers(0, 8, (8, 8), np.uint8), [number]


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_workers_draw_what_a_thread_draws(workers):
    parts = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]]
    before = torch.get_rng_state()
    with feed(sample, lambda: iter(parts), workers) as by_workers, Ahead(sample) as by_thread:
        for part, following in zip(parts, [*parts[1:], []], strict=True):
            found, wanted = by_workers.take(part, following), by_thread.take(part, following)
            for one, other in zip(found, wanted, strict=True):
                assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    assert torch.equal(torch.get_rng_state(), before)


def test_workers_say_when_the_loop_asks_for_something_else():
    with Workers(sample, iter([[0, 1], [2, 3]]), 1) as workers:
        assert workers.take([]) == []
        with pytest.raises(RuntimeError, match=r"drew \[0, 1\] where \[2, 3\]"):
            workers.take([2, 3])
    with pytest.raises(RuntimeError, match="inside a `with`"):
        workers.take([2, 3])
    with pytest.raises(ValueError, match="at least one worker"):
        Workers(sample, iter([]), 0)


def test_what_a_worker_raises_reaches_the_loop():
    with Workers(lambda n: 1 // n, iter([[0]]), 1) as workers, pytest.raises(ZeroDivisionError):
        workers.take([0])


def test_leaving_ends_the_workers():
    with Workers(sample, iter([[n] for n in range(1000)]), 2) as workers:
        workers.take([0])
        processes = list(workers.coming._workers)
        assert all(process.is_alive() for process in processes)
    for process in processes:
        process.join(30)
        assert process.exitcode is not None


def same(run, other):
    wanted, found = load_file(run.resume), load_file(other.resume)
    assert wanted.keys() == found.keys()
    return all(torch.equal(found[name], wanted[name]) for name in wanted)


@pytest.mark.parametrize("stage", ["segmentation", "inpainting", "colorization"])
def test_a_run_with_workers_equals_one_without_to_the_bit(stage, tmp_path):
    plain, fed = (run_in(tmp_path / name, stage, accumulate=2) for name in ("plain", "fed"))
    fed.write(replace(fed.spec(), workers=2, unpack=True), fed.items())
    learn(plain)
    unpacked.unpack(fed, fed.spec())
    with pytest.raises(Stopped):
        learn(fed, looks=2)
    learn(fed)  # resumed
    assert same(plain, fed)
    assert plain.metrics() == fed.metrics()


def test_unpacked_values_are_those_decoded_and_luma_alone_where_it_is_enough(tmp_path):
    run = run_in(tmp_path / "run", "segmentation")
    pool, _ = split_pools(run)
    painted, whole = pool.items[3], pool.items[1]
    before = [pool.photo(painted), pool.photo(whole), pool.mask(painted)]
    assert pool.plain(painted).ndim == 3
    assert unpacked.unpack(run, run.spec())
    assert np.array_equal(pool.plain(painted), luma(before[0]))
    assert np.array_equal(pool.photo(whole), before[1])
    assert np.array_equal(pool.mask(painted), before[2])
    kinds = sorted(path.name.split(".")[1] for path in (run.path / UNPACKED).iterdir())
    assert kinds == ["colour", "colour", "colour", "luma", "mask"]
    with pytest.raises(ValueError, match="read-only"):
        pool.photo(whole)[0, 0] = 0


@pytest.mark.parametrize("stage", ["segmentation", "inpainting", "colorization"])
def test_crops_of_unpacked_pictures_are_the_same(stage, tmp_path):
    runs = [run_in(tmp_path / name, stage) for name in ("decoded", "unpacked")]
    unpacked.unpack(runs[1], runs[1].spec())
    if stage == "segmentation":
        crops = [segmentation.Crops(split_pools(run)[0], run.spec().recipe, 1) for run in runs]
        for number in range(12):
            one, other = (each.sample(number, 48) for each in crops)
            assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    else:
        for run in runs:
            learn(run)
        assert same(*runs)


def test_each_process_unpacks_its_share_once(tmp_path, monkeypatch):
    run = run_in(tmp_path / "run", "segmentation")
    read = []
    for kind, reader in unpacked.READERS.items():
        monkeypatch.setitem(unpacked.READERS, kind, lambda p, r=reader: read.append(p.name) or r(p))
    for rank in (0, 1, 1):  # taken up again: nothing twice
        assert unpacked.unpack(run, run.spec(), rank, 2)
    assert len(read) == 5 == len(list((run.path / UNPACKED).iterdir()))


def test_without_room_above_the_reserve_nothing_is_unpacked_and_it_is_said(tmp_path, caplog):
    run = run_in(tmp_path / "run", "segmentation")
    spec = replace(run.spec(), reserve=shutil.disk_usage(tmp_path).free + 10**9)
    assert not unpacked.unpack(run, spec)
    assert "0.0 GB are free above the reserve" in caplog.text
    assert not (run.path / UNPACKED).exists()


def test_a_run_asked_to_stop_unpacks_no_further(tmp_path):
    run = run_in(tmp_path / "run", "segmentation")
    unpacked.unpack(run, run.spec(), stopped=lambda: True)
    assert list((run.path / UNPACKED).iterdir()) == []


@pytest.mark.slow
def test_the_command_trains_with_workers_and_leaves_nothing_unpacked(tmp_path):
    run = run_in(tmp_path / "run", "segmentation")
    run.write(replace(run.spec(), workers=1, unpack=True), run.items())
    line = [sys.executable, "-m", "training.trainers", str(run.path)]
    done = subprocess.run(
        line,
        timeout=300,
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert run.best.exists() and not (run.path / UNPACKED).exists()


def test_old_run_folders_know_nothing_of_workers(tmp_path):
    run = run_in(tmp_path / "run", "segmentation")
    digest, values = run.digest(), json.loads((run.path / "spec.json").read_text())
    for name in ("workers", "unpack", "reserve", "tuned"):
        values.pop(name)
    (run.path / "spec.json").write_text(json.dumps(values))
    spec = RunFolder(run.path).spec()
    assert (spec.workers, spec.unpack, spec.tuned) == (0, False, False)
    run.write(replace(spec, workers=3, tuned=True), run.items())
    assert run.digest() == digest  # who draws the samples is no choice of the run's


def test_a_card_waits_little_for_workers_that_are_a_quarter_faster(tmp_path):
    """The benchmark's own figure, with samples that take a set time and no processor."""

    class Still:
        def sample(self, number, size):
            time.sleep(0.04)
            return np.zeros((size, size), np.uint8), np.zeros((size, size), np.uint8)

    wall, _ = feeding.rate(Still(), 16, 2, 4, 2.0)
    assert 25 < wall < 51
    assert feeding.waiting(Still(), 16, 2, 4, wall, 4.0) <= 0.05


def test_the_benchmark_draws_from_large_scans(tmp_path):
    run = feeding.plates(tmp_path, megapixels=0.1, scans=1)
    assert unpacked.unpack(run, run.spec())
    crops = segmentation.Crops(split_pools(run)[0], run.spec().recipe, 0)
    wall, core = feeding.rate(crops, 64, 1, 2, 0.2)
    assert wall > 0 and core > 0


def test_networks_are_compiled_on_cards_alone_and_only_when_asked(monkeypatch):
    asked = []
    monkeypatch.setattr(torch, "compile", lambda module: asked.append(module) or module)
    network = torch.nn.Linear(2, 1)
    assert not tune(torch.device("cpu"), asked=True) and not torch.backends.cudnn.benchmark
    assert not tune(torch.device("cuda"), asked=False)
    monkeypatch.setattr(torch.backends.cudnn, "benchmark", False)
    assert tune(torch.device("cuda"), asked=True) and torch.backends.cudnn.benchmark
    Joint(network, Ranks(), tuned=False)
    assert not asked
    joint = Joint(network, Ranks(), tuned=True)
    assert len(asked) == 1
    torch.testing.assert_close(joint("forward", torch.ones(1, 2)), network(torch.ones(1, 2)))


def test_a_loop_that_passes_the_trainer_by_is_told(tmp_path):
    from training.run_folder import RunError

    joint = Joint(torch.nn.Linear(2, 1), Ranks())
    joint.check()
    joint.ranks = Ranks(0, 2)
    with pytest.raises(RunError, match="through the trainer's forward"):
        joint.check()


def test_hole_sizes_come_with_the_sample(tmp_path):
    from training.imaging.holes import hole_sizes
    from training.trainers import inpainting
    from training.trainers.early_exit import Stopper
    from training.trainers.trainer import Trainer

    run = run_in(tmp_path / "run", "inpainting")
    run.write(replace(run.spec(), recipe=changed(run.spec().recipe, size=64)), run.items())
    learner = Trainer(run, run.spec(), Stopper())
    _, hole, sizes = inpainting._sample(learner, split_pools(run)[0], 3)
    assert sizes == [min(round(size), 511) for size in hole_sizes(hole)] != []


def test_a_grey_png_and_a_palette_mask_are_read(tmp_path):
    Image.fromarray(np.full((4, 6), 7, np.uint8)).save(tmp_path / "grey.png")
    assert (unpacked.read_luma(tmp_path / "grey.png") == 7).all()
    assert unpacked.read_photo(tmp_path / "grey.png").shape == (4, 6, 3)
    assert (unpacked.read_mask(tmp_path / "grey.png") == 7).all()
