"""The demo's restorations: queued once, of demo photographs alone."""

import pytest

from photos.models import Origin
from pipeline import demo
from pipeline.models import Restoration
from tests.pipeline.builders import accepted_mask, ready_photo

pytestmark = pytest.mark.django_db


def test_a_photograph_without_and_one_with_a_mask_are_queued_once():
    plain, marked = (ready_photo(origin=Origin.DEMO, title=title) for title in "ab")
    ready_photo(origin=Origin.IMPORT)
    accepted_mask(marked)
    demo.install()
    demo.install()
    queued = Restoration.objects.order_by("created_at").values_list("photo", flat=True)
    assert list(queued) == [plain.pk, marked.pk]


def test_without_demo_photographs_nothing_happens():
    demo.install()
    assert not Restoration.objects.exists()
