"""Photos come in, are read by a worker, and leave nothing when they are erased."""

import io
import os
import stat
from pathlib import Path

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from accounts import demo
from annotate import services
from annotate.models import Suggestion
from config.errors import Refused
from jobs.models import Job, State
from photos import erasure, storage
from photos import services as photos
from photos import services as rules
from photos.decoding import scans
from photos.models import Blob, Photo
from tests.annotate.builders import file_of, painted, picture, ready_photo
from tests.annotate.test_assignments import finish

pytestmark = pytest.mark.django_db


def test_the_web_keeps_the_file_and_a_worker_reads_it(reviewer, run_jobs):
    data = file_of(picture(), "JPEG")
    photo = photos.add_photo(file=io.BytesIO(data), title="Aunt", created_by=reviewer)
    assert (photo.state, photo.working) == (Photo.State.RECEIVED, None)
    assert storage.read(photo.original) == data
    run_jobs()
    photo.refresh_from_db()
    assert (photo.state, photo.width, photo.height) == (Photo.State.READY, 400, 300)
    assert scans.read_working(photo.working).shape == (300, 400, 3)
    assert Job.objects.get().state == State.SUCCEEDED


def test_a_refusal_is_written_on_the_photo_and_on_the_job(run_jobs):
    photo = photos.add_photo(file=b"no photo", title="Note")
    run_jobs()
    photo.refresh_from_db()
    assert photo.state == Photo.State.REFUSED
    assert photo.reason == Job.objects.get().error
    assert "not a JPEG" in str(photo.reason)


def test_a_refused_scan_can_be_read_again_with_what_is_there(run_jobs):
    data = file_of(picture(600, 400), "JPEG")
    photo = photos.add_photo(file=data[: len(data) // 2], title="Half")
    run_jobs()
    photo.refresh_from_db()
    assert "truncated" in str(photo.reason)
    photos.read_photo_again(photo=photo, salvage=True)
    run_jobs()
    photo.refresh_from_db()
    assert (photo.state, photo.reason, photo.transform["salvaged"]) == (Photo.State.READY, "", True)
    with pytest.raises(Refused):
        photos.read_photo_again(photo=photo, salvage=True)


def test_an_empty_file_and_a_huge_one_are_refused_at_once(settings):
    settings.SCAN_MAX_BYTES = 1000
    with pytest.raises(Refused, match="empty"):
        photos.add_photo(file=b"", title="Nothing")
    with pytest.raises(Refused, match="limit"):
        photos.add_photo(file=bytes(1001), title="Much")
    assert not Photo.objects.exists()


def test_some_photos_are_drawn_for_two_painters(monkeypatch):
    monkeypatch.setattr(rules, "drawn", lambda percent: percent == rules.OVERLAP_PERCENT)
    photo = photos.add_photo(file=b"x", title="x", wants_mask=True)
    assert photo.masks_wanted == 2


def test_reading_twice_is_harmless():
    photo = ready_photo()
    assert photos.read_photo(photo).state == Photo.State.READY


def test_sixteen_bits_reach_the_engine(run_jobs):
    deep = (np.arange(64 * 48, dtype=np.uint16) * 21).reshape(48, 64)
    photo = photos.add_photo(file=scans.write_png(deep), title="Deep")
    run_jobs()
    photo.refresh_from_db()
    assert photo.bits == 16
    assert np.array_equal(scans.read_working(photo.working), deep)


def test_a_suggestion_replaces_itself_and_must_fit():
    photo = ready_photo()
    small = scans.write_png(np.zeros((3, 4), np.uint8))
    with pytest.raises(Refused, match="4 x 3 pixels, the photo 400 x 300"):
        services.save_suggestion(photo=photo, weights="w", probability_png=small, threshold=0.5)
    for level in (1, 2):
        data = scans.write_png(np.full((300, 400), level, np.uint8))
        services.save_suggestion(photo=photo, weights="w", probability_png=data, threshold=0.5)
    assert scans.read_png(storage.read(Suggestion.objects.get().probability)).max() == 2


def test_erasing_leaves_the_row_and_nothing_else(assessor, admin):
    photo = ready_photo()
    finish(services.claim_assignment(assessor=assessor))
    erasure.erase_photo(photo=photo, erased_by=admin)
    assert (photo.state, photo.title) == (Photo.State.ERASED, "Erased")
    assert not photo.masks.exists()
    assert not Blob.objects.exists()


def test_erasing_spares_a_file_that_another_photo_has():
    first, second = ready_photo(), ready_photo()
    erasure.erase_photo(photo=first)
    assert storage.read(second.working)


def test_the_command_imports_a_folder(tmp_path, capsys):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "aunt.png").write_bytes(file_of(picture()))
    (tmp_path / "in" / "notes.txt").write_text("no photo")
    call_command("add_photos", str(tmp_path / "in"), "--album=A", "--wants-mask", "--now")
    photo = Photo.objects.get()
    assert (photo.album, photo.wants_mask, photo.state) == ("A", True, Photo.State.READY)


def test_folders_become_albums_unless_one_is_named(tmp_path):
    for side, place in enumerate(("box 1/a.png", "box 2/deep/a.png", "b.png"), 10):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(file_of(picture(20, side)))
    call_command("add_photos", str(tmp_path), stdout=io.StringIO())
    found = dict(Photo.objects.values_list("original_name", "album"))
    assert found == {"box 1/a.png": "box 1", "box 2/deep/a.png": "box 2/deep", "b.png": ""}


def test_the_command_tells_what_is_here_already(tmp_path, capsys):
    (tmp_path / "aunt.png").write_bytes(file_of(picture()))
    (tmp_path / "z again.png").write_bytes(file_of(picture()))
    (tmp_path / "bad.jpg").write_bytes(b"\xff\xd8\xff\xe0" + b"x" * 40)
    for _ in range(2):
        with pytest.raises(CommandError, match="1 of the files"):
            call_command("add_photos", str(tmp_path), "--now")
    assert Photo.objects.count() == 2
    said = capsys.readouterr().out
    assert said.count("already here as aunt\n") == 3
    assert "bad.jpg: already here as bad. " in said  # and why it was refused


def test_the_command_ends_with_2_when_a_file_is_refused(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    with pytest.raises(CommandError) as error:
        call_command("add_photos", str(tmp_path / "a.png"), "--now", stderr=io.StringIO())
    assert error.value.returncode == 2
    with pytest.raises(CommandError, match="does not exist"):
        call_command("add_photos", str(tmp_path / "b.png"))


def test_the_demo_cast_is_made_once_with_private_passwords(settings, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(demo, "VAR", tmp_path)
    settings.DEMO = True
    demo.install()
    logins = tmp_path / "demo-logins.txt"
    assert stat.S_IMODE(os.stat(logins).st_mode) == 0o600
    role, password = Path(logins).read_text().splitlines()[0].split()
    assert User.objects.get(username=role).check_password(password)
    assert password in capsys.readouterr().out
    demo.install()
    assert User.objects.count() == 4
    assert capsys.readouterr().out == ""


def test_there_is_no_cast_outside_demo_mode(settings):
    settings.DEMO = False
    demo.install()
    assert not User.objects.exists()


def test_a_finished_mask_reads_back(assessor):
    ready_photo()
    mask = finish(services.claim_assignment(assessor=assessor))
    assert np.array_equal(services.read_class(mask, "fracture"), (painted() & 1) != 0)
