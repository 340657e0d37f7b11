"""Uploads in pieces: the protocol's exact answers, and nothing lost or done twice."""

import base64
import hashlib
import io

import pytest
from django.db import IntegrityError
from django.db.models.functions import Now
from rest_framework.test import APIClient

from jobs.models import Job
from photos.models import Blob
from pipeline.models import Restoration, Upload, UploadPart
from pipeline.services.uploads import tus_uploads
from tests.pipeline.builders import upload as picture

pytestmark = pytest.mark.django_db
URL = "/api/v1/uploads/"
OCTETS = "application/offset+octet-stream"
TUS = {"HTTP_TUS_RESUMABLE": "1.0.0"}
SCAN = picture()
SIZE = len(SCAN)


@pytest.fixture(autouse=True)
def no_counts():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def api():
    return APIClient()


def metadata(**given):
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in given.items())


def begin(api, length=SIZE, **given):
    return api.post(
        URL, HTTP_UPLOAD_LENGTH=str(length), HTTP_UPLOAD_METADATA=metadata(**given), **TUS
    )


def path(answer):
    return answer.headers["Location"].removeprefix("http://testserver")


def patch(api, address, content, offset=0, kind=OCTETS, **headers):
    given = {**TUS, "HTTP_UPLOAD_OFFSET": str(offset), **headers}
    return api.generic("PATCH", address, content, content_type=kind, **given)


def test_options_says_what_the_server_can_do(api):
    answer = api.options(URL)
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,checksum,expiration,termination"
    assert answer.headers["Tus-Max-Size"] == "500000000"
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"


def test_pieces_become_the_same_restoration_as_a_plain_upload(api, production, run_jobs):
    address = path(begin(api, filename="Idä.png", strength="0.3", careful="true"))
    first = patch(api, address, SCAN[:1000])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "1000")
    assert "Upload-Expires" in first.headers
    last = patch(api, address, SCAN[1000:], offset=1000)
    row = Restoration.objects.get()
    assert last.headers["Upload-Restoration"].endswith(f"/api/v1/restorations/{row.token}/")
    assert last.headers["Upload-Page"].endswith(row.get_absolute_url())
    chosen = {"careful": True, "strength": 0.3, "colourise": False, "grain": True}
    assert row.settings == chosen
    assert (row.photo.title, row.photo.original.digest) == ("Idä", digest(SCAN))
    run_jobs()
    assert Restoration.objects.get().is_done


def digest(content):
    return hashlib.sha256(content).hexdigest()


def test_the_pieces_are_gone_once_they_are_joined(api):
    address = path(begin(api))
    for start in range(0, len(SCAN), 1500):
        patch(api, address, SCAN[start : start + 1500], offset=start)
    assert not UploadPart.objects.exists()
    assert Blob.objects.get().digest == digest(SCAN)


def test_head_tells_how_far_it_is_and_what_was_said(api):
    address = path(begin(api, filename="ida.png"))
    patch(api, address, SCAN[:700])
    answer = api.head(address, **TUS)
    assert answer.status_code == 200
    assert answer.headers["Upload-Offset"] == "700"
    assert answer.headers["Upload-Length"] == str(len(SCAN))
    assert answer.headers["Upload-Metadata"] == metadata(filename="ida.png")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Upload-Restoration" not in answer.headers


def test_a_finished_upload_still_says_what_became_of_it(api):
    address = path(begin(api))
    patch(api, address, SCAN)
    body = api.get(address, **TUS).json()
    assert body["offset"] == len(SCAN)
    assert body["restoration"].endswith(f"{Restoration.objects.get().token}/")
    again = patch(api, address, b"", offset=len(SCAN))
    assert (again.status_code, Restoration.objects.count()) == (204, 1)


@pytest.mark.parametrize(
    ("status", "code", "change"),
    [
        (409, "offset", {"offset": 5}),
        (415, "content_type", {"kind": "application/octet-stream"}),
        (412, "version", {"HTTP_TUS_RESUMABLE": "0.2.2"}),
        (413, "too_large", {"content": SCAN + b"!"}),
        (460, "wrong_checksum", {"HTTP_UPLOAD_CHECKSUM": f"sha1 {'A' * 27}="}),
        (411, "length", {"CONTENT_LENGTH": "many"}),
    ],
)
def test_each_wrong_piece_has_its_own_status(api, status, code, change):
    address = path(begin(api))
    answer = patch(api, address, **{"content": SCAN[:500], **change})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert Upload.objects.get().offset == 0


@pytest.mark.parametrize("name", ["HTTP_UPLOAD_OFFSET", "HTTP_UPLOAD_CHECKSUM"])
@pytest.mark.parametrize("value", ["", "-1", "x", "md5 AAAA", "١"])
def test_a_wrong_header_is_400_and_named(api, name, value):
    answer = patch(api, path(begin(api)), SCAN[:9], **{name: value})
    assert answer.status_code == 400
    assert "Upload-" in next(iter(answer.json()))


def test_the_version_is_said_with_412(api):
    answer = api.post(URL, HTTP_UPLOAD_LENGTH="5")
    assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_right_checksum_is_taken(api, algorithm):
    value = base64.b64encode(hashlib.new(algorithm, SCAN[:500]).digest()).decode()
    answer = patch(api, path(begin(api)), SCAN[:500], HTTP_UPLOAD_CHECKSUM=f"{algorithm} {value}")
    assert answer.headers["Upload-Offset"] == "500"


@pytest.mark.parametrize(
    ("length", "given", "status"),
    [
        (0, {}, 400),
        (500_000_001, {}, 413),
        (10, {"strength": "2"}, 400),
        (10, {"sha256": "short"}, 400),
        ("ten", {}, 400),
    ],
)
def test_what_cannot_become_a_restoration_is_not_begun(api, length, given, status):
    assert begin(api, length, **given).status_code == status
    assert not Upload.objects.exists()


@pytest.mark.parametrize("raw", ["filename !!!", "filename /w==", "x" * 5000])
def test_metadata_that_cannot_be_read_is_400(api, raw):
    answer = api.post(URL, HTTP_UPLOAD_LENGTH="9", HTTP_UPLOAD_METADATA=raw, **TUS)
    assert (answer.status_code, list(answer.json())) == (400, ["Upload-Metadata"])


def test_no_photograph_is_refused_with_its_first_bytes(api):
    address = path(begin(api, 10_000_000))
    short = patch(api, address, b"dear diary")
    assert short.status_code == 204
    answer = patch(api, address, b", today it rained", offset=10)
    assert (answer.status_code, answer.json()["code"]) == (415, "no_photograph")
    assert api.head(address, **TUS).status_code == 404
    assert not Blob.objects.exists()


def test_another_file_than_announced_is_refused(api):
    address = path(begin(api, sha256=digest(b"another")))
    answer = patch(api, address, SCAN)
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_digest")
    assert not Restoration.objects.exists()
    assert not Blob.objects.exists()


def test_a_broken_line_keeps_what_arrived(api):
    begin(api)
    row = Upload.objects.get()

    class Line(io.BytesIO):
        def read(self, size=-1):
            if self.tell() >= 600:
                raise OSError("gone")
            return super().read(min(size, 300))

    tus_uploads.receive(upload=row, body=Line(SCAN), size=len(SCAN))
    assert Upload.objects.get().offset == 600


def test_a_long_request_is_kept_piece_by_piece(api, monkeypatch):
    monkeypatch.setattr(tus_uploads, "PIECE", 400)
    begin(api)
    tus_uploads.receive(upload=Upload.objects.get(), body=io.BytesIO(SCAN), size=1000)
    assert [part.blob.size for part in UploadPart.objects.all()] == [400, 400, 200]


def test_two_requests_at_one_offset_count_once(api):
    begin(api)
    first, second = Upload.objects.get(), Upload.objects.get()
    tus_uploads.receive(upload=first, body=io.BytesIO(SCAN), size=len(SCAN))
    with pytest.raises(tus_uploads.Moved):
        tus_uploads.receive(upload=second, body=io.BytesIO(SCAN), size=len(SCAN))
    assert (Restoration.objects.count(), Job.objects.filter(kind="pipeline.restore").count()) == (
        1,
        1,
    )


def test_termination_forgets_everything(api):
    address = path(begin(api))
    patch(api, address, SCAN[:600])
    assert api.delete(address, **TUS).status_code == 204
    assert api.head(address, **TUS).status_code == 404
    assert not Blob.objects.exists()


def test_an_old_upload_is_410_and_then_swept(api):
    address = path(begin(api))
    patch(api, address, SCAN[:600])
    Upload.objects.update(expires_at=Now())
    assert api.head(address, **TUS).status_code == 410
    assert tus_uploads.sweep() == 1
    assert api.head(address, **TUS).status_code == 404
    assert not Blob.objects.exists()


def test_a_finished_upload_is_forgotten_but_its_restoration_stays(api):
    patch(api, path(begin(api)), SCAN)
    Upload.objects.update(expires_at=Now())
    tus_uploads.sweep()
    assert Restoration.objects.exists()
    assert Blob.objects.exists()


def test_an_accounts_upload_is_its_own(api, stranger, voter):
    api.force_authenticate(stranger)
    address = path(begin(api))
    api.force_authenticate(voter)
    assert patch(api, address, SCAN).status_code == 404
    api.force_authenticate(None)
    assert api.head(address, **TUS).status_code == 404
    api.force_authenticate(stranger)
    patch(api, address, SCAN)
    assert Restoration.objects.get().owner == stranger


def test_without_public_uploads_strangers_sign_in(api, settings):
    settings.PUBLIC_UPLOADS = False
    assert begin(api).status_code == 401


def test_a_browser_may_ask_to_be_shown_it_again(api):
    patch(api, path(begin(api, filename="ida again.png", remember="1")), SCAN)
    assert "ida again" in api.get("/restore/").content.decode()
    assert "ida again" not in APIClient().get("/restore/").content.decode()


def test_a_name_keeps_its_printable_characters(api):
    begin(api, filename="ida\0\n.tif")
    assert Upload.objects.get().name == "ida.tif"


@pytest.mark.parametrize("address", [f"{URL}a%00b/", "/restore/%00/", "/restore/?x=%00"])
def test_a_zero_byte_in_an_address_is_400(api, address):
    assert api.get(address).status_code == 400


def test_the_method_may_be_named_in_a_header(api):
    address = path(begin(api))
    answer = api.generic("POST", address, SCAN[:9], content_type=OCTETS, HTTP_UPLOAD_OFFSET="0",
                         HTTP_X_HTTP_METHOD_OVERRIDE="PATCH", **TUS)  # fmt: skip
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "9")


def test_beginning_counts_as_an_upload(api, monkeypatch):
    from pipeline.services.uploads.throttles import UploadThrottle

    monkeypatch.setattr(UploadThrottle, "rate", "1/hour", raising=False)
    answers = [begin(api), begin(api)]
    assert [answer.status_code for answer in answers] == [201, 429]
    assert int(answers[1].headers["Retry-After"]) > 0


def test_bytes_that_a_twin_deletes_are_sent_again(api, monkeypatch):
    begin(api)
    monkeypatch.setattr(tus_uploads, "_append", lambda *a: (_ for _ in ()).throw(IntegrityError))
    with pytest.raises(tus_uploads.Moved):
        tus_uploads.receive(upload=Upload.objects.get(), body=io.BytesIO(SCAN), size=300)
