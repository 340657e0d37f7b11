"""What is in production is measured once on this host; the site runs on what was faster."""

import pytest
from django.core.management import call_command

from pipeline import handlers, model_loading, runtime_selection
from pipeline.engine.runtime_selection import Choice, remember

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    for module in (runtime_selection, model_loading):
        monkeypatch.setattr(module, "EXPORTS", tmp_path / "exports")
    return tmp_path / "exports"


def test_a_version_is_measured_once(production, folder, capsys):
    for stage in ("inpainting", "colorization"):
        remember(folder, production[stage].weights_sha256, Choice("onnx", "known"))
    call_command("measure_engines")
    assert f"{production['segmentation']}: " in (said := capsys.readouterr().out)
    assert "per megapixel:" in said
    assert runtime_selection.unmeasured() == []
    call_command("measure_engines")
    assert "measured on this host before" in capsys.readouterr().out


def test_the_site_runs_on_what_was_chosen(production, folder):
    version = production["segmentation"]
    remember(folder, version.weights_sha256, Choice("torch", "faster here"))
    assert model_loading.open_version(version).run.name == "torch"


def test_a_measurement_that_fails_says_so(production, monkeypatch, caplog):
    monkeypatch.setattr(runtime_selection, "unmeasured", lambda: [production["inpainting"]])
    monkeypatch.setattr(runtime_selection.sys, "executable", "/bin/false")
    with caplog.at_level("INFO", logger="pipeline.handlers"):
        handlers.measure_engines()
    assert "not measured" in caplog.text
