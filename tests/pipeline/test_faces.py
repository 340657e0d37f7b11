"""Faces in a result's report: only where a detector is named, and never the cause of a failure."""

import numpy as np
import pytest

from pipeline import services
from pipeline.models import Restoration
from pipeline.services.rendering import faces
from tests.pipeline.builders import ready_photo
from training.imaging.faces import Face

pytestmark = pytest.mark.django_db


def test_nobody_looks_without_a_detector(settings):
    settings.FACES_MODEL = ""
    assert faces.found_in(np.zeros((40, 40), np.uint8)) == {}


def test_a_detector_that_is_gone_costs_the_faces_alone(settings, caplog):
    settings.FACES_MODEL = "/nowhere/yunet.onnx"
    assert faces.found_in(np.zeros((40, 40), np.uint8)) == {}
    assert "There is no face detector" in caplog.text


@pytest.fixture
def detector(settings, monkeypatch):
    settings.FACES_MODEL = "yunet.onnx"
    found = [Face(1, 2, 10, 12, 0.9)]
    monkeypatch.setattr("training.imaging.faces.FaceFinder", lambda path: lambda picture: found)


def test_large_scans_are_looked_at_smaller(detector):
    told = faces.found_in(np.zeros((6144, 30), np.uint16))
    assert told == {"faces": [{"x": 3, "y": 6, "width": 30, "height": 36, "score": 0.9}]}


def test_the_report_and_the_page_name_them(client, detector, production, run_jobs):
    row = services.restore_later(photo=ready_photo())
    run_jobs()
    row = Restoration.objects.get(pk=row.pk)
    assert all(made.report["faces"][0]["height"] == 12 for made in row.made)
    assert "1 found" in client.get(row.get_absolute_url()).content.decode()
