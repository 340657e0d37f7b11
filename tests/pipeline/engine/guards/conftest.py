"""The rules are tested on drawn toys, which are no photographs: no second look joins in."""

import pytest

from pipeline.engine.guards import deciding


@pytest.fixture(autouse=True)
def rules_alone(request, monkeypatch):
    if not request.module.__name__.endswith("test_second_look"):
        monkeypatch.setattr(deciding, "looked_at", lambda *_: {})
