"""Idempotency keys: the same answer, once done, whatever happens in between."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.functions import Now
from rest_framework.test import APIClient

from jobs.models import Job
from pipeline.handlers import sweep_uploads
from pipeline.models import Restoration, SentKey, Upload
from pipeline.services import restorations
from tests.pipeline.builders import upload

URL = "/api/v1/restorations/"
SCAN = upload()


@pytest.fixture(autouse=True)
def no_counts():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def api(db):
    return APIClient()


def send(api, key="k1", content=SCAN, **fields):
    headers = {} if key is None else {"HTTP_IDEMPOTENCY_KEY": key}
    file = SimpleUploadedFile("ida.png", content)
    return api.post(URL, {"photo": file, **fields}, format="multipart", **headers)


def test_sent_again_is_answered_again(api):
    first = send(api)
    Job.objects.update(progress=0.5)
    again = send(api)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Restoration.objects.count() == 1


def test_without_a_key_each_is_new(api):
    assert send(api, None).json()["id"] != send(api, None).json()["id"]


@pytest.mark.parametrize("change", [{"strength": "0.7"}, {"content": upload(kind="JPEG")}])
def test_the_same_key_for_something_else_is_422(api, change):
    send(api)
    answer = send(api, **change)
    assert (answer.status_code, answer.json()["code"]) == (422, "key_used")
    assert Restoration.objects.count() == 1


def test_a_request_still_at_work_is_409(api):
    send(api)
    SentKey.objects.update(status=None)
    answer = send(api)
    assert (answer.status_code, answer.json()["code"]) == (409, "in_progress")
    assert answer.headers["Retry-After"] == "1"


def test_a_request_whose_server_died_is_taken_over(api):
    send(api)
    SentKey.objects.update(status=None, body=None, restoration=None, held_until=Now())
    answer = send(api)
    assert answer.status_code == 201
    assert "Idempotent-Replayed" not in answer.headers


def test_who_was_taken_over_answers_nothing(api):
    send(api)
    SentKey.objects.update(status=None, held_until=Now())
    late = SentKey.objects.get()
    assert SentKey.objects.get().take_over()
    assert not late.answer(status=201)


def test_a_refusal_frees_the_key(api, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(restorations, "restoration_later", lambda *a: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send(api)
    assert not SentKey.objects.exists()
    assert send(api).status_code == 201


def test_deleting_frees_the_key(api):
    first = send(api).json()
    api.delete(first["url"])
    assert not SentKey.objects.exists()
    assert send(api).json()["id"] != first["id"]


def test_callers_do_not_meet(api, stranger):
    send(api)
    elsewhere = APIClient(REMOTE_ADDR="203.0.113.9")
    assert "Idempotent-Replayed" not in send(elsewhere).headers
    api.force_authenticate(stranger)
    assert "Idempotent-Replayed" not in send(api).headers
    assert "127.0.0.1" not in str(list(SentKey.objects.values()))


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
def test_a_wrong_key_is_400(api, key):
    answer = send(api, key)
    assert (answer.status_code, list(answer.json())) == (400, ["Idempotency-Key"])


def test_an_upload_in_pieces_is_begun_once(api):
    tus = {"HTTP_TUS_RESUMABLE": "1.0.0", "HTTP_UPLOAD_LENGTH": "9", "HTTP_IDEMPOTENCY_KEY": "u"}
    first, again = (api.post("/api/v1/uploads/", **tus) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    assert Upload.objects.count() == 1


def test_old_keys_are_swept(api):
    send(api)
    SentKey.objects.update(created_at="2020-01-01T00:00:00Z")
    sweep_uploads()
    assert not SentKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_twins_at_once_make_one():
    answers = []

    def twin():
        try:
            answers.append(send(APIClient()))
        finally:
            connection.close()

    threads = [threading.Thread(target=twin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Restoration.objects.count() == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    made = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    assert len(made) == 1
