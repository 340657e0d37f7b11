"""Photos by folder and ZIP: names and albums kept, duplicates told, all of it undone."""

import hashlib
import io
import json
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotate import services
from annotate.models import Import, ImportLine
from annotate.services.import_export import photos_in, zip_entries
from photos.models import Album, Photo
from tests.annotate.builders import file_of, painted, picture

pytestmark = pytest.mark.django_db
FILES = {
    "scans/1912/p.jpg": file_of(picture(seed=1), "JPEG"),
    "scans/1913/p.jpg": file_of(picture(seed=2), "JPEG"),
    "scans/1913/again.jpg": file_of(picture(seed=1), "JPEG"),
    "scans/.DS_Store": b"x",
    "scans/notes.txt": b"x",
}
JSON = "application/json"
FACTS = {"albums": "on", "training_allowed": "on", "source": "Ida"}


def upload(data, name):
    file = io.BytesIO(data)
    file.name = name.rpartition("/")[2]
    return file


def by_folder(client, files):
    row = client.post(reverse("annotate_bring_begin"), FACTS | {"name": "scans"}).json()["id"]
    address = reverse("annotate_bring_file", args=[row])
    said = [
        client.post(address, {"path": path, "file": upload(data, path)}).json()
        for path, data in files.items()
    ]
    return Import.objects.get(pk=row), said


def test_a_folder_comes_in_with_its_names_and_albums(sign_in, reviewer):
    row, said = by_folder(sign_in(reviewer), FILES)
    assert [each["outcome"] for each in said] == ["new", "new", "here", "left out", "left out"]
    assert said[2]["reason"] == "already here as p"
    found = Photo.objects.order_by("original_name").values_list(
        "original_name", "album", "title", "source"
    )
    assert list(found) == [
        ("scans/1912/p.jpg", "scans/1912", "p", "Ida"),
        ("scans/1913/p.jpg", "scans/1913", "p", "Ida"),
    ]
    assert row.counts() == {"new": 2, "here": 1, "left out": 2}


def test_what_is_here_need_not_be_sent(sign_in, reviewer):
    client = sign_in(reviewer)
    by_folder(client, FILES)
    row, _ = by_folder(client, {})
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in FILES.items()}
    address, sent = reverse("annotate_bring_known", args=[row.pk]), {"content_type": JSON}
    answer = client.post(address, json.dumps(digests), **sent)
    assert answer.json() == dict.fromkeys(list(FILES)[:3], "p")
    assert row.counts() == {"here": 3}
    assert "already here as p" in client.get(reverse("annotate_import", args=[row.pk])).text
    odd = ["x", "[]", '{"p": "x"}', '{"p": 1}', f'{{"\\u0000": "{64 * "0"}"}}', '{"\\ud800": ""}']
    assert {client.post(address, wrong, **sent).status_code for wrong in odd} == {409}


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return upload(out.getvalue(), "scans.zip")


def test_a_zip_comes_in_by_a_worker_and_again_changes_nothing(sign_in, reviewer, run_jobs):
    client = sign_in(reviewer)
    for expected in ({"new": 2, "here": 1, "left out": 2}, {"here": 3, "left out": 2}):
        answer = client.post(reverse("annotate_bring_zip"), FACTS | {"file": zipped(FILES)})
        run_jobs()
        row = Import.objects.first()
        assert answer.url == reverse("annotate_import", args=[row.pk])
        assert (row.state, row.counts(), row.source) == ("done", expected, None)
    assert Photo.objects.filter(state="ready").count() == 2
    assert "already here as p" in client.get(answer.url).content.decode()


def test_a_zip_that_is_none_says_so(sign_in, reviewer, run_jobs):
    client = sign_in(reviewer)
    client.post(reverse("annotate_bring_zip"), FACTS | {"file": upload(b"no zip", "x.zip")})
    run_jobs()
    assert "cannot be read" in str(Import.objects.get().reason)
    assert client.post(reverse("annotate_bring_zip"), FACTS).status_code == 409


def test_all_of_it_is_undone_while_nothing_was_built_on_it(sign_in, reviewer, run_jobs):
    client = sign_in(reviewer)
    row, _ = by_folder(client, FILES)
    run_jobs()
    mask = services.import_mask(photo=Photo.objects.first(), pixels=painted())
    address = reverse("annotate_import_undo", args=[row.pk])
    answer = client.post(address, {"sure": "1"})
    assert answer.status_code == 409 and "nothing was undone" in answer.content.decode()
    mask.delete()
    client.post(address, {"sure": "1"})
    assert not Photo.objects.exclude(state="erased")
    row.refresh_from_db()
    assert row.state == "undone" and "p.jpg" not in json.dumps(row.rows(2))
    by_folder(client, FILES)
    assert Photo.objects.exclude(state="erased").count() == 2


def test_nobody_adds_to_another_persons_import(sign_in, reviewer, admin):
    row = photos_in.begun(name="x", options={}, by=admin)
    address = reverse("annotate_bring_file", args=[row.pk])
    assert sign_in(reviewer).post(address, {"file": upload(b"x", "p.jpg")}).status_code == 404


def test_a_file_costs_the_same_however_many_came_before(sign_in, reviewer):
    """The report grows by a line a file and is never written anew."""
    row, _ = by_folder(sign_in(reviewer), FILES)
    ImportLine.objects.bulk_create(
        ImportLine(brought=row, file=f"{n}.jpg", outcome="here", reason="x" * 400)
        for n in range(5000)
    )
    with CaptureQueriesContext(connection) as asked:
        photos_in.bring(row, "scans/p.jpg", upload(FILES["scans/1912/p.jpg"], "p.jpg"))
    assert sum(len(query["sql"]) for query in asked) < 20_000
    page = sign_in(reviewer).get(reverse("annotate_import", args=[row.pk]))
    assert page.context["more"] == 5006 - 500 and page.context["rows"][0]["title"] == "p"
    assert 'already here: <span class="number">5002' in page.content.decode()
    told = sign_in(reviewer).get(f"/api/v1/masks/imports/{row.pk}/").json()["report"]
    assert len(told["rows"]) == 5006 and told["counts"]["here"] == 5002


def test_a_report_of_an_older_release_is_still_shown(sign_in, reviewer):
    row = photos_in.begun(name="x", options={}, by=reviewer)
    said = {"file": "p.jpg", "outcome": "new", "reason": "", "photo": None, "title": "p"}
    Import.objects.update(report={"rows": [said], "counts": {"new": 1}})
    page = sign_in(reviewer).get(reverse("annotate_import", args=[row.pk]))
    assert "p.jpg" in page.content.decode() and "came in: " in page.content.decode()


def test_a_zip_goes_into_an_album_from_its_page(sign_in, reviewer, run_jobs):
    client = sign_in(reviewer)
    client.post(reverse("annotate_bring_zip"), {"album": "Box", "file": zipped(FILES)})
    run_jobs()
    client.get(reverse("annotate_albums"))
    page = client.get(reverse("annotate_album", args=[Album.objects.get(name="Box").pk]))
    assert 'name="file" accept=".zip"' in page.content.decode()
    assert set(Photo.objects.values_list("album", flat=True)) == {"Box"}


def test_a_zip_of_photos_may_hold_more_than_one_of_masks(monkeypatch, sign_in, reviewer, run_jobs):
    monkeypatch.setattr(zip_entries, "MAX_UNPACKED_BYTES", 100)
    client = sign_in(reviewer)
    client.post(reverse("annotate_bring_zip"), FACTS | {"file": zipped(FILES)})
    run_jobs()
    assert Import.objects.get().counts()["new"] == 2
    monkeypatch.setattr(photos_in, "ZIP_LIMIT", 2 << 30)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("p.jpg", FILES["scans/1912/p.jpg"])
    client.post(
        reverse("annotate_bring_zip"), FACTS | {"file": upload(out.getvalue(), "scans.zip")}
    )
    run_jobs()
    row = Import.objects.first()
    assert "p.jpg is packed in a way" in str(row.reason) and row.counts() == {}
