"""Imported networks restore photographs: all three stages, sentences, licences."""

import io

import numpy as np
import pytest

from config.errors import Refused
from photos.decoding import scans
from pipeline import services
from pipeline.models import Rendition
from pipeline.services import result_context
from pipeline.services.rendering import model_loading
from tests.pipeline.builders import promote, ready_photo, upload
from tests.pipeline.engine.tiny import picture
from tests.training.foreign import made
from training.foreign import adapters
from training.services.foreign import foreign_versions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small(settings, tmp_path, monkeypatch):
    settings.IMPORTED_MEMORY_MEGABYTES, settings.IMPORTED_SECONDS = 3000, 20
    settings.TORCH_THREADS = 1
    monkeypatch.setattr(model_loading, "EXPORTS", tmp_path / "exports")
    monkeypatch.setattr(model_loading, "_kept", {})


def imported(folder, preset, licence="MIT"):
    card = foreign_versions.Card(f"Their {preset}", licence, "https://example.org")
    path = made.PRESETS[preset](folder / f"{preset}.onnx")
    return foreign_versions.import_model(path=path, adapter=adapters.preset(preset), card=card)


@pytest.fixture
def theirs(tmp_path):
    """Nothing of ours in production."""
    stages = ("bopbtl-scratch", "lama", "ddcolor")
    versions = [imported(tmp_path, preset) for preset in stages]
    for version in versions:
        promote(version)
    return versions


def scratched(height=90, width=120):
    pixels = np.full((height, width, 3), 110, np.uint8)
    pixels[:, width // 2 : width // 2 + 2] = 250
    return pixels


def test_all_three_stages_can_be_foreign(theirs, run_jobs):
    row = services.restore_later(photo=ready_photo(scratched()))
    run_jobs()
    row.refresh_from_db()
    assert row.is_done, row.job.error
    mask = scans.read_working(row.mask.image)
    assert (mask[20:70, 60:62] > 0).all() and not mask[:, :40].any()
    filled = scans.read_working(row.results[0].image).astype(int)
    assert np.abs(filled[20:70, 60:62] - 110).max() < 12
    coloured = scans.read_working(row.results[2].image).astype(int)
    assert (coloured[10, 10, 0] > coloured[10, 10, 2] + 20).all()  # the tint is warm
    said = row.results[0].report["weights"]
    assert {each["engine"] for each in said.values()} == {"imported"}
    assert said["inpainting"]["sha256"] == theirs[1].weights_sha256


def test_another_file_makes_another_rendition(theirs, run_jobs, tmp_path):
    photo = ready_photo(scratched())
    services.restore_later(photo=photo)
    run_jobs()
    promote(imported(tmp_path, "siggraph17"))
    services.restore_later(photo=photo)
    run_jobs()
    assert Rendition.objects.filter(kind="inpainted").count() == 1
    assert Rendition.objects.filter(kind="colorized").count() == 2


def test_a_network_that_fails_at_work_fails_the_job_in_its_words(
    production, run_jobs, settings, tmp_path
):
    version = imported(tmp_path, "siggraph17")
    promote(version)
    settings.IMPORTED_MEMORY_MEGABYTES = 150
    row = services.restore_later(photo=ready_photo(scratched()))
    run_jobs()
    row.refresh_from_db()
    assert row.job.state == "failed" and row.job.attempt == 1
    assert str(row.job.error).startswith("The graph") and "Traceback" not in str(row.job.error)


def test_no_commercial_use_stands_on_the_result_and_shuts_visitors_out(
    production, run_jobs, settings, tmp_path
):
    promote(imported(tmp_path, "siggraph17", licence="CC-BY-NC-4.0"))
    row = services.restore_later(photo=ready_photo(picture(70, 50)))
    run_jobs()
    row.refresh_from_db()
    sentence = "No commercial use: a network under CC-BY-NC-4.0 had a part in this picture."
    assert sentence in map(str, result_context.facts(row)["warnings"])
    with pytest.raises(Refused, match="forbids commercial use"):
        services.restore_later(file=io.BytesIO(upload()), name="ida.png")
    settings.NONCOMMERCIAL_PUBLIC = True
    services.restore_later(file=io.BytesIO(upload()), name="ida.png")


def test_what_is_measured_for_our_engines_is_not_asked_of_theirs(theirs):
    from pipeline.services.rendering.runtime_selection import unmeasured

    assert unmeasured() == []
