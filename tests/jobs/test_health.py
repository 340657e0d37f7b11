"""Liveness, readiness with its reasons, metrics, and log lines that can be followed."""

import json
import logging
import re
from datetime import timedelta

import pytest
from django.core.files.storage import InMemoryStorage
from django.db.models.functions import Now

from config.web import logging as logs
from jobs import services, tasks
from jobs.job_context import Precedence
from jobs.job_functions import job
from jobs.models import Job, SecondsSoFar, Worker
from jobs.monitoring import health, statistics, worker_heartbeat

pytestmark = pytest.mark.django_db


@job(Precedence.VISITOR)
def tell(work):
    logging.getLogger("t").warning("working")


@pytest.fixture(autouse=True)
def handlers(monkeypatch):
    monkeypatch.setattr(tasks, "job_of", {"t.tell": tell}.__getitem__)


@pytest.fixture
def everything(monkeypatch):
    worker_heartbeat.be_seen(["interactive", "maintenance", "quick", "train"])
    Worker.objects.create(name="elsewhere/1:1", queues=["quick"])


def broken(*_, **__):
    raise OSError(28, "No space left on /srv/secret/path")


def test_all_is_well(client, everything):
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    names = ("database", "broker", "storage", "workers", "waiting")
    assert answer.json() == {
        "ready": True, "degraded": False, "checks": {name: {"ok": True} for name in names}
    }  # fmt: skip


def test_no_storage_is_not_ready_and_tells_no_path(client, everything, monkeypatch):
    monkeypatch.setattr(health.default_storage, "save", broken)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["storage"]["reason"] == "No answer: OSError."
    assert b"secret" not in answer.content


def test_a_nearly_full_disk_is_not_ready(client, everything, monkeypatch):
    monkeypatch.setattr(health, "MIN_FREE_BYTES", 10**18)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert "are free on the disk" in answer.json()["checks"]["storage"]["reason"]


def test_a_storage_without_a_disk_is_asked_too(client, everything, monkeypatch):
    storage = InMemoryStorage()
    monkeypatch.setattr(health, "default_storage", storage)
    assert client.get("/health/ready").status_code == 200
    assert storage.listdir("health") == ([], [])


def test_a_broker_that_is_away_degrades_but_refuses_nobody(client, everything, monkeypatch):
    from config.celery import app

    monkeypatch.setattr(app, "connection_for_write", broken)
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["degraded"] is True
    assert answer.json()["checks"]["broker"] == {"ok": False, "reason": "No answer: OSError."}


def test_a_queue_without_a_worker_is_named(client):
    worker_heartbeat.be_seen(["interactive", "maintenance", "quick"])
    checks = client.get("/health/ready").json()["checks"]
    assert checks["workers"]["reason"] == "No worker listens to: train."


@pytest.mark.parametrize("own", [True, False])
def test_workers_give_way_with_their_session_if_it_is_theirs(monkeypatch, settings, tmp_path, own):
    settings.WORKER_NICE = 7
    steps, group = [], tmp_path / "autogroup"
    monkeypatch.setattr(worker_heartbeat.os, "nice", steps.append)
    monkeypatch.setattr(
        worker_heartbeat.os, "getsid", lambda pid: worker_heartbeat.os.getpid() if own else 1
    )
    monkeypatch.setattr(worker_heartbeat, "AUTOGROUP", group)
    worker_heartbeat.give_way()
    assert steps == [7] and group.exists() == own


def test_a_worker_that_fell_silent_does_not_count(client, everything):
    Worker.objects.update(seen_at=Now() - timedelta(minutes=2))
    assert "interactive" in client.get("/health/ready").json()["checks"]["workers"]["reason"]


def test_a_site_without_its_quick_worker_is_degraded(client, everything):
    Worker.objects.filter(name="elsewhere/1:1").delete()
    answer = client.get("/health/ready").json()
    assert answer["ready"] and answer["degraded"]
    assert "quick worker" in answer["checks"]["workers"]["reason"]


def figure(client, start, **headers):
    text = client.get("/metrics", **headers).content.decode()
    return [line for line in text.splitlines() if line.startswith(start)]


def test_metrics_count_work_by_kind_and_queue(client, run_jobs, everything):
    services.run_later("t.tell")
    run_jobs()
    services.run_later("t.tell", queue="train")
    assert figure(client, 'heirloom_jobs{queue="train",state="queued"}')[0].endswith(" 1.0")
    ended = 'heirloom_job_seconds_count{kind="t.tell",outcome="succeeded"} 1.0'
    assert figure(client, "heirloom_job_seconds_count") == [ended]
    assert figure(client, "heirloom_workers{")[:2] == [
        'heirloom_workers{queue="quick"} 2.0',
        'heirloom_workers{queue="interactive"} 1.0',
    ]


def test_every_room_has_its_figures(client):
    text = client.get("/metrics").content.decode()
    for name in ("restorations", "votes_total", "labels", "photos", "jobs"):
        assert f"# TYPE heirloom_{name} " in text


def test_every_line_of_the_metrics_is_well_formed(client, everything):
    ended(2, hours=1)
    label = r'[a-z_]+="[^"\\\n]*"'
    form = rf"(# (HELP|TYPE) [a-z_]+ .+)|[a-z_]+(\{{{label}(,{label})*\}})? [0-9.e+-]+"
    lines = client.get("/metrics").content.decode().splitlines()
    assert len(lines) > 40
    assert not [line for line in lines if not re.fullmatch(form, line)]
    typed = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(typed) == len(set(typed))


def ended(count, hours):
    when = Now() - timedelta(hours=hours)
    Job.objects.bulk_create(
        Job(
            kind="t.tell",
            state="succeeded",
            started_at=when - timedelta(seconds=3),
            finished_at=when,
        )
        for _ in range(count)
    )


def test_old_work_is_added_up_once(monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(statistics, "SAVE_EVERY", 5)
    ended(7, hours=2)
    assert statistics.seconds_so_far()["t.tell succeeded"]["count"] == 7
    Job.objects.all().delete()  # what was added up needs its rows no more
    ended(2, hours=1)
    sums = statistics.seconds_so_far()["t.tell succeeded"]
    assert (sums["count"], round(sums["seconds"])) == (9, 27)
    assert sums["buckets"][2:4] == [0, 9]
    assert SecondsSoFar.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("10.1.2.3", {}, 200),
        ("93.184.216.34", {}, 403),
        ("127.0.0.1", {"x-forwarded-for": "93.184.216.34"}, 403),
        ("", {}, 403),
    ],
)
def test_without_a_token_only_neighbours_read_metrics(client, address, headers, status):
    answer = client.get("/metrics", headers=headers, REMOTE_ADDR=address)
    assert answer.status_code == status


def test_with_a_token_only_who_knows_it_reads_metrics(client, settings):
    settings.METRICS_TOKEN = "let me in"
    assert client.get("/metrics").status_code == 403
    answer = client.get("/metrics", headers={"authorization": "Bearer let me in"})
    assert answer.status_code == 200


def as_json(caplog):
    for record in caplog.records:
        logs.Ids().filter(record)
    return [json.loads(logs.JsonLine().format(record)) for record in caplog.records]


def test_a_request_and_its_job_share_an_id(client, caplog, run_jobs):
    with logs.of_job("", "abcdef0123456789"):
        job = services.run_later("t.tell")
    caplog.handler.addFilter(logs.Ids())
    run_jobs()
    line = next(r for r in caplog.records if r.getMessage() == "working")
    said = json.loads(logs.JsonLine().format(line))
    assert (said["request"], said["job"]) == ("abcdef0123456789", str(job.pk))


@pytest.mark.parametrize(
    ("given", "kept"), [("proxy-made-1", True), ("x", False), ("evil\" 'id", False)]
)
def test_an_id_of_the_proxy_is_kept_if_it_looks_like_one(client, given, kept):
    told = client.get("/health/live", headers={"x-request-id": given})["X-Request-ID"]
    assert (told == given) is kept


def test_the_line_of_a_request_names_the_route_and_no_secret(client, caplog):
    caplog.set_level("INFO", "heirloom.request")
    client.get("/restore/a-private-link/?token=hidden")
    line = next(line for line in as_json(caplog) if line["logger"] == "heirloom.request")
    assert (line["route"], line["status"]) == ("restore/<str:token>/", 404)
    assert "a-private-link" not in json.dumps(line) and "hidden" not in json.dumps(line)


def test_a_line_of_a_child_keeps_its_fields():
    assert json.loads(logs.child_line("web", '{"message": "hello", "request": "r"}')) == {
        "message": "hello", "request": "r", "child": "web"
    }  # fmt: skip
    assert json.loads(logs.child_line("web", "plain {"))["message"] == "plain {"


@pytest.mark.parametrize(
    ("queue", "seconds", "degraded"),
    [
        ("interactive", 301, True),
        ("quick", 301, True),
        ("interactive", 60, False),
        ("train", 9000, False),
    ],
)
def test_work_that_waits_too_long_degrades(client, everything, queue, seconds, degraded):
    Job.objects.create(kind="t.tell", queue=queue, available_at=Now() - timedelta(seconds=seconds))
    answer = client.get("/health/ready")
    assert answer.status_code == 200 and answer.json()["degraded"] is degraded
    reason = "Due for over 5 min, with people waiting: 1."
    assert answer.json()["checks"]["waiting"].get("reason") == (reason if degraded else None)
