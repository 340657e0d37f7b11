"""Straightening and cropping: page, API and command cut to the same frame."""

import json
from datetime import timedelta

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.utils import timezone

from photos.decoding import scans
from photos.models import Blob, Erasure, Photo
from pipeline import services
from pipeline.models import Rendition, Restoration
from tests.annotate.builders import file_of, picture
from tests.photos.test_negatives import on_the_bed
from tests.photos.test_scanner_files import rgb, tiff
from tests.pipeline.test_command import photo, run, shipped, table  # noqa: F401

pytestmark = pytest.mark.django_db
FRAME = {"angle": 0.0, "x": 0.1, "y": 0.25, "width": 0.5, "height": 0.5}
TEXT = "0,0.1,0.25,0.5,0.5"


def sent(client, data, **choices):
    file = SimpleUploadedFile("scan.png", data)
    answer = client.post("/api/v1/restorations/", {"photo": file, **choices})
    assert answer.status_code == 201, answer.content
    return Restoration.objects.get(token=answer.json()["token"])


def asked(client, row, frame):
    return client.post(
        f"/api/v1/restorations/{row.token}/frame/", {"frame": frame}, "application/json"
    )


def working(row):
    row.photo.refresh_from_db()
    return scans.read_working(row.photo.working)


@pytest.fixture
def restored(client, production, run_jobs):
    pixels = picture(100, 60)
    row = sent(client, file_of(pixels), strength="0.4")
    run_jobs()
    return row, pixels


def test_results_keep_the_scan_and_a_frame_makes_others(client, restored, run_jobs):
    row, pixels = restored
    assert np.array_equal(working(row), pixels)
    body = asked(client, row, FRAME).json()
    run_jobs()
    made = Restoration.objects.get(token=body["token"])
    assert np.array_equal(working(made), pixels[15:45, 10:60])
    assert {(each.width, each.height) for each in made.renditions.all()} == {(50, 30)}
    assert {(each.width, each.height) for each in row.renditions.all()} == {(100, 60)}
    assert (made.settings, made.expires_at) == (row.settings, row.expires_at)
    said = client.get(f"/api/v1/restorations/{made.token}/frame/").json()
    assert said == {"frame": FRAME, "proposed": None}


def test_asked_twice_it_is_made_once_and_another_frame_is_another(client, restored, run_jobs):
    row, _ = restored
    first, again = (asked(client, row, FRAME).json()["token"] for _ in range(2))
    assert first == again
    run_jobs()
    count = Rendition.objects.count()
    other = asked(client, Restoration.objects.get(token=first), {**FRAME, "x": 0.2}).json()
    assert other["token"] not in (first, row.token)
    assert Photo.objects.filter(framed_of=row.photo).count() == 2  # each hangs on the whole scan
    run_jobs()
    assert Rendition.objects.count() == count * 3 // 2
    whole = asked(client, Restoration.objects.get(token=first), None).json()
    assert whole["token"] == row.token


def test_the_proposal_is_the_print_on_the_bed(client, production, run_jobs):
    row = sent(client, file_of(on_the_bed(2.5)[0]))
    run_jobs()
    said = client.get(f"/api/v1/restorations/{row.token}/frame/").json()
    assert said["frame"] is None
    assert said["proposed"]["angle"] == pytest.approx(2.5, abs=0.4)
    page = client.get(f"/restore/{row.token}/frame/").content.decode()
    assert "on the print" in page
    assert "data-proposed" in page


def test_what_was_cropped_when_read_gets_the_whole_scan_first(client, production, run_jobs):
    row = sent(client, file_of(on_the_bed(2.5)[0]), crop="true")
    run_jobs()
    assert asked(client, row, FRAME).status_code == 409
    assert b"Show the whole scan" in client.get(f"/restore/{row.token}/frame/").content
    answer = client.post(f"/restore/{row.token}/frame/", {"whole": "1"})
    run_jobs()
    whole = Restoration.objects.get(token=answer["Location"].split("/")[-2])
    assert (whole.photo.framed_of, whole.photo.width) == (row.photo, 700)
    assert asked(client, row, FRAME).status_code == 201


def test_a_frame_is_taken_with_the_file_by_the_api_and_the_command(
    client, production, run_jobs, tmp_path, shipped  # noqa: F811
):  # fmt: skip
    pixels = picture(100, 60)
    row = sent(client, file_of(pixels), frame=TEXT)
    run_jobs()
    path = photo(tmp_path, "scan.png", file_of(pixels))
    assert run(path, "--out", tmp_path / "out", "--frame", TEXT) == (0, "")
    facts = json.loads((tmp_path / "out" / "scan.json").read_text())
    assert (facts["width"], facts["height"]) == (50, 30)
    assert working(row).shape == (30, 50, 3)
    assert run(path, "--out", tmp_path / "out", "--frame", TEXT) == (0, "")
    assert [each["state"] for each in table(tmp_path / "out").values()] == ["skipped"]
    assert run(path, "--out", tmp_path / "out") == (0, "")
    assert [each["state"] for each in table(tmp_path / "out").values()] == ["done"]


@pytest.mark.parametrize(
    "frame",
    [{}, {**FRAME, "angle": 46}, {**FRAME, "width": 0}, {**FRAME, "x": 0.9}, "0,0,0,1,1", [1]],
)
def test_what_is_no_frame_is_refused(client, restored, frame):
    assert asked(client, restored[0], frame).status_code == 400
    assert Photo.objects.count() == 1


def test_the_form_says_what_is_wrong(client, restored):
    address = f"/restore/{restored[0].token}/frame/"
    wrong = {"angle": "0", "x": "90", "y": "0", "width": "50", "height": "50"}
    answer = client.post(address, wrong)
    assert (answer.status_code, Photo.objects.count()) == (400, 1)
    assert b"The middle of the frame must lie on the scan." in answer.content
    assert client.post(address, {**wrong, "x": "ten"}).status_code == 400


def test_a_file_of_several_photographs_is_not_taken_apart_again(client, production, run_jobs):
    row = sent(client, tiff(*(rgb(picture(70, 50, seed=k)) for k in (1, 2))))
    run_jobs()
    assert Photo.objects.count() == 2
    asked(client, row, FRAME)
    run_jobs()
    assert Photo.objects.count() == 3


def test_everything_goes_from_either_page(client, restored, run_jobs):
    row, _ = restored
    original = row.photo.original_id
    made = Restoration.objects.get(token=asked(client, row, FRAME).json()["token"])
    run_jobs()
    assert client.post(f"/restore/{made.token}/delete/", {"sure": "1"}).status_code == 302
    assert not Restoration.objects.exists()
    assert not Blob.objects.filter(Q(pk=original) | Q(media_type__startswith="image/")).exists()
    assert {each.state for each in Photo.objects.all()} == {"erased"}


def test_a_scan_takes_its_framings_with_it_and_not_the_other_way(client, restored, run_jobs):
    row, _ = restored
    original = row.photo.original_id
    tokens = [asked(client, row, {**FRAME, "x": x}).json()["token"] for x in (0.1, 0.2)]
    run_jobs()
    services.erase(Restoration.objects.get(token=tokens[0]))
    assert Restoration.objects.count() == 2
    services.erase(row)
    assert not Restoration.objects.exists()
    assert not Blob.objects.filter(Q(pk=original) | Q(media_type__startswith="image/")).exists()


def test_a_scan_and_its_framings_go_on_the_same_day(client, restored, run_jobs):
    row, _ = restored
    asked(client, row, FRAME)
    run_jobs()
    Restoration.objects.update(expires_at=timezone.now() - timedelta(days=1))
    services.expire()
    assert not Restoration.objects.exists()
    assert Erasure.objects.count() == 2


def test_the_labs_own_photographs_stay_as_scanned(client, restored):
    row, _ = restored
    Photo.objects.update(origin="import")
    assert asked(client, row, FRAME).status_code == 409
    assert client.get(f"/restore/{row.token}/frame/").status_code == 409
