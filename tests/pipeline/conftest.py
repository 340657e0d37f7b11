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


@pytest.fixture
def done(production, run_jobs):
    """A finished restoration of a visitor's photo, 50 x 70."""
    from pipeline.models import Restoration
    from pipeline.services import restore_later
    from tests.pipeline.builders import ready_photo

    row = restore_later(photo=ready_photo(origin="visitor"))
    run_jobs()
    return Restoration.objects.get(pk=row.pk)
