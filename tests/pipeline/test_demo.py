"""The demo's restoration: one, once, of a demo photograph."""

import pytest

from annotate.models import Origin
from pipeline import demo
from pipeline.models import Restoration
from tests.pipeline.builders import ready_photo

pytestmark = pytest.mark.django_db


def test_one_demo_photograph_is_queued_once():
    photo = ready_photo(origin=Origin.DEMO)
    ready_photo(origin=Origin.IMPORT)
    demo.install()
    demo.install()
    assert Restoration.objects.get().photo == photo


def test_without_demo_photographs_nothing_happens():
    demo.install()
    assert not Restoration.objects.exists()
