"""The API: exact answers, tokens, throttles, a schema that holds."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from rest_framework.test import APIClient

from accounts.models import ApiToken
from pipeline.models import Restoration
from tests.pipeline.builders import upload

pytestmark = pytest.mark.django_db
URL = "/api/v1/restorations/"


@pytest.fixture
def api():
    return APIClient()


@pytest.fixture(autouse=True)
def no_counts():
    from django.core.cache import cache

    cache.clear()


def sign_in_by_token(api, user):
    scopes = ["restorations:read", "restorations:write"]
    secret = ApiToken.objects.make(user=user, name="a test", scopes=scopes)[1]
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")


def send(api, content=None, name="ida.png", **fields):
    file = SimpleUploadedFile(name, upload() if content is None else content)
    return api.post(URL, {"photo": file, **fields}, format="multipart")


def test_grain_may_be_left_off(api, production, run_jobs):
    address = send(api, grain="false").json()["url"].removeprefix("http://testserver")
    run_jobs()
    done = api.get(address).json()
    assert done["settings"]["grain"] is False
    filled = next(each for each in done["results"] if each["kind"] == "inpainted")
    assert "grain" not in filled["methods"]
    assert filled["guessed"] == []


def test_send_poll_fetch_delete(api, production, run_jobs):
    made = send(api, strength="0.7")
    assert made.status_code == 201
    address = made.json()["url"].removeprefix("http://testserver")
    assert made.headers["Location"] == made.json()["url"]
    assert (made.json()["state"], made.json()["results"]) == ("queued", [])
    run_jobs()
    done = api.get(address).json()
    assert (done["state"], done["percent"], done["error"]) == ("succeeded", 100, "")
    chosen = {"careful": False, "strength": 0.7, "colourise": False, "grain": True}
    assert done["settings"] == chosen
    assert [each["kind"] for each in done["results"]][-1] == "mask"
    png = api.get(done["results"][0]["png"])
    assert png.headers["Content-Type"] == "image/png"
    assert b"".join(png.streaming_content)[:4] == b"\x89PNG"
    assert api.delete(address).status_code == 204
    assert api.get(address).status_code == 404
    assert api.delete(address).status_code == 404


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({"strength": "2"}, "strength", "less than or equal to 1"),
        ({"strength": "much"}, "strength", "valid number"),
        ({"careful": "perhaps"}, "careful", "valid boolean"),
        ({"content": b""}, "photo", "empty"),
    ],
)
def test_bad_input_names_field_and_reason(api, fields, field, reason):
    answer = send(api, **fields)
    assert answer.status_code == 400
    assert reason in str(answer.json()[field])
    assert not Restoration.objects.exists()


def test_a_missing_photo_is_400(api):
    answer = api.post(URL, {"strength": "0.5"}, format="multipart")
    assert (answer.status_code, list(answer.json())) == (400, ["photo"])


def test_a_text_file_is_415_whatever_its_name(api):
    answer = send(api, content=b"dear diary, today I renamed a file")
    assert answer.status_code == 415
    assert (
        answer.json()["detail"]
        == "This is not a JPEG, PNG, TIFF, WebP, HEIC, AVIF, JPEG 2000, BMP, PPM or GIF image."
    )


def test_json_is_415(api):
    assert api.post(URL, {"photo": "x"}, format="json").status_code == 415


def test_too_large_is_413(api, settings):
    settings.SCAN_MAX_BYTES = 1000
    answer = send(api)
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"


def test_a_body_that_is_too_long_is_not_even_received(api):
    class Unread:
        def read(self, *args):
            raise AssertionError("the body was read")

        readline = read

    kind = "multipart/form-data; boundary=x"
    facts = {"CONTENT_LENGTH": "501000001", "wsgi.input": Unread()}
    answer = api.generic("POST", URL, b"", content_type=kind, **facts)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_results_before_the_end_are_409(api, production):
    token = send(api).json()["token"]
    answer = api.get(f"{URL}{token}/inpainted.png")
    assert answer.status_code == 409
    assert "no results yet" in answer.json()["detail"]


def test_pictures_come_as_sixteen_bit_tiff_and_masks_do_not(api, production, run_jobs):
    token = send(api).json()["token"]
    run_jobs()
    assert api.get(f"{URL}{token}/inpainted.tif").headers["Content-Type"] == "image/tiff"
    assert api.get(f"{URL}{token}/mask.tif").status_code == 404


def test_a_failure_is_polled_with_its_sentence(api, production, run_jobs):
    url = send(api, content=upload(kind="JPEG")[:-300], name="cut.jpg").json()["url"]
    run_jobs()
    answer = api.get(url).json()
    assert answer["state"] == "failed"
    assert "ends too early" in answer["error"]


@pytest.mark.parametrize("path", ["nothing/", "nothing/inpainted.png"])
def test_what_does_not_exist_is_404(api, path):
    assert api.get(URL + path).status_code == 404


def test_an_unknown_kind_is_404(api, production, run_jobs):
    token = send(api).json()["token"]
    run_jobs()
    assert api.get(f"{URL}{token}/secret.png").status_code == 404
    assert api.get(f"{URL}{token}/mask.exe").status_code == 404


def test_the_list_is_ones_own(api, stranger, voter):
    send(api)
    sign_in_by_token(api, stranger)
    mine = send(api).json()["id"]
    assert [row["id"] for row in api.get(URL).json()["results"]] == [mine]
    sign_in_by_token(api, voter)
    assert api.get(URL).json()["results"] == []


def test_the_list_asks_who_you_are(api):
    assert api.get(URL).status_code == 401


def test_uploads_are_throttled(api, monkeypatch):
    from pipeline.services.uploads.throttles import UploadThrottle

    monkeypatch.setattr(UploadThrottle, "rate", "2/hour", raising=False)
    assert [send(api).status_code for _ in range(3)] == [201, 201, 429]


def test_without_public_uploads_visitors_are_asked_to_sign_in(api, settings, stranger):
    settings.PUBLIC_UPLOADS = False
    assert send(api).status_code == 401
    sign_in_by_token(api, stranger)
    assert send(api).status_code == 201


def test_the_schema_is_valid():
    out = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert "/api/v1/restorations/{token}/" in out.getvalue()
