"""No page grows with the library: rows in the hundreds, and every address that takes GET.

`python -m tests.benchmarks big_library` measures the same with 20,000 photos.
"""

import pytest
from django.db import connection

from annotate.models import DefectMask
from jobs.operations.planner_statistics import refresh_planner_statistics
from photos.models import Photo
from tests.benchmarks.big_library import building, pages

PAGED = (
    "/annotate/", "/annotate/albums/", "/annotate/photos/", "/annotate/reviews/",
    "/annotate/exchange/", "/restorations/", "/restorations/orders/", "/gallery/", "/activity/",
    "/training/runs/", "/studies/", "/account/people/", "/account/people/audit/",
)  # fmt: skip
QUERIES, KILOBYTES = 70, 250  # of a page; the API gives 500 rows to those who ask for so many


@pytest.mark.slow
@pytest.mark.django_db
def test_no_page_asks_a_question_for_each_row_or_shows_them_all(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    small = {"PHOTOS": 1_500, "MASKS": 400, "RESTORATIONS": 300, "AGREEMENTS": 300, "EVENTS": 300}
    for name, count in small.items():
        monkeypatch.setattr(building, name, count)
    pages.client.cache_clear()
    building.build()
    found = [pages.measured(address) for address in pages.addresses()]
    assert len(found) > 200
    assert not [page for page in found if page.status >= 500]
    assert not [page for page in found if page.queries > QUERIES]
    large = [page for page in found if page.kilobytes > KILOBYTES]
    assert not [page for page in large if "limit=500" not in page.address]
    assert [path for path in PAGED if b"page=2" not in pages.client().get(path).content] == []


@pytest.mark.django_db
def test_the_planner_learns_what_the_tables_hold():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL learns by itself")
    photos = Photo.objects.bulk_create(Photo(title=str(n), state="ready") for n in range(250))
    DefectMask.objects.bulk_create(DefectMask(photo=photo, state="accepted") for photo in photos)
    refresh_planner_statistics()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'annotate_defectmask'")
        assert cursor.fetchone()[0] > 0
    plan = Photo.objects.labelled().explain()
    assert "photo_id=? AND state=?" in plan, plan
