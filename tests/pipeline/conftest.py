"""Networks and a production for every test of this room."""

import pytest


@pytest.fixture(scope="session")
def weights_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tiny-weights")


@pytest.fixture
def production(db, weights_folder):
    """Tiny networks in production; answers versions by stage."""
    from tests.pipeline.builders import production as install

    return install(weights_folder)
