"""The page that imports a published network: sentences for people, a job, a version."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jobs.models import Job
from tests.training.foreign import made
from training.foreign import adapters
from training.models import ModelVersion

pytestmark = pytest.mark.django_db
ADDRESS = "/training/models/import/"
WORDS = {
    "title": "Theirs",
    "licence": "CC-BY-NC-4.0",
    "source": "https://example.org/net",
    "adapter": "siggraph17",
}


@pytest.fixture(autouse=True)
def small(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.IMPORTED_MEMORY_MEGABYTES, settings.IMPORTED_SECONDS = 3000, 20
    settings.TORCH_THREADS = 1


@pytest.fixture
def client(admin, sign_in):
    return sign_in(admin)


def sent(path, name=""):
    return SimpleUploadedFile(name or path.name, path.read_bytes())


def test_a_graph_is_imported_by_a_job_and_its_page_tells_all(client, tmp_path, run_jobs):
    graph = sent(made.siggraph17(tmp_path / "net.onnx"))
    answer = client.post(ADDRESS, WORDS | {"graph": graph})
    assert answer.status_code == 302, answer.content
    run_jobs()
    assert client.get(answer.url).status_code == 200
    version = ModelVersion.objects.get(origin="imported")
    page = client.get(f"/training/models/{version.pk}/").content.decode()
    for words in (
        "Theirs",
        "No commercial use.",
        "https://example.org/net",
        "net.onnx",
        "s a megapixel",
    ):
        assert words in page
    assert "CC-BY-NC-4.0" in page and version.card["graph"]["files"][0]["sha256"] in page
    download = client.get(f"/training/models/{version.pk}/weights/")
    assert ".onnx" in download.headers["Content-Disposition"]


def test_data_beside_the_graph_and_an_adapter_of_ones_own(client, tmp_path, run_jobs):
    (tmp_path / "far.bin").write_bytes(bytes(8))
    graph = made.outside(tmp_path / "far.onnx", "far.bin")
    own = SimpleUploadedFile("own.toml", (adapters.PRESETS / "siggraph17.toml").read_bytes())
    given = {"graph": sent(graph), "beside": sent(tmp_path / "far.bin"), "adapter_file": own}
    client.post(ADDRESS, WORDS | {"adapter": "own"} | given)
    run_jobs()
    version = ModelVersion.objects.get(origin="imported")
    assert [each["name"] for each in version.card["graph"]["files"]] == ["far.onnx", "far.bin"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"licence": "ask me"}, "SPDX"),
        ({"source": "a friend"}, "https://"),
        ({"adapter": "own"}, "send one in a file"),
    ],
)
def test_what_is_missing_is_said_on_the_page(client, tmp_path, change, said):
    graph = sent(made.siggraph17(tmp_path / "net.onnx"))
    answer = client.post(ADDRESS, WORDS | {"graph": graph} | change)
    assert answer.status_code == 400 and said in answer.content.decode()
    assert not Job.objects.filter(kind="training.import_graph").exists()


@pytest.mark.parametrize(("name", "head"), [("a.pt", b"PK\x03\x04"), ("a.onnx", b"\x80\x02x")])
def test_a_checkpoint_is_refused_with_how_to_export(client, run_jobs, name, head):
    answer = client.post(ADDRESS, WORDS | {"graph": SimpleUploadedFile(name, head + b"rest")})
    run_jobs()
    job = Job.objects.filter(kind="training.import_graph").first()
    said = job.error if job else answer.content.decode()
    assert "torch.onnx.export" in said
    assert not ModelVersion.objects.filter(origin="imported").exists()


def test_a_hostile_graph_is_a_sentence_of_its_job(client, tmp_path, run_jobs):
    client.post(ADDRESS, WORDS | {"graph": sent(made.custom(tmp_path / "bad.onnx"))})
    run_jobs()
    job = Job.objects.get(kind="training.import_graph")
    assert job.state == "failed" and "operator Evil" in str(job.error) and job.attempt == 1
