"""Which job a worker takes, and what long work gives way to."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now

from jobs import claiming, services, tasks
from jobs.job_context import Precedence, Work
from jobs.job_functions import job, job_of
from jobs.models import Job, Queue, State

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]
QUEUES = ["interactive", "maintenance"]
done = []


def handler(precedence, name):
    def note(work):
        done.append(name)

    return job(precedence)(note)


@job(Precedence.STUDY)
def long(work):
    """Two tiles; while the first was computed a visitor and an upkeep came."""
    done.append("first tile")
    for kind in ("t.upkeep", "t.visitor", "t.study"):
        services.run_later(kind)
    work.progress(0.5, "first tile")
    done.append("second tile")


HANDLERS = {f"t.{each.name.lower()}": handler(each, each.name.lower()) for each in Precedence}
HANDLERS["t.long"] = long


@pytest.fixture(autouse=True)
def handlers(monkeypatch):
    done.clear()
    for module in (tasks, claiming):
        monkeypatch.setattr(module, "job_of", lambda kind: HANDLERS[kind])


def work_off(queues=QUEUES):
    """As a worker with one hint after the other."""
    while claimed := claiming.claim_first(queues):
        tasks._run(claimed, queues)


def test_jobs_are_claimed_by_class_and_then_by_age():
    came = ("upkeep", "study", "import", "visitor", "preview", "study", "visitor")
    for kind in (f"t.{name}" for name in came):
        services.run_later(kind)
    work_off()
    assert done == ["visitor", "visitor", "preview", "import", "study", "study", "upkeep"]


def test_inside_a_class_nobody_is_passed_for_ever():
    old = services.run_later("t.visitor")
    Job.objects.update(available_at=Now() - timedelta(hours=1))
    again = services.run_later("t.visitor")
    Job.objects.filter(pk=again.pk).update(created_at=Now() - timedelta(days=1), attempt=1)
    assert claiming.claim_first(QUEUES).job == old


def test_upkeep_has_its_turn_when_nothing_else_is_due():
    later = services.run_later("t.visitor")
    Job.objects.filter(pk=later.pk).update(available_at=Now() + timedelta(hours=1))
    services.run_later("t.upkeep")
    work_off()
    assert done == ["upkeep"]


def test_a_worker_takes_nothing_of_others_queues():
    services.run_later("t.visitor", queue=Queue.TRAIN)
    services.run_later("t.upkeep", queue=Queue.QUICK)
    assert claiming.claim_first(["interactive"]) is None
    assert claiming.claim_first(["quick"]).job.kind == "t.upkeep"


def test_a_kind_that_nobody_knows_comes_last_and_fails_with_its_reason(monkeypatch):
    for module in (tasks, claiming):
        monkeypatch.setattr(module, "job_of", job_of)
    job = services.run_later("jobs.gone", max_attempts=1)
    assert claiming.precedence_of(job.kind) is Precedence.UPKEEP
    work_off()
    assert "jobs.gone" in str(Job.objects.get().error) or "handlers" in str(Job.objects.get().error)


def test_long_work_gives_way_to_what_is_above_it_alone():
    services.run_later("t.long")
    work_off()
    assert done == ["first tile", "visitor", "second tile", "study", "upkeep"]
    assert not Job.objects.exclude(state=State.SUCCEEDED).exists()


def test_what_failed_before_is_never_done_in_the_midst_of_other_work():
    services.run_later("t.visitor")
    Job.objects.update(attempt=1)
    assert claiming.claim_above(QUEUES, Precedence.STUDY) is None
    assert claiming.claim_first(QUEUES).job.kind == "t.visitor"


def test_a_visitors_job_gives_way_to_nobody():
    services.run_later("t.visitor")
    assert claiming.claim_above(QUEUES, Precedence.VISITOR) is None


def test_work_that_fails_in_the_midst_leaves_the_other_as_it_was(monkeypatch):
    def stumble(work):
        raise ValueError("a stone in the way")

    monkeypatch.setitem(HANDLERS, "t.visitor", job(Precedence.VISITOR)(stumble))
    outer = services.run_later("t.long")
    work_off()
    assert done[:2] == ["first tile", "second tile"]
    outer.refresh_from_db()
    assert (outer.state, outer.attempt) == (State.SUCCEEDED, 1)


def test_nothing_is_done_inside_a_transaction():
    from django.db import transaction

    outer = services.run_later("t.long")
    work = Work(outer, outer.claim(owner="me"), lambda: done.append("gave way"))
    with transaction.atomic():
        work.progress(0.1, "inside")
    assert done == []
    work.progress(0.2, "outside")
    assert done == ["gave way"]


def test_a_call_runs_the_job_it_names():
    first, second = (services.run_later("t.visitor") for _ in range(2))
    tasks.run(str(second.pk))
    assert [Job.objects.get(pk=job.pk).state for job in (first, second)] == ["queued", "succeeded"]


@pytest.mark.parametrize(
    ("kind", "precedence"),
    [
        ("pipeline.restore", Precedence.VISITOR),
        ("pipeline.suggest", Precedence.PREVIEW),
        ("pipeline.render", Precedence.STUDY),
        ("training.import_graph", Precedence.IMPORT),
        ("evaluation.read_outputs", Precedence.IMPORT),
        ("annotate.look_through", Precedence.IMPORT),
        ("annotate.bring_in", Precedence.IMPORT),
        ("annotate.take_photos", Precedence.IMPORT),
        ("training.evaluate_version", Precedence.STUDY),
        ("annotate.compare_masks", Precedence.UPKEEP),
        ("photos.prepare_photo", Precedence.PREVIEW),
    ],
)
def test_kinds_and_their_classes(kind, precedence, monkeypatch):
    monkeypatch.setattr(claiming, "job_of", job_of)
    assert claiming.precedence_of(kind) is precedence


def test_to_look_up_a_class_loads_no_network():
    """Workers ask for the class of every kind that waits, also of those they never run."""
    code = (
        "import django; django.setup(); import sys;"
        "from annotate import handlers; from photos import handlers; from training import handlers;"
        "from pipeline import handlers; from evaluation import handlers;"
        "print({'torch', 'onnxruntime'} & set(sys.modules) or 'none')"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True,
        cwd=Path(__file__).parents[2], env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": ""},
    )  # fmt: skip
    assert said.stdout.strip() == "none", said.stderr
