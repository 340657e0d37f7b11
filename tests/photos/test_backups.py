"""Backups: a real round trip, taken while somebody writes; damage is told before anything moves."""

import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from annotate import services
from annotate.models import StrokeDelta
from jobs.operations import database_dump
from photos import backups, erasure, storage
from photos.backups import backup as making
from photos.models import Blob, Photo
from tests.annotate.builders import painted, ready_photo
from tests.annotate.test_assignments import save

pytestmark = pytest.mark.django_db(transaction=True)
SOME = ["photos_photo", "annotate_strokedelta", "photos_blob", "auth_user", "jobs_job"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def work(assessor):
    """A photo with two strokes of paint on it."""
    ready_photo()
    assignment = services.claim_assignment(assessor=assessor)
    save(assignment, painted())
    assignment.mask.refresh_from_db()
    return assignment


@pytest.fixture
def backup(work, tmp_path):
    call_command("backup", str(tmp_path / "monday"))
    return tmp_path / "monday"


def rows():
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(
            model._meta.db_table
            for model in apps.get_models()
            if model._meta.managed and not model._meta.proxy
        ):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(map(repr, cursor.fetchall()))
        return found


def files(settings):
    return {path.name: path.read_bytes() for path in Path(settings.MEDIA_ROOT).glob("??/*")}


@pytest.mark.services
def test_a_round_trip_brings_back_every_row_and_file(backup, settings, capsys):
    before = rows(), files(settings)
    assert all(before[0][table] for table in SOME[:3])
    Photo.objects.update(title="spoilt")
    StrokeDelta.objects.all().delete()
    storage.default_storage.delete(storage.key_of(Photo.objects.get().original_id))
    ready_photo(width=500)
    call_command("restore_backup", str(backup), "--overwrite")
    assert (rows(), files(settings)) == before
    assert "is restored" in capsys.readouterr().out


def test_what_was_erased_since_does_not_come_back(backup, settings):
    photo = Photo.objects.get()
    erasure.erase_photo(photo=photo, because="she asked")
    call_command("restore_backup", str(backup), "--overwrite")
    photo.refresh_from_db()
    assert (photo.state, photo.original, files(settings)) == (Photo.State.ERASED, None, {})


@pytest.mark.services
def test_append_only_and_new_numbers_survive_a_round_trip(backup):
    call_command("restore_backup", str(backup), "--overwrite")
    assert ready_photo().pk
    with connection.cursor() as cursor:
        names = {"sqlite": "sqlite_master WHERE type = 'trigger'", "postgresql": "pg_trigger"}
        cursor.execute(f"SELECT COUNT(*) FROM {names[connection.vendor]}")
        assert cursor.fetchone()[0] >= 4


@pytest.mark.services
def test_a_backup_taken_while_people_write_is_of_one_moment(work, tmp_path):
    stop = threading.Event()

    def write():
        while not stop.is_set():
            photo = ready_photo(width=64, height=48)
            erasure.erase_photo(photo=photo)
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(3):
            backups.make(tmp_path / f"b{number}", say=str)
    finally:
        stop.set()
        thread.join()
    for number in range(3):
        assert backups.verify(tmp_path / f"b{number}").left_out == []


@pytest.mark.services
def test_what_is_erased_before_it_is_copied_is_not_kept(work, tmp_path, monkeypatch):
    """The first look brings nothing, and the photo goes between the dump and its files."""
    real_copy, real_dump, looks, taken = making._copy_missing, database_dump.dump, [], []

    def copy(partial, found, like):
        looks.append(partial)
        return real_copy(partial, found, like) if len(looks) > 1 else set()

    def dump(to, query):
        taken.append(real_dump(to, query))
        erasure.erase_photo(photo=Photo.objects.get())
        return taken[-1]

    monkeypatch.setattr(making, "_copy_missing", copy)
    monkeypatch.setattr(database_dump, "dump", dump)
    made = backups.make(tmp_path / "b", say=str)
    assert [len(found) for found in taken] == [3, 0]
    assert (made.blobs, made.left_out, Blob.objects.count()) == (0, [], 0)


def test_a_backup_cut_off_goes_on_where_it_stopped(work, tmp_path, monkeypatch):
    def cut_off(to, query):
        raise OSError("the plug was pulled")

    with monkeypatch.context() as short, pytest.raises(CommandError, match="plug"):
        short.setattr(database_dump, "dump", cut_off)
        call_command("backup", str(tmp_path / "b"))
    assert not (tmp_path / "b").exists()
    copied = []
    monkeypatch.setattr(making, "_copy", lambda digest, place: copied.append(digest))
    backups.make(tmp_path / "b", say=str)
    assert copied == []
    assert not (tmp_path / "b.partial").exists()


def test_a_second_backup_shares_the_files_of_the_first(backup, tmp_path):
    call_command("backup", str(tmp_path / "tuesday"), "--like", str(backup))
    pairs = [(a, tmp_path / "tuesday" / a.relative_to(backup)) for a in backup.glob("blobs/*/*")]
    assert pairs and all(a.samefile(b) for a, b in pairs)


def damage(path, at=-1):
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


DAMAGES = {
    "no manifest": (lambda b: (b / "backup.json").unlink(), "no complete backup"),
    "half a manifest": (lambda b: (b / "backup.json").write_text('{"made_'), "json in .* is dam"),
    "a bit of a file": (lambda b: damage(next(b.glob("blobs/*/*"))), "1 of . files"),
    "a file gone": (lambda b: next(b.glob("blobs/*/*")).unlink(), "1 of . files"),
    "a bit of the list": (lambda b: damage(b / "blobs.tsv", 0), "tsv in .* is damaged"),
    "a bit of the database": (lambda b: damage(next(b.glob("database.*"))), "its digest differs"),
    "no database": (lambda b: next(b.glob("database.*")).unlink(), "is missing from"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_told_in_a_sentence_and_nothing_moves(name, backup, settings):
    spoil, sentence = DAMAGES[name]
    spoil(backup)
    before = rows(), files(settings)
    for flag in ("--check", "--overwrite"):
        with pytest.raises(CommandError, match=sentence) as told:
            call_command("restore_backup", str(backup), flag)
        assert told.value.returncode == 2
    assert (rows(), files(settings)) == before


def test_a_site_with_photographs_is_not_replaced_unasked(backup):
    with pytest.raises(CommandError, match="--overwrite replaces all"):
        call_command("restore_backup", str(backup))


def test_a_backup_of_a_newer_release_is_refused(backup):
    manifest = backup / "backup.json"
    manifest.write_text(manifest.read_text().replace("annotate.0001_", "annotate.9999_"))
    with pytest.raises(CommandError, match=r"newer release: annotate\.9999_"):
        call_command("restore_backup", str(backup), "--overwrite")


def test_a_backup_of_code_before_the_first_release_is_refused(backup):
    manifest = backup / "backup.json"
    manifest.write_text(manifest.read_text().replace("accounts.0001_", "access.0001_"))
    with pytest.raises(CommandError, match=r"before release 0\.1.*export_masks --format npz"):
        call_command("restore_backup", str(backup), "--overwrite")
    assert Photo.objects.exists()


def test_a_damaged_file_of_the_site_is_told_and_may_be_left_out(work, tmp_path):
    blob = work.photo.working
    with storage.local_file(blob) as path:
        damage(path)
    with pytest.raises(CommandError, match=rf"1 of the site's own files.*{blob.digest}"):
        call_command("backup", str(tmp_path / "b"))
    call_command("backup", str(tmp_path / "b"), "--without-damaged")
    assert backups.verify(tmp_path / "b").left_out == [blob.digest]


def test_a_folder_with_something_in_it_is_left_alone(work, tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "mine").touch()
    with pytest.raises(CommandError, match="is not empty"):
        call_command("backup", str(tmp_path / "b"))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own file")
def test_the_database_of_a_backup_opens_by_itself(backup):
    with sqlite3.connect(backup / "database.sqlite3") as found:
        assert found.execute("SELECT COUNT(*) FROM annotate_strokedelta").fetchone() == (1,)


@pytest.mark.services
@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own programs")
def test_without_pg_dump_a_sentence_says_so(work, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(CommandError, match="pg_dump is not installed"):
        call_command("backup", str(tmp_path / "b"))
