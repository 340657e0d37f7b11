"""A full disk, a broken disk, no database, no broker: a sentence, and nothing half-saved."""

import errno
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django_redis.cache import RedisCache

from annotate import services
from annotate.models import Assignment, StrokeDelta
from config.celery import app
from jobs.models import Job
from jobs.services import sweep
from photos import services as photos
from photos import storage
from photos.models import Blob, Photo
from pipeline.models import Restoration
from pipeline.views import upload
from tests.annotate.builders import painted, ready_photo, strokes_of
from tests.pipeline.test_views import file as photo_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def patient():
    """A client that sees what a browser sees of an error."""
    return Client(raise_request_exception=False)


@pytest.fixture
def painting(assessor, patient):
    ready_photo()
    patient.force_login(assessor)
    return services.claim_assignment(assessor=assessor)


def fails(number):
    def fail(*_, **__):
        raise OSError(number, os.strerror(number))

    return fail


def files():
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


# Where the bytes are written, where they are made safe, and where they get their name.
PLACES = {
    "write": (os, "fdopen"),
    "sync": (os, "fsync"),
    "rename": (Path, "replace"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("number", "status"), [(errno.ENOSPC, 507), (errno.EIO, 503)])
def test_an_upload_that_cannot_be_kept_is_told_and_leaves_nothing(
    place, number, status, patient, monkeypatch
):
    with monkeypatch.context() as broken:
        broken.setattr(*PLACES[place], fails(number))
        answer = patient.post("/restore/", {"photos": photo_file()})
    assert answer.status_code == status
    assert "Nothing was saved" in answer.content.decode()
    assert answer["Retry-After"] == "120"
    rows = (Photo, Restoration, Blob, Job)
    assert not any(model.objects.exists() for model in rows) and not files()
    assert patient.post("/restore/", {"photos": photo_file()}).status_code == 302


@pytest.mark.parametrize("place", PLACES)
def test_the_api_says_it_in_json(place, patient, monkeypatch):
    monkeypatch.setattr(*PLACES[place], fails(errno.ENOSPC))
    answer = patient.post("/api/v1/restorations/", {"photo": photo_file()})
    assert (answer.status_code, answer.json()["code"]) == (507, "unavailable")


def stroke(client, painting):
    headers = {"x-base-revision": 0, "x-client": "c", "x-first-seq": 1, "x-last-seq": 1}
    return client.post(
        f"/annotate/assignments/{painting.pk}/strokes/",
        strokes_of(painted()),
        content_type="application/octet-stream",
        headers=headers,
    )


def test_a_stroke_on_a_full_disk_is_not_acknowledged_and_comes_again(
    painting, patient, monkeypatch
):
    before = files()
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fails(errno.ENOSPC))
        assert stroke(patient, painting).status_code == 507
    assert (StrokeDelta.objects.count(), files()) == (0, before)
    assert stroke(patient, painting).json() == {"revision": 1}


def test_a_database_that_is_away_is_a_sentence(patient, monkeypatch):
    def away(*_, **__):
        raise OperationalError("could not connect to server at 10.0.0.7")

    monkeypatch.setattr(upload, "remembered", away)
    answer = patient.get("/restore/")
    assert answer.status_code == 503
    assert b"database does not answer" in answer.content and b"10.0.0.7" not in answer.content


def test_a_fault_of_our_own_stays_a_500(patient, monkeypatch):
    monkeypatch.setattr(upload, "remembered", lambda request: 1 / 0)
    assert patient.get("/restore/").status_code == 500


def test_without_a_broker_requests_succeed_and_work_starts_when_it_is_back(
    patient, monkeypatch, django_capture_on_commit_callbacks
):
    with monkeypatch.context() as down:
        down.setattr(app, "send_task", fails(errno.ECONNREFUSED))
        with django_capture_on_commit_callbacks(execute=True):
            assert patient.post("/restore/", {"photos": photo_file()}).status_code == 302
        sweep()
    waiting = Job.objects.filter(sent_at=None)
    asked, sent = waiting.count(), []
    assert asked == 1
    monkeypatch.setattr(app, "send_task", lambda name, args, **_: sent.append(args[0]))
    sweep()
    assert len(set(sent)) == asked and not waiting.exists()


def test_a_file_without_a_row_is_found_and_deleted_when_it_is_old(monkeypatch):
    kept = storage.put(b"kept", "text/plain")
    stray = Path(settings.MEDIA_ROOT) / "ab" / ("ab" + "0" * 62)
    unfinished = Path(settings.MEDIA_ROOT) / "incoming" / "tmpabc"
    for path in (stray, unfinished):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"left behind")
    assert storage.sweep() == 0 and stray.exists()
    for path in (stray, unfinished):
        os.utime(path, (0, 0))
    assert storage.sweep() == 1
    assert not stray.exists() and not unfinished.exists()
    assert storage.read(kept) == b"kept" and Blob.objects.count() == 1


def test_a_transaction_rolled_back_leaves_a_file_that_the_sweep_finds(monkeypatch):
    monkeypatch.setattr(Photo.objects, "create", fails(errno.EIO))
    with pytest.raises(OSError):
        photos.add_photo(file=b"a photograph", title="lost")
    for path in files():
        os.utime(path, (0, 0))
    Blob.objects.update(created_at="2020-01-01T00:00Z")
    storage.sweep()
    assert files() == [] and not Blob.objects.exists() and not Assignment.objects.exists()


def test_a_cache_that_is_away_refuses_nobody(settings):
    cache = RedisCache("redis://127.0.0.1:1/0", {"OPTIONS": settings.REDIS_OPTIONS})
    cache.set("a", 1)
    assert cache.get("a") is None and cache.get("a", 7) == 7
    assert not cache.add("a", 1) and not cache.has_key("a")
    assert cache.get_many(["a"]) == {} and cache.get_or_set("a", 3) == 3
