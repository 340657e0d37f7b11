"""Jobs: claimed once, fenced, swept, retried."""

import os
import subprocess
import sys
import uuid
from datetime import timedelta

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from jobs import services, tasks
from jobs.job_context import LeaseLost, Precedence, Work
from jobs.job_functions import job
from jobs.models import Job, State

pytestmark = [pytest.mark.django_db, pytest.mark.services]


@job(Precedence.VISITOR)
def greet(work, name="nobody"):
    work.progress(0.5, f"greeting {name}")
    work.log(f"hello {name}")


@job(Precedence.VISITOR)
def stumble(work):
    raise ValueError("a stone in the way")


@pytest.fixture(autouse=True)
def handlers(monkeypatch):
    monkeypatch.setattr(tasks, "job_of", {"t.greet": greet, "t.stumble": stumble}.__getitem__)


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
    assert "no attempts are left" in str(job.error)


@job(Precedence.VISITOR)
def swallow(work):
    raise MemoryError


@job(Precedence.VISITOR)
def overflow(work):
    raise RuntimeError(
        "[enforce fail at alloc_cpu.cpp:117] . DefaultCPUAllocator: not enough memory"
    )


@pytest.mark.parametrize("handler", [swallow, overflow])
def test_no_memory_is_the_reason_in_a_sentence(handler, monkeypatch):
    monkeypatch.setattr(tasks, "job_of", lambda kind: handler)
    job = services.run_later("t.swallow", max_attempts=1)
    tasks.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.error) == (State.FAILED, tasks.NO_MEMORY)


@job(Precedence.VISITOR)
def outage(work):
    raise OperationalError("server closed the connection unexpectedly")


@pytest.fixture
def away(monkeypatch):
    """The connection breaks under the job, and the database is back at the second look."""
    back, real = [], Job.hand_back

    def hand_back(job, token, **facts):
        back.append(token)
        if len(back) == 1:
            raise OperationalError("the database system is starting up")
        return real(job, token, **facts)

    monkeypatch.setattr(tasks, "job_of", lambda kind: outage)
    monkeypatch.setattr(tasks.connection._connections[DEFAULT_DB_ALIAS], "is_usable", lambda: False)
    monkeypatch.setattr(tasks.connection._connections[DEFAULT_DB_ALIAS], "close", lambda: None)
    monkeypatch.setattr(Job, "hand_back", hand_back)


def test_a_database_that_goes_away_costs_no_attempt(away):
    job = services.run_later("t.outage", max_attempts=1)
    tasks.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempt, str(job.error)) == (State.QUEUED, 0, "The database was away.")


def test_a_heart_that_misses_a_beat_goes_on(monkeypatch, settings):
    settings.JOB_HEARTBEAT_SECONDS = 0.01
    work, beats = Work(Job(), uuid.uuid4()), []

    def beat():
        beats.append(1)
        if len(beats) == 1:
            raise OperationalError("away")
        if len(beats) == 3:
            work.lost.set()

    monkeypatch.setattr(work, "_beat", beat)
    with work.heartbeat():
        assert work.lost.wait(60)


def put_clock(job, *, forward):
    """As if the database's clock had jumped: all it has written lies so much further back."""
    names = ["available_at", "lease_until", "heartbeat_at", "sent_at", "started_at"]
    Job.objects.filter(pk=job.pk).update(**{name: F(name) - forward for name in names})


def test_a_clock_put_forward_gives_the_job_away_and_one_result_counts():
    job = services.run_later("t.greet")
    first = job.claim(owner="elsewhere/1:1")
    put_clock(job, forward=timedelta(hours=1))
    services.sweep()
    second = job.claim(owner="elsewhere/1:2")
    assert second and not job.succeed(first) and job.succeed(second)


def test_a_clock_put_back_does_not_hold_a_dead_workers_job():
    job = services.run_later("t.greet")
    job.claim(owner="elsewhere/1:1")
    put_clock(job, forward=-timedelta(hours=1))
    services.sweep()
    assert not Job.objects.lease_too_long().exists()
    ends = Job.objects.get(pk=job.pk).lease_until - timezone.now()
    assert ends < timedelta(seconds=70)


def test_a_clock_put_back_does_not_hold_a_lost_hint(monkeypatch):
    job = services.run_later("t.greet")
    Job.objects.update(sent_at=Now() + timedelta(hours=1))
    sent = []
    monkeypatch.setattr(services, "send", lambda job_id, queue: sent.append(job_id) or True)
    monkeypatch.setattr(services, "hints_waiting", lambda queue: 0)
    services.sweep()
    assert sent == [job.pk]


def test_the_sweep_sends_as_many_hints_as_the_queue_lacks(monkeypatch):
    jobs, sent = [services.run_later("t.greet") for _ in range(5)], []
    Job.objects.update(sent_at=Now() - timedelta(hours=1))
    monkeypatch.setattr(services, "hints_waiting", lambda queue: 3 + len(sent))
    monkeypatch.setattr(services, "send", lambda job_id, queue: sent.append(job_id) or True)
    services.sweep()
    services.sweep()
    assert sent == [job.pk for job in jobs[:2]]


def test_a_broker_that_is_away_is_asked_once(monkeypatch):
    for _ in range(5):
        services.run_later("t.greet")
    asked = []
    monkeypatch.setattr(services, "hints_waiting", lambda queue: 0)
    monkeypatch.setattr(services, "send", lambda job_id, queue: bool(asked.append(job_id)))
    services.sweep()
    assert len(asked) == 1 and not Job.objects.exclude(sent_at=None).exists()


def test_nobody_waits_for_a_broker_that_is_away():
    """In a process of its own: the address is read once, with the settings."""
    code = (
        "import time, django; django.setup(); from jobs.services import send; began = time.time();"
        "print(send('a', 'interactive'), time.time() - began < 3)"
    )
    away = {"DJANGO_SETTINGS_MODULE": "config.settings", "BROKER_URL": "redis://127.0.0.1:1/0"}
    said = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | away, capture_output=True, text=True
    )
    assert said.stdout == "False True\n", said.stderr


def test_cancelling_a_waiting_job_ends_it_at_once():
    job = services.run_later("t.greet")
    services.cancel(job)
    tasks.run(str(job.pk))
    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_an_unknown_job_is_no_error():
    tasks.run(str(uuid.uuid4()))
