"""Visitors cannot fill the disk: a reserve, a quota for what is unfinished, and ways to make room."""

import errno
import io
import re
import sqlite3
from collections import namedtuple
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError
from django.test import Client
from django.utils import timezone

from config.web import disk_reserve, outages
from jobs.models import Job, State
from jobs.tasks import run
from pipeline.models import Upload
from pipeline.services.uploads import unfinished_uploads
from tests.pipeline.api.test_tus import SCAN, api, begin, no_counts, patch, path  # noqa: F401
from tests.test_architecture import ROOT, sources

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")
LARGE = b"x" * 2_000_000


@pytest.fixture
def disk(monkeypatch, settings):
    """`disk(free)` says how many bytes are free; the reserve is 1 GB."""
    settings.DISK_RESERVE_BYTES = 1_000_000_000

    def say(free):
        monkeypatch.setattr(
            disk_reserve.shutil, "disk_usage", lambda place: Usage(10**12, 10**12 - free, free)
        )

    say(10**12)
    return say


def silent_for(upload, **time):
    Upload.objects.filter(pk=upload.pk).update(
        expires_at=timezone.now() + timedelta(hours=24) - timedelta(**time)
    )


def test_below_the_reserve_a_visitor_is_refused_before_the_body_is_read(disk, client):
    disk(1_000_500_000)

    class Unreadable(io.BytesIO):
        def read(self, *_):
            raise AssertionError("the body was read")

    answer = Client(raise_request_exception=False).generic(
        "POST", "/restore/", b"", "multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": "2000000", "wsgi.input": Unreadable()},
    )  # fmt: skip
    assert answer.status_code == 507 and "Retry-After" in answer.headers
    assert "no room left on its disk" in answer.content.decode()


@pytest.mark.parametrize("route", ["/api/v1/restorations/", "/api/v1/uploads/", "/restore/"])
def test_every_door_for_photographs_keeps_the_reserve(disk, route):
    disk(1_000_000_000)
    client = Client(raise_request_exception=False)
    tus = {"tus-resumable": "1.0.0", "upload-length": "5000000"}
    body = {"photo": io.BytesIO(LARGE), "photos": io.BytesIO(LARGE)}
    answer = client.post(route, body, headers=tus)
    assert answer.status_code == 507


def test_assessors_go_on_while_visitors_wait(disk, settings, assessor):
    from django.test import RequestFactory

    disk(600_000_000)
    asked = RequestFactory().post("/annotate/x/", LARGE, "application/octet-stream")
    asked.user = assessor
    assert disk_reserve.DiskReserve(lambda r: None).process_view(asked) is None
    disk(200_000_000)
    with pytest.raises(OSError, match="No space"):
        disk_reserve.DiskReserve(lambda r: None).process_view(asked)


def test_signing_in_needs_no_room(disk, assessor, client):
    disk(0)
    said = {"username": "ada", "password": "correct horse"}
    assert client.post("/account/login/", said).status_code == 302


def test_a_piece_is_refused_when_the_disk_filled_up_meanwhile(disk, api):  # noqa: F811
    at = path(begin(api))
    disk(1_000_000_000)
    api.raise_request_exception = False
    assert patch(api, at, SCAN[:100]).status_code == 507
    assert Upload.objects.get().offset == 0
    disk(10**12)
    assert patch(api, at, SCAN).status_code == 204


def test_unfinished_uploads_share_a_quota_and_the_silent_make_room(api, settings):  # noqa: F811
    settings.UNFINISHED_UPLOADS_BYTES = 250
    first, second, third = (path(begin(api)) for _ in range(3))
    assert patch(api, first, SCAN[:100]).status_code == 204
    assert patch(api, second, SCAN[:100]).status_code == 204
    refused = patch(api, third, SCAN[:100])
    assert refused.status_code == 507 and refused.headers["Retry-After"] == "300"
    assert "on their way" in refused.json()["detail"]
    silent_for(Upload.objects.order_by("created_at").first(), minutes=16)
    assert patch(api, third, SCAN[:100]).status_code == 204
    assert api.head(first, HTTP_TUS_RESUMABLE="1.0.0").status_code == 404
    assert api.head(second, HTTP_TUS_RESUMABLE="1.0.0").status_code == 200


def test_announcing_much_takes_nothing_from_others(api, settings):  # noqa: F811
    settings.UNFINISHED_UPLOADS_BYTES = len(SCAN) + 10
    for _ in range(5):
        begin(api, length=400_000_000)
    assert patch(api, path(begin(api)), SCAN).status_code == 204


def test_the_command_drops_the_silent_and_leaves_files_that_others_use(api, capsys):  # noqa: F811
    lives, dies = path(begin(api)), path(begin(api))
    for at in (lives, dies):
        patch(api, at, SCAN[:100])
    silent_for(Upload.objects.order_by("created_at").last(), hours=2)
    call_command("drop_uploads")
    assert re.match(r"1 uploads dropped, 0 MB freed; 1 go on", capsys.readouterr().out)
    assert patch(api, lives, SCAN[100:], 100).status_code == 204
    begin(api)
    call_command("drop_uploads", "--silent-hours", "0")
    assert not Upload.objects.filter(restoration=None).exists()
    assert Upload.objects.count() == 1


def test_the_button_is_an_admins(sign_in, admin, reviewer, api):  # noqa: F811
    patch(api, path(begin(api)), SCAN[:100])
    silent_for(Upload.objects.get(), hours=1)
    page = sign_in(reviewer).get("/restorations/")
    assert b"uploads/drop/" not in page.content
    assert sign_in(reviewer).post("/restorations/uploads/drop/", {"sure": "1"}).status_code == 403
    client = sign_in(admin)
    assert b"uploads/drop/" in client.get("/restorations/").content
    client.post("/restorations/uploads/drop/", {"sure": "1"})
    assert not Upload.objects.exists()
    assert unfinished_uploads.open_uploads() == (0, 0)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        OperationalError("database or disk is full"),
        DatabaseError('could not extend file "base/1/2": No space left on device'),
    ],
)
def test_a_full_disk_is_said_as_such_and_uses_up_no_attempt(error, monkeypatch, run_jobs):
    assert outages.outage(error).status == 507
    from jobs import tasks

    def fails(*_, **__):
        raise error

    monkeypatch.setattr(tasks, "job_of", lambda kind: fails)
    job = Job.objects.create(kind="x.y", title="x", queue="interactive")
    run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempt) == (State.QUEUED, 0)
    assert "disk is full" in str(job.error) and job.available_at > timezone.now()


def test_sqlite_says_it_in_these_words(tmp_path):
    """What `outages` looks for is what the database really says."""
    line = sqlite3.connect(tmp_path / "x")
    line.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as said:
        line.execute("CREATE TABLE a (b)")
        line.execute("CREATE TABLE c (d)")
    assert outages.is_full(OperationalError(str(said.value)))


def test_nothing_else_puts_a_visitors_bytes_into_the_storage():
    """The siblings: whoever stores what a request brings stands behind the reserve."""
    callers = {
        str(path.relative_to(ROOT))
        for path in sources()
        if re.search(r"\bstorage\.(put|arrived)\(", path.read_text())
        and ("/views/" in str(path) or "/api/" in str(path))
    }
    assert callers == set()
