"""The quick worker opens what it needs before somebody waits, and never torch."""

import pytest

from config.registry import warm_up_step
from jobs.monitoring import worker_heartbeat
from pipeline import warming
from pipeline.services import render_plan
from pipeline.services.rendering import model_loading

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cold(monkeypatch, settings):
    settings.ENGINE = "onnx"
    monkeypatch.setattr(model_loading, "_kept", {})


def test_production_is_open_before_the_first_job(production):
    assert warm_up_step.all() == [warming.open_production]
    worker_heartbeat._warm()
    assert len(model_loading._kept) == 3
    assert {network.run.name for network in model_loading._kept.values()} == {"onnx"}


def test_a_network_that_cannot_be_opened_keeps_the_others_warm(production, caplog):
    type(production["inpainting"]).objects.filter(stage="inpainting").update(weights=None)
    warming.open_production()
    assert "is not warm" in caplog.text
    assert len(model_loading._kept) == 2


@pytest.mark.parametrize(
    ("queues", "warm"), [(["quick"], True), (["interactive", "maintenance", "quick"], False)]
)
def test_only_the_quick_worker_warms_itself(monkeypatch, queues, warm):
    called = []
    monkeypatch.setattr(worker_heartbeat, "queues_of", lambda app: queues)
    monkeypatch.setattr(worker_heartbeat, "_warm", lambda: called.append(True))
    worker_heartbeat.warm_up()
    for thread in worker_heartbeat.threading.enumerate():
        if thread.name == "warm-up":
            thread.join()
    assert bool(called) is warm


def test_without_production_nothing_is_opened(db):
    assert render_plan.production() == {}
    warming.open_production()
    assert model_loading._kept == {}
