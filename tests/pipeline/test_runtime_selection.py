"""What is in production is measured once on this host; the site runs on what was faster."""

import pytest
from django.core.management import call_command

from config.words.said import said
from jobs.models import Job
from jobs.tasks import run
from pipeline import handlers
from pipeline.engine.runtime_selection import Choice, remember
from pipeline.services.rendering import engine_timing, model_loading, runtime_selection

TIMED = said("timing.measured", version="one", engine="onnx", why="faster")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    for module in (runtime_selection, model_loading):
        monkeypatch.setattr(module, "EXPORTS", tmp_path / "exports")
    return tmp_path / "exports"


@pytest.mark.django_db(transaction=True)  # the row's heart beats on a connection of its own
def test_a_version_is_measured_once(production, folder, capsys):
    for stage in ("inpainting", "colorization"):
        remember(folder, production[stage].weights_sha256, Choice("onnx", "known"))
    call_command("measure_engines")
    assert f"{production['segmentation']} runs on " in (said := capsys.readouterr().out)
    assert "per megapixel:" in said
    assert runtime_selection.unmeasured() == []
    (row,) = handlers.time_engines.jobs
    assert (row.state, str(row.message)) == ("succeeded", "1 of 1 timed")
    assert "per megapixel:" in str(row.lines.get().text)
    call_command("measure_engines")
    assert handlers.time_engines.jobs.count() == 1
    assert "measured on this host before" in capsys.readouterr().out


def test_the_site_runs_on_what_was_chosen(production, folder):
    version = production["segmentation"]
    remember(folder, version.weights_sha256, Choice("torch", "faster here"))
    assert model_loading.open_version(version).run.name == "torch"


def test_a_measurement_that_fails_says_so(production, monkeypatch):
    monkeypatch.setattr(runtime_selection.sys, "executable", "/bin/false")
    (said,) = runtime_selection.measure([production["inpainting"]])
    assert "not measured" in str(said)


@pytest.mark.django_db(transaction=True)
def test_a_row_tells_what_was_not_measured(production, monkeypatch, capsys):
    monkeypatch.setattr(runtime_selection.sys, "executable", "/bin/false")
    call_command("measure_engines")
    (row,) = handlers.time_engines.jobs
    assert row.state == "failed" and str(row.error).count("not measured") == len(production)
    assert row.lines.count() == capsys.readouterr().out.count("not measured") == len(production)
    row.retry()
    run(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.attempt) == ("failed", 1)  # by a worker, which measures for its host


@pytest.mark.django_db(transaction=True)
def test_a_measurement_that_is_cancelled_or_breaks_leaves_no_row_running(production, monkeypatch):
    def stopped(versions):
        yield TIMED
        handlers.time_engines.jobs.update(cancel_requested=True)
        yield TIMED
        raise AssertionError("it went on")

    monkeypatch.setattr(engine_timing, "measure", stopped)
    assert list(engine_timing.on_activity([None] * 3))[:2] == [TIMED, TIMED]
    assert handlers.time_engines.jobs.get().state == "cancelled"
    Job.objects.all().delete()

    def broken(versions):
        yield TIMED
        raise OSError("no room")

    monkeypatch.setattr(engine_timing, "measure", broken)
    with pytest.raises(OSError, match="no room"):
        list(engine_timing.on_activity([None] * 3))
    assert handlers.time_engines.jobs.get().error == "OSError: no room"


@pytest.fixture
def beside(monkeypatch):
    """Programs that were started and not waited for; none of them ends by itself."""
    begun = []

    class Program:
        def __init__(self, command, **given):
            begun.append(command)

        def poll(self):
            return None

    monkeypatch.setattr(runtime_selection.subprocess, "Popen", Program)
    monkeypatch.setattr(runtime_selection, "_begun", [])
    return begun


def test_a_worker_measures_beside_itself_and_once_at_a_time(production, beside):
    for _ in range(2):
        handlers.measure_engines()
    ((*_, program, what),) = beside
    assert (program, what) == ("manage.py", "measure_engines")


def test_nothing_is_started_where_all_was_measured(production, folder, beside):
    for version in production.values():
        remember(folder, version.weights_sha256, Choice("onnx", "known"))
    handlers.measure_engines()
    assert beside == []


def test_a_choice_is_taken_up_at_the_next_opening(production, folder):
    version = production["segmentation"]
    assert model_loading.open_version(version).run.name == "onnx"
    remember(folder, version.weights_sha256, Choice("torch", "faster here"))
    assert model_loading.open_version(version).run.name == "torch"


def test_an_open_network_is_kept_without_its_file(production, monkeypatch):
    version = production["segmentation"]
    first = model_loading.open_version(version)
    monkeypatch.setattr(model_loading.storage, "local_file", None)
    assert model_loading.open_version(version) is first
