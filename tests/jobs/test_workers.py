"""Real workers killed with kill -9, on every broker: one result, whatever dies."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection
from kombu import Connection

from jobs import services, tasks
from jobs.models import Job, Queue, State

pytestmark = [pytest.mark.slow, pytest.mark.services, pytest.mark.django_db(transaction=True)]
# The default suite has the embedded broker, make test-services has the others.
SERVERS = {"redis": os.environ.get("TEST_REDIS_URL"), "rabbitmq": os.environ.get("TEST_AMQP_URL")}
EMBEDDED = pytest.mark.skipif(any(SERVERS.values()), reason="the servers have their turn")
SHORT = {"JOB_LEASE_SECONDS": "2", "JOB_HEARTBEAT_SECONDS": "0.4", "JOB_RESEND_SECONDS": "1"}


def where_started(name):
    missing = pytest.mark.skipif(not SERVERS[name], reason=f"no server for {name}")
    return pytest.param(name, marks=missing)


@pytest.fixture(
    params=[pytest.param("embedded", marks=EMBEDDED), *map(where_started, SERVERS)],
)
def broker(request, tmp_path):
    """The address and the transport's options; a server's queues are empty at the start."""
    if request.param == "embedded":
        return "embedded://here", {"path": str(tmp_path / "var" / "broker.sqlite3")}
    with Connection(address := SERVERS[request.param]) as there:
        for name in ("interactive", "train", "quick"):
            there.SimpleQueue(name).clear()
    return address, {}


def database_address():
    of = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{of['NAME']}"
    return f"postgres://{of['USER']}@{of['HOST']}:{of['PORT']}/{of['NAME']}"


@pytest.fixture
def hint(broker, monkeypatch):
    """Sends hints through the broker, as the site does."""
    app = Celery(broker=broker[0])
    app.conf.broker_transport_options = broker[1]

    def send(job_id, queue):
        app.send_task("jobs.tasks.run", args=[str(job_id)], queue=queue)
        Job.objects.filter(pk=job_id).update(sent_at=services.Now())

    monkeypatch.setattr(services, "send", send)
    settings.JOB_LEASE_SECONDS, settings.JOB_RESEND_SECONDS = 2, 1
    yield send
    settings.JOB_LEASE_SECONDS, settings.JOB_RESEND_SECONDS = 60, 30


@pytest.fixture
def worker(tmp_path, broker):
    """``worker()`` starts one on the test's database; all are killed at the end."""
    (tmp_path / "var").mkdir()
    environment = (
        os.environ
        | SHORT
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "HEIRLOOM_VAR": str(tmp_path / "var"),
            "DATABASE_URL": database_address(),
            "BROKER_URL": broker[0],
            "SECRET_KEY": "a test",
            "ENGINE": "onnx",
            "WORKER_NICE": "0",  # the machine is busy with other tests, not with a site
        }
    )
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "config",
        "--quiet",
        "worker",
        "-c",
        "1",
        "-P",
        "prefork",
        "-l",
        "WARNING",
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
    ]
    started = []

    def start(queues="interactive,train"):
        process = subprocess.Popen(
            [*command, "-Q", queues],
            env=environment,
            start_new_session=True,
            cwd=Path(__file__).parents[2],
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(condition, seconds=240, sweep=False):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if sweep:
            services.sweep()
        if condition():
            return
        time.sleep(0.2)
    raise AssertionError("it did not happen in time")


def state(job):
    return Job.objects.get(pk=job.pk)


def lines(path):
    return path.read_text().split() if path.exists() else []


@pytest.fixture
def job(tmp_path, hint):
    notes = tmp_path / "notes"
    row = services.run_later("tests.wait", params={"path": str(notes), "seconds": 1.5})
    row.notes = notes
    return row


def test_a_killed_pool_child_is_followed_by_one_result(worker, job):
    worker()
    until(lambda: "started" in lines(job.notes))
    os.kill(int(state(job).lease_owner.split(":")[1]), signal.SIGKILL)
    until(lambda: state(job).state == State.SUCCEEDED, sweep=True)
    assert lines(job.notes).count("finished") == 1


def test_a_killed_worker_is_followed_by_one_result(worker, job):
    first = worker()
    until(lambda: "started" in lines(job.notes))
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    worker()
    until(lambda: state(job).state == State.SUCCEEDED, sweep=True)
    assert lines(job.notes) == ["started", "started", "finished"]


def test_a_killed_quick_workers_job_is_done_by_another(worker, tmp_path, hint):
    quick = worker("quick")
    notes = tmp_path / "notes"
    params = {"path": str(notes), "seconds": 1.5}
    small = services.run_later("tests.wait", params=params, queue=Queue.QUICK)
    until(lambda: "started" in lines(notes))
    os.killpg(quick.pid, signal.SIGKILL)
    quick.wait()
    worker("interactive,quick")
    until(lambda: state(small).state == State.SUCCEEDED, sweep=True)
    assert lines(notes) == ["started", "started", "finished"]


def test_a_small_answer_does_not_wait_for_a_long_job_of_its_class(worker, tmp_path, hint):
    worker("interactive,quick")
    long = services.run_later("tests.wait", params={"path": str(tmp_path / "l"), "seconds": 600})
    until(lambda: state(long).state == State.RUNNING)
    worker("quick")
    params = {"path": str(tmp_path / "s"), "seconds": 0}
    small = services.run_later("tests.wait", params=params, queue=Queue.QUICK)
    until(lambda: state(small).state == State.SUCCEEDED)
    assert state(long).state == State.RUNNING


def test_upkeep_gives_way_to_a_visitor_and_goes_on(worker, tmp_path, hint):
    worker("interactive,maintenance")
    params = {"path": str(notes := tmp_path / "notes"), "seconds": 600}
    long = services.run_later("tests.upkeep", params=params, queue=Queue.MAINTENANCE)
    until(lambda: "started" in lines(notes))
    first = state(long).lease_owner
    small = services.run_later("tests.wait", params={"path": str(tmp_path / "s"), "seconds": 0})
    until(lambda: state(small).state == State.SUCCEEDED)
    assert (state(long).state, state(long).lease_owner) == (State.RUNNING, first)
    assert lines(notes) == ["started"]


def test_visitors_come_first_however_many_others_wait(worker, tmp_path, hint):
    """Hints of an hour's upkeep were sent before: their order counts for nothing."""
    notes = tmp_path / "notes"
    for kind, queue in [("tests.upkeep", "maintenance")] * 3 + [("tests.wait", "interactive")] * 2:
        services.run_later(
            kind, params={"path": str(notes), "seconds": 0, "word": kind}, queue=queue
        )
    worker("interactive,maintenance")
    until(lambda: not Job.objects.active().exists(), sweep=True)
    assert [line for line in lines(notes) if "tests" in line] == ["tests.wait"] * 2 + [
        "tests.upkeep"
    ] * 3


def test_a_repeated_hint_changes_nothing(worker, job, hint):
    hint(job.pk, job.queue)
    worker()
    until(lambda: state(job).state == State.SUCCEEDED)
    time.sleep(0.5)
    assert lines(job.notes) == ["started", "finished"]


def test_a_lost_hint_is_sent_again(worker, tmp_path, hint, monkeypatch):
    with monkeypatch.context() as lost:
        lost.setattr(services, "send", lambda job_id, queue: None)
        job = services.run_later("tests.wait", params={"path": str(tmp_path / "n"), "seconds": 0})
    worker()
    until(lambda: state(job).state == State.SUCCEEDED, sweep=True)


@pytest.mark.long
def test_a_busy_worker_sweeps(worker, tmp_path, hint):
    """What a dead worker held need not wait until the work at hand is done."""
    worker()
    long = services.run_later("tests.wait", params={"path": str(tmp_path / "l"), "seconds": 600})
    until(lambda: state(long).state == State.RUNNING)
    lost = Job.objects.create(
        kind="tests.wait",
        state=State.RUNNING,
        lease_owner="elsewhere/1:1",
        lease_until=services.Now(),
    )
    until(lambda: state(lost).state == State.QUEUED)


def test_work_that_outlasts_the_brokers_patience_keeps_its_worker(worker, tmp_path, hint, broker):
    if not broker[0].startswith("amqp"):
        pytest.skip("only RabbitMQ loses patience")
    process = worker()
    for seconds in (15, 0):
        params = {"path": str(tmp_path / "n"), "seconds": seconds}
        job = services.run_later("tests.wait", params=params)
        until(lambda job=job: state(job).state == State.SUCCEEDED, sweep=True)
    assert process.poll() is None


def test_a_paused_worker_is_fenced_off(worker, job):
    worker()
    until(lambda: "started" in lines(job.notes))
    child = int(state(job).lease_owner.split(":")[1])
    os.kill(child, signal.SIGSTOP)
    worker()
    until(lambda: state(job).state == State.SUCCEEDED, sweep=True)
    os.kill(child, signal.SIGCONT)
    time.sleep(2)
    assert lines(job.notes).count("finished") == 1


def test_orphans_of_a_dead_worker_need_no_lease_end(worker, job):
    first = worker()
    until(lambda: "started" in lines(job.notes))
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    until(lambda: services.free_orphans(attempts_back=True) == 1, seconds=1.5)
    assert (state(job).state, state(job).attempt) == (State.QUEUED, 0)


@pytest.mark.parametrize(
    ("kind", "reason"), [("tests.poison", services.GAVE_UP), ("tests.greedy", tasks.NO_MEMORY)]
)
def test_what_kills_or_starves_its_worker_ends_with_a_reason(worker, tmp_path, hint, kind, reason):
    worker()
    job = services.run_later(kind, params={"path": str(tmp_path / "n")}, max_attempts=2)
    after = services.run_later("tests.wait", params={"path": str(tmp_path / "m"), "seconds": 0})
    until(lambda: state(job).state == State.FAILED, sweep=True)
    assert state(job).error == reason
    assert lines(tmp_path / "n") == ["started"] * 2
    until(lambda: state(after).state == State.SUCCEEDED, sweep=True)
