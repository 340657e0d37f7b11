"""Published networks come in pieces too: by the same door as photographs, and for admins alone."""

import base64
import hashlib
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from rest_framework.test import APIClient

from photos import storage
from photos.models import Blob
from pipeline.models import Restoration, Upload
from tests.conftest import person
from tests.pipeline.api.test_tus import TUS, begin, patch, path
from tests.training.foreign import made
from training import handlers
from training.models import GraphFile, ModelVersion
from training.services.foreign import graph_files

pytestmark = pytest.mark.django_db
PAGE = "/training/models/import/"
WORDS = {
    "title": "Theirs",
    "licence": "BSD-2-Clause",
    "source": "https://example.org/net",
    "adapter": "siggraph17",
}


@pytest.fixture(autouse=True)
def small(settings, tmp_path):
    from django.core.cache import cache

    cache.clear()
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.IMPORTED_MEMORY_MEGABYTES, settings.IMPORTED_SECONDS = 3000, 20
    settings.TORCH_THREADS = 1


@pytest.fixture
def api(admin):
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(admin)
    return client


@pytest.fixture
def graph(tmp_path):
    return made.siggraph17(tmp_path / "net.onnx").read_bytes()


def begun(api, content, name="net.onnx", **more):
    return begin(api, len(content), purpose="graph", filename=name, **more)


def sent(api, content, name="net.onnx"):
    return patch(api, path(begun(api, content, name)), content)


def checksum(piece):
    digest = base64.b64encode(hashlib.sha256(piece).digest()).decode()
    return {"HTTP_UPLOAD_CHECKSUM": f"sha256 {digest}"}


def test_a_broken_line_goes_on_and_the_graph_is_imported(api, graph, admin, sign_in, run_jobs):
    address = path(begun(api, graph))
    half = len(graph) // 2
    assert patch(api, address, graph[:half], **checksum(graph[:half])).status_code == 204
    broken = patch(api, address, graph[half:], half, **checksum(b"another"))
    assert broken.status_code == 460  # damaged on its way: nothing of it counts
    assert api.head(address, **TUS).headers["Upload-Offset"] == str(half)
    answer = patch(api, address, graph[half:], half, **checksum(graph[half:]))
    row = GraphFile.objects.get(owner=admin, name="net.onnx")
    assert answer.headers["Upload-Graph"] == str(row.pk)
    assert answer.headers["Upload-Page"].endswith(f"{PAGE}?file={row.pk}")
    assert row.file.digest == hashlib.sha256(graph).hexdigest()
    assert api.get(address, **TUS).json()["graph"] == str(row.pk)
    assert Blob.objects.count() == 1 and not Restoration.objects.exists()

    client = sign_in(admin)
    page = client.get(f"{PAGE}?file={row.pk}").content.decode()
    assert row.file.digest in page and f'value="{row.pk}" selected' in page
    named = {"arrived": row.pk, "sha256": row.file.digest.upper()}
    assert client.post(PAGE, WORDS | named).status_code == 302
    run_jobs()
    version = ModelVersion.objects.get(origin="imported")
    assert version.card["graph"]["files"][0]["name"] == "net.onnx"
    assert not GraphFile.objects.exists() and not Upload.objects.exists()


def test_another_graph_than_its_publisher_names_is_refused(api, graph, admin, sign_in):
    sent(api, graph)
    named = {"arrived": GraphFile.objects.get().pk, "sha256": "0" * 64}
    answer = sign_in(admin).post(PAGE, WORDS | named)
    assert (
        answer.status_code == 400
        and "net.onnx is not the file you named" in answer.content.decode()
    )


def test_data_beside_it_comes_by_the_same_door(api, tmp_path, admin, sign_in, run_jobs):
    sent(api, made.outside(tmp_path / "far.onnx", "far.bin").read_bytes(), "far.onnx")
    sent(api, bytes(8), "far.bin")
    rows = {row.name: row.pk for row in GraphFile.objects.all()}
    named = {"arrived": rows["far.onnx"], "beside_arrived": rows["far.bin"]}
    sign_in(admin).post(PAGE, WORDS | named)
    run_jobs()
    files = ModelVersion.objects.get(origin="imported").card["graph"]["files"]
    assert [each["name"] for each in files] == ["far.onnx", "far.bin"]
    assert not GraphFile.objects.exists()


def test_who_is_no_admin_brings_no_network(graph, voter):
    client = APIClient()
    assert begun(client, graph).status_code in (401, 403)
    client.force_authenticate(voter)
    assert begun(client, graph).status_code == 403
    assert not Upload.objects.exists()


def test_what_arrived_is_its_senders_own(api, graph, db, sign_in):
    sent(api, graph)
    row = GraphFile.objects.get()
    other = sign_in(person("other", "admin"))
    assert row.file.digest not in other.get(PAGE).content.decode()
    assert other.post(PAGE, WORDS | {"arrived": row.pk}).status_code == 400
    assert other.post(f"{PAGE}{row.pk}/").status_code == 404
    assert GraphFile.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "status", "said"),
    [
        (b"PK\x03\x04" + bytes(200), "net.onnx", 415, "torch.onnx.export"),
        (bytes(200), "net.pth", 415, "holds weights alone"),
        (b"", "net.onnx", 400, "empty"),
    ],
)
def test_what_is_no_graph_is_refused_with_its_first_bytes(api, content, name, status, said):
    answer = begun(api, content, name)
    if content:
        answer = patch(api, path(answer), content[:100])
    assert answer.status_code == status and said in answer.content.decode()
    assert not Upload.objects.exists() and not Blob.objects.exists()


def test_more_than_two_gibibytes_and_unknown_purposes_are_not_begun(api):
    assert begin(api, 2 * 2**30 + 1, purpose="graph").status_code == 413
    assert begin(api, 2 * 2**30, purpose="graph").status_code == 201
    assert begin(api, 9, purpose="film").status_code == 400


def test_the_reserve_of_the_disk_and_the_quota_hold(api, graph, settings, monkeypatch):
    settings.UNFINISHED_UPLOADS_BYTES = len(graph) // 2
    assert sent(api, graph).status_code == 507
    settings.UNFINISHED_UPLOADS_BYTES = 10**9
    settings.DISK_RESERVE_BYTES = 2**60
    assert begun(api, graph).status_code == 507
    settings.DISK_RESERVE_BYTES = 0
    monkeypatch.setattr(graph_files, "MOST_WAITING", 1)
    assert sent(api, graph).status_code == 204
    answer = begun(api, graph)
    assert answer.status_code == 409 and "import or delete one first" in answer.content.decode()


def test_it_goes_by_hand_and_after_a_day(api, graph, admin, sign_in):
    sent(api, graph)
    assert sign_in(admin).post(f"{PAGE}{GraphFile.objects.get().pk}/").status_code == 302
    assert not GraphFile.objects.exists() and not Blob.objects.exists()
    sent(api, graph)
    handlers.forget_graph_files()
    assert GraphFile.objects.exists()
    GraphFile.objects.update(created_at=Now() - timedelta(hours=25))
    handlers.forget_graph_files()
    assert not GraphFile.objects.exists() and not Blob.objects.exists()


def test_a_forgotten_person_takes_the_files_along(api, graph, db):
    other = person("other", "admin")
    client = APIClient()
    client.force_authenticate(other)
    sent(client, graph)
    file = GraphFile.objects.get().file
    other.delete()
    assert not GraphFile.objects.exists() and not storage.is_referenced(file)
