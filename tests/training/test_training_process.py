"""A run as a process of its own, on one card or several."""

import time

import pytest

from tests.training.trainers.test_resume import run_in
from training.services import training_process


@pytest.mark.slow
@pytest.mark.long
def test_torchrun_shares_a_run_and_says_how_it_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(training_process, "processes", lambda cards: 2)
    run = run_in(tmp_path / "run", "segmentation", images=8, epoch_images=8)
    loop = training_process.LoopProcess(run.path)
    loop.process.wait(240)
    assert loop.ended() == 0, (run.path / "stderr.log").read_text()[-2000:]
    assert run.best.exists() and run.resume.exists()


@pytest.mark.long
def test_a_stopped_torchrun_is_resumable(tmp_path, monkeypatch):
    monkeypatch.setattr(training_process, "processes", lambda cards: 2)
    run = run_in(tmp_path / "run", "segmentation", images=100_000, epoch_images=50_000)
    loop = training_process.LoopProcess(run.path)
    deadline = time.monotonic() + 240
    while not (run.path / "metrics.jsonl").exists() and time.monotonic() < deadline:
        time.sleep(0.2)
        assert loop.ended() is None, (run.path / "stderr.log").read_text()[-2000:]
    assert loop.stop() == training_process.RESUMABLE
    assert run.resume.exists()


def test_every_visible_card_gets_a_process(settings, monkeypatch, tmp_path):
    assert training_process.processes() == 1
    settings.TRAIN_DEVICE = "cuda"
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,2,3")
    assert training_process.processes() == 3
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    monkeypatch.setattr(training_process, "CARDS", tmp_path)
    (tmp_path / "0000:01:00.0").mkdir()
    assert training_process.processes() == 1
