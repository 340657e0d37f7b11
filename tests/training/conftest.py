"""Files and run folders of a test live in its own folder."""

import pytest


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.RUNS_ROOT = tmp_path / "runs"
    settings.TORCH_THREADS = 1
