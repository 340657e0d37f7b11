"""Training in a real subprocess: to the end, cancelled, stopped, killed, failed."""

import json
import signal
import threading
import time

import pytest

from jobs import services as jobs
from jobs.models import Job, State
from jobs.tasks import run as run_job
from photos import storage
from tests.training.builders import photo, scratched, tiny
from training import services
from training.models import ModelVersion, Promotion, TrainingRun
from training.services import run_folder_writer
from training.services.training_process import LoopProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ENDLESS = {"images": 1_000_000, "epoch_images": 8, "warmup_images": 8}


def queue(**recipe):
    """A run of toy size over three masks and two grounds."""
    for number in range(3):
        scratched(number)
    photo(7), photo(8)
    snapshot = services.freeze_snapshot(name="S")
    return services.train_later(recipe=tiny(**recipe), snapshot=snapshot)


def state_of(run):
    return Job.objects.get(pk=run.job_id)


def when(condition, then, *, patience=240.0):
    """A thread that waits for a condition, then acts."""

    def wait():
        until = time.monotonic() + patience
        while not condition() and time.monotonic() < until:
            time.sleep(0.05)
        then()

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


def has_resume_file(run):
    return (run.folder / "resume.safetensors").exists


def test_from_snapshot_to_production(run_jobs):
    run = queue()
    run_jobs()
    assert state_of(run).state == State.SUCCEEDED, state_of(run).error
    version = ModelVersion.objects.get(run=run)
    assert version.gate["passed"], version.gate
    assert storage.read(version.onnx)[:1] == b"\x08"  # an ONNX protobuf begins with its version
    assert version.pictures.count() == 3
    assert version.card["snapshot"] == run.snapshot.digest
    its_metrics_became_rows_without_repeats(run)
    left = {path.name for path in run.folder.iterdir()}
    assert not left & {"images", "masks", "resume.safetensors"}
    services.promote(version=version, reason="the first that learnt here")
    assert Promotion.objects.current("segmentation").version == version


def its_metrics_became_rows_without_repeats(run):
    lines = (run.folder / "metrics.jsonl").read_text().splitlines()
    wanted = {(r["step"], r["split"], r["name"]) for r in map(json.loads, lines)}
    assert set(run.metrics.values_list("step", "split", "name")) == wanted
    assert run.metrics.filter(split="validation", name="score").count() == 2


def test_cancelling_stops_the_loop_and_keeps_what_it_learnt():
    run = queue(**ENDLESS)
    when(has_resume_file(run), lambda: jobs.cancel(state_of(run)))
    run_job(str(run.job_id))
    assert state_of(run).state == State.CANCELLED
    assert has_resume_file(run)()
    assert not ModelVersion.objects.filter(run=run).exists()


@pytest.mark.long
def test_a_stopped_loop_hands_the_job_back_and_goes_on(settings, run_jobs):
    run = queue(images=48)
    terminate = lambda: stop_loop(run)  # noqa: E731
    when(has_resume_file(run), terminate)
    run_job(str(run.job_id))
    first = state_of(run)
    assert (first.state, first.attempt) == (State.QUEUED, 0)
    run_jobs()
    assert state_of(run).state == State.SUCCEEDED, state_of(run).error
    assert "took the run up again" in " ".join(str(line.text) for line in first.lines.all())


def stop_loop(run):
    """What a dying worker does to its loop: SIGTERM."""
    LOOPS[run.pk].process.send_signal(signal.SIGTERM)


LOOPS = {}


@pytest.fixture(autouse=True)
def remember_loops(monkeypatch):
    """The handler's subprocess, so that a test can kill it."""
    start = LoopProcess.__init__

    def remembered(self, folder, *rest):
        start(self, folder, *rest)
        LOOPS[TrainingRun.objects.get(pk=folder.name).pk] = self

    monkeypatch.setattr(LoopProcess, "__init__", remembered)


@pytest.mark.long
def test_a_killed_loop_is_tried_again_and_resumes(run_jobs):
    run = queue(images=48)
    when(has_resume_file(run), lambda: LOOPS[run.pk].process.kill())
    run_job(str(run.job_id))
    assert state_of(run).state == State.QUEUED
    assert "killed by signal 9" in str(state_of(run).error)
    Job.objects.update(available_at=state_of(run).created_at)
    run_jobs()
    assert state_of(run).state == State.SUCCEEDED, state_of(run).error


def test_a_failure_says_the_loops_last_words(run_jobs):
    run = queue()
    run_folder_writer.write(run)
    spec = run.folder / "spec.json"
    spec.write_text(spec.read_text().replace('"network": "lite"', '"network": "heavy"'))
    run_jobs()
    assert state_of(run).state == State.FAILED
    assert "unknown segmentation network 'heavy'" in str(state_of(run).error)


def test_a_broken_folder_fails_with_its_reason(run_jobs):
    run = queue()
    run_folder_writer.write(run)
    (run.folder / "items.jsonl").write_text("this is no item\n")
    run_jobs()
    assert "items.jsonl cannot be read" in str(state_of(run).error)
