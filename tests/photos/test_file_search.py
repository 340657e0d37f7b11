"""Nothing is passed over in silence, and nothing is waited for."""

import os
import socket
from pathlib import Path

import pytest

from photos.file_search import search
from tests.annotate.builders import file_of, picture

PHOTO = file_of(picture(20, 10), "JPEG")


def names(told):
    return {path.name: said for path, said in told}


def test_first_bytes_decide_whatever_a_file_is_called(tmp_path):
    for name in ("a.jfif", "b.jpe", "no ending", "c.TXT", "d.bmp"):
        (tmp_path / name).write_bytes(PHOTO)
    assert [path.name for path in search([str(tmp_path)]).photos] == [
        "a.jfif", "b.jpe", "c.TXT", "d.bmp", "no ending",
    ]  # fmt: skip


@pytest.mark.parametrize("format", ["BMP", "PPM", "JPEG2000", "AVIF", "GIF", "WEBP", "TIFF"])
def test_every_kind_that_is_read_is_found(tmp_path, format):
    (tmp_path / "x").write_bytes(file_of(picture(20, 10), format))
    assert len(search([str(tmp_path)]).photos) == 1


def test_what_calls_itself_a_photograph_is_refused_and_the_rest_told(tmp_path):
    (tmp_path / "notes.jpg").write_text("notes")
    (tmp_path / "empty.tif").touch()
    (tmp_path / "notes.txt").write_text("notes")
    (tmp_path / "book.pdf").write_bytes(b"%PDF-1.7 and so on")
    (tmp_path / "camera.raf").write_bytes(b"FUJIFILMCCD-RAW 0201")
    (tmp_path / ".hidden.jpg").write_bytes(PHOTO)
    found = search([str(tmp_path)])
    assert not found.photos
    assert names(found.passed) == {
        ".hidden.jpg": "This file is hidden.",
        "notes.txt": found.refused[-1][1],
    }
    said = names(found.refused)
    assert said["empty.tif"] == "This file is empty."
    assert said["book.pdf"].startswith("This is a PDF;")
    assert said["camera.raf"].startswith("This is a camera RAW file")
    assert said["notes.jpg"].startswith("This is not a JPEG, PNG")


def test_pipes_sockets_and_dead_links_are_named_and_never_waited_for(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "dead.png").symlink_to("nowhere")
    (tmp_path / "round.png").symlink_to("round.png")
    (tmp_path / "folder").symlink_to(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(tmp_path)  # a socket's path must be short
        server.bind("talk")
        found = search([str(tmp_path), str(tmp_path / "pipe.jpg")])
    assert not found.photos
    assert names(found.passed) == {
        "folder": "This is a link to a folder; name the folder itself.",
        "talk": "This is a socket, not a file.",
    }
    assert names(found.refused) == {
        "dead.png": "This link leads nowhere.",
        "pipe.jpg": "This is a pipe, not a file.",
        "round.png": "Too many levels of symbolic links",
    }


def test_the_results_of_earlier_calls_are_no_photographs(tmp_path):
    out = tmp_path / "scans" / "restored"
    out.mkdir(parents=True)
    (out / "a.inpainted.png").write_bytes(PHOTO)
    (tmp_path / "scans" / "a.jpg").write_bytes(PHOTO)
    scans = tmp_path / "scans"
    for asked in (scans, f"{tmp_path}/**/*.*", f"{tmp_path}/*", f"{scans}/*", f"{scans}/**"):
        assert [path.name for path in search([str(asked)], leave_out=out).photos] == ["a.jpg"]
    (out / "b").mkdir()
    (out / "b" / "b.mask.png").write_bytes(PHOTO)
    assert search([f"{scans}/*/*", f"{scans}/*/b"], leave_out=out).photos == []


def test_a_shell_names_the_folder_of_the_results_too_and_moves_no_name(tmp_path):
    for place in ("scans/a/x.jpg", "scans/restored/x.mask.png"):
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).write_bytes(PHOTO)
    given = [str(tmp_path / "scans" / name) for name in ("a", "restored")]
    found = search(given, leave_out=Path(given[1]))
    assert (found.photos, found.root) == ([tmp_path / "scans/a/x.jpg"], tmp_path / "scans/a")
    assert names(found.passed) == {"restored": "This is the folder of the results."}


def test_each_photograph_once_by_its_whole_path(tmp_path, monkeypatch):
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "scan0001.jpg").write_bytes(PHOTO)
    monkeypatch.chdir(tmp_path / "a")
    found = search(["scan0001.jpg", "../a", "../b/*.jpg", str(tmp_path / "a" / "*.jpg")])
    assert found.photos == [tmp_path / place / "scan0001.jpg" for place in ("a", "b")]
    assert found.root == tmp_path


def test_a_pattern_without_a_match_and_a_name_like_a_pattern(tmp_path):
    (tmp_path / "[1912].jpg").write_bytes(PHOTO)
    found = search([str(tmp_path / "[1912].jpg"), str(tmp_path / "*.gone")])
    assert [path.name for path in found.photos] == ["[1912].jpg"]
    assert names(found.refused) == {"*.gone": "Nothing matches this pattern."}
