"""Jobs: claimed once, fenced, swept, retried."""

import uuid
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from jobs import services, tasks
from jobs.models import Job, State
from jobs.work import LeaseLost, Work, handles

pytestmark = [pytest.mark.django_db, pytest.mark.services]


@handles
def greet(work, name="nobody"):
    work.progress(0.5, f"greeting {name}")
    work.log(f"hello {name}")


@handles
def stumble(work):
    raise ValueError("a stone in the way")


@pytest.fixture(autouse=True)
def handlers(monkeypatch):
    monkeypatch.setattr(tasks, "handler_of", {"t.greet": greet, "t.stumble": stumble}.__getitem__)


def test_a_job_runs_and_keeps_its_log(run_jobs):
    job = services.run_later("t.greet", params={"name": "Ida"})
    run_jobs()
    job.refresh_from_db()
    assert (job.state, job.progress) == (State.SUCCEEDED, 1.0)
    assert job.lines.get().text == "hello Ida"


def test_the_same_key_is_queued_once():
    assert services.run_later("t.greet", key="k").pk == services.run_later("t.greet", key="k").pk


def test_only_one_claim_wins():
    job = services.run_later("t.greet")
    assert job.claim(owner="a") is not None
    assert job.claim(owner="b") is None


def test_a_late_worker_is_fenced_off():
    job = services.run_later("t.greet")
    old = job.claim(owner="a")
    Job.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert job.claim(owner="b") is not None
    assert not job.succeed(old)
    with pytest.raises(LeaseLost), Work(job, old).finished():
        raise AssertionError("never reached")


def test_a_failure_waits_and_then_gives_up_with_its_reason():
    job = services.run_later("t.stumble", max_attempts=2)
    for _ in range(2):
        Job.objects.update(available_at=Now())
        tasks.run(str(job.pk))
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert job.error == "ValueError: a stone in the way"


def test_the_sweep_frees_a_dead_workers_job():
    job = services.run_later("t.greet")
    job.claim(owner="dead")
    Job.objects.update(lease_until=Now() - timedelta(seconds=1))
    services.sweep()
    job.refresh_from_db()
    assert job.state == State.QUEUED


def test_the_sweep_ends_a_poison_job():
    job = services.run_later("t.greet", max_attempts=1)
    job.claim(owner="dead")
    Job.objects.update(lease_until=Now() - timedelta(seconds=1))
    services.sweep()
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert "no attempts are left" in job.error


def test_cancelling_a_waiting_job_ends_it_at_once():
    job = services.run_later("t.greet")
    services.cancel(job)
    tasks.run(str(job.pk))
    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_an_unknown_job_is_no_error():
    tasks.run(str(uuid.uuid4()))
