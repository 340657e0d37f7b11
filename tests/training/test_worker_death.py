"""kill -9 of the process that runs the job: its loop stops in order, the next attempt goes on."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.db.models.functions import Now

from jobs.models import Job, State
from tests.jobs.test_up import alive
from tests.training.builders import photo, scratched, tiny
from training import services
from training.services.training_process import wait_for_lock

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux for a signal"),
]
WORK = "import django; django.setup(); from jobs.tasks import run; run('{}')"


@pytest.fixture
def start_worker(settings, tmp_path):
    """Runs a job in a process of its own, on the test's database and files."""
    settings.MEDIA_ROOT, settings.RUNS_ROOT = tmp_path / "media", tmp_path / "runs"
    database = settings.DATABASES["default"]
    if "sqlite" not in database["ENGINE"]:
        pytest.skip("the process finds its database by a file's name")
    given = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "HEIRLOOM_VAR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{database['NAME']}",
        "SECRET_KEY": "a test",
        "TORCH_THREADS": "1",
    }

    def start(job):
        code = WORK.format(job.pk)
        return subprocess.Popen([sys.executable, "-c", code], env=os.environ | given)

    return start


def wait_until(condition, patience=240.0):
    until = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)


STARTER = """
import django; django.setup()
from pathlib import Path
from training.services.training_process import LoopProcess
print(LoopProcess(Path({!r})).process.pid, flush=True)
input()
"""


def test_a_loop_that_was_just_started_ends_with_its_worker(tmp_path, monkeypatch):
    """It is asked for before torch is loaded, which takes seconds on a busy machine."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.settings")
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER.format(str(tmp_path))],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    loop = int(starter.stdout.readline())
    starter.kill()
    starter.wait()
    wait_until(lambda: not alive(loop), 2.0)


@pytest.mark.long
def test_a_killed_worker_loses_nothing(start_worker, run_jobs):
    scratched(1), photo(2)
    run = services.train_later(recipe=tiny(images=96), snapshot=services.freeze_snapshot(name="S"))
    worker = start_worker(run.job)
    resume = run.folder / "resume.safetensors"
    wait_until(resume.exists)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    wait_for_lock(run.folder)  # the loop heard of its parent's death and left
    assert Job.objects.get(pk=run.job_id).state == State.RUNNING
    Job.objects.update(lease_until=Now(), available_at=Now())
    run_jobs()
    job = Job.objects.get(pk=run.job_id)
    assert (job.state, job.attempt) == (State.SUCCEEDED, 2), job.error
    assert "took the run up again" in " ".join(str(line.text) for line in job.lines.all())
