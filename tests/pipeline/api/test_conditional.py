"""Following a restoration: what has not changed is not sent again."""

import pytest
from rest_framework.test import APIClient

from jobs.models import Job
from pipeline import services
from tests.pipeline.builders import upload


@pytest.fixture(autouse=True)
def no_counts():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def waiting(db, production):
    return services.restore_later(file=upload_file(), name="ida.png")


def upload_file():
    import io

    return io.BytesIO(upload())


def address(row, rest=""):
    return f"/api/v1/restorations/{row.token}/{rest}"


def test_the_same_state_is_304(waiting):
    api = APIClient()
    first = api.get(address(waiting))
    etag = first.headers["ETag"]
    again = api.get(address(waiting), HTTP_IF_NONE_MATCH=f'"other", {etag}')
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert first.headers["Cache-Control"] == "private, no-cache"


def test_a_change_is_told_again(waiting):
    api = APIClient()
    etag = api.get(address(waiting)).headers["ETag"]
    Job.objects.update(progress=0.5)
    assert api.get(address(waiting), HTTP_IF_NONE_MATCH=etag).json()["percent"] == 50


def test_the_list_is_conditional_too(waiting, stranger, sign_in):
    browser = sign_in(stranger)
    etag = browser.get("/api/v1/restorations/").headers["ETag"]
    answer = browser.get("/api/v1/restorations/", headers={"if-none-match": etag})
    assert answer.status_code == 304
