"""Files of a test live in its own folder; draws are made to say no unless a test wants them."""

import pytest

from annotate.services import assignment_start, honeypots
from photos import services


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    # The test's own transaction holds the database: a heartbeat would only wait for it.
    settings.JOB_HEARTBEAT_SECONDS = 60


@pytest.fixture(autouse=True)
def no_draws(monkeypatch):
    for room in (assignment_start, honeypots, services):
        monkeypatch.setattr(room, "drawn", lambda percent: False)
