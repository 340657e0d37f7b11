"""The command as an archive calls it: from anywhere, with anything, stopped at any time."""

import json
import os
import signal

import numpy as np
import pytest
import tifffile
from PIL import Image

from pipeline.batch import files
from tests.pipeline.builders import upload
from tests.pipeline.engine.tiny import picture
from tests.pipeline.test_command import photo, run, shipped, table  # noqa: F401

pytestmark = pytest.mark.django_db


def states(out):
    return {name: row["state"] for name, row in table(out).items()}


def test_two_folders_with_one_name_keep_both(tmp_path):
    for place, seed in (("a", 1), ("b", 2)):
        (tmp_path / place).mkdir()
        photo(tmp_path / place, "scan0001.png", upload(picture(40, 30, seed=seed)))
    out = tmp_path / "out"
    for pattern in ([tmp_path / "a", tmp_path / "b"], [f"{tmp_path}/[ab]/*.png"]):
        assert run(*pattern, "--out", out) == (0, "")
    one, two = ((out / place / "scan0001.inpainted.png").read_bytes() for place in "ab")
    assert one != two
    assert states(out) == {"scan0001.png": "skipped"}


def test_paths_are_of_the_folder_where_the_call_is_made(tmp_path, monkeypatch):
    photo(tmp_path, "manage.png")
    monkeypatch.chdir(tmp_path)
    assert run("manage.png", "--out", "out") == (0, "")
    facts = json.loads((tmp_path / "out" / "manage.json").read_text())
    assert facts["photo"] == "manage.png"
    assert str(tmp_path) not in json.dumps(facts)


def test_a_file_that_changes_while_it_is_read_is_not_passed_off_as_another(tmp_path, monkeypatch):
    ida = photo(tmp_path, "ida.png")
    monkeypatch.setattr(files, "sha256", lambda path: "0" * 64)
    code, said = run(ida, "--out", tmp_path / "out")
    assert (code, "changed while it was read" in said) == (2, True)
    assert not list((tmp_path / "out").glob("ida*"))


@pytest.mark.parametrize(
    "name",
    [os.fsdecode("фото.png".encode("cp1251")), "é" * 118 + ".png", "a\nb.png", "-o.png", "=1.png"],
)
def test_a_name_is_bytes_and_each_is_done_by_itself(tmp_path, name):
    (tmp_path / "in").mkdir()
    photo(tmp_path / "in", name)
    photo(tmp_path / "in", "ida.png")
    assert run(tmp_path / "in", "--out", tmp_path / "out") == (0, "")
    assert run(tmp_path / "in", "--out", tmp_path / "out") == (0, "")
    assert list(states(tmp_path / "out").values()) == ["skipped", "skipped"]
    assert len(list((tmp_path / "out").glob("*.inpainted.png"))) == 2


def test_results_may_lie_among_the_scans_but_not_be_them(tmp_path):
    photo(tmp_path, "ida.png")
    (tmp_path / "notes.txt").write_text("notes")
    for state in ("done", "skipped"):
        assert run(tmp_path, "--out", tmp_path / "out") == (0, "")
        assert states(tmp_path / "out") == {"notes.txt": "passed over", "ida.png": state}
    code, said = run(tmp_path, "--out", tmp_path)
    assert (code, "the folder of the photographs itself" in said) == (2, True)


def test_a_shells_pattern_that_names_results_too_changes_nothing(tmp_path):
    (tmp_path / "a").mkdir()
    photo(tmp_path / "a", "ida.png")
    for out in (tmp_path / "a", tmp_path / "a" / "out"):
        for state in ("done", "skipped"):
            code, said = run(*sorted((tmp_path / "a").glob("*")), "--out", out)
            assert (code, said, states(out).pop("ida.png")) == (0, "", state)
            assert len(list(tmp_path.rglob("*.json"))) == 1
        for path in [*out.glob("ida.*"), out / "summary.csv"]:
            if path.name != "ida.png":
                path.unlink()


def test_a_target_that_takes_nothing_is_a_sentence(tmp_path, monkeypatch):
    ida = photo(tmp_path, "ida.png")
    assert run(ida, "--out", ida) == (2, "--out is a file; name a folder.\n")
    code, said = run(ida, "--out", ida / "below")
    assert (code, said) == (2, "Nothing can be written to --out: Not a directory.\n")

    def full(pixels, *more):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(files.encode, "png", full)
    code, said = run(ida, photo(tmp_path, "b.png"), "--out", tmp_path / "out")
    assert (code, said) == (
        2,
        "The results cannot be written any more: No space left on device.\n",
    )


def test_what_was_whole_when_somebody_stopped_it_is_in_the_table(tmp_path, monkeypatch):
    ida, kept = photo(tmp_path, "a.png"), files.restore

    def stopping(*arguments):
        kept(*arguments)
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(files, "restore", stopping)
    assert run(ida, photo(tmp_path, "b.png"), "--out", tmp_path / "out")[0] == 143
    assert states(tmp_path / "out") == {"a.png": "done"}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_signals_end_it_like_ctrl_c(tmp_path, monkeypatch, number, code):
    first, second = photo(tmp_path, "a.png"), photo(tmp_path, "b.png")
    out, kept = tmp_path / "out", files.encode.png

    def stopping(pixels, *more):
        if (out / "b.mask.png").exists():
            os.kill(os.getpid(), number)
        return kept(pixels, *more)

    monkeypatch.setattr(files.encode, "png", stopping)
    assert run(first, second, "--out", out)[0] == code
    assert states(out) == {"a.png": "done"}
    assert not list(out.glob(".*"))
    monkeypatch.undo()


def test_what_is_written_can_be_chosen(tmp_path):
    ida, out = photo(tmp_path, "ida.png"), tmp_path / "out"
    only = ("--only", "inpainted,mask", "--tiff16", "--jpeg", "80")
    for state in ("done", "skipped"):
        assert run(ida, "--out", out, *only) == (0, "")
        assert states(out) == {"ida.png": state}
    written = {path.name for path in out.iterdir()} - {"ida.proposals.png"}
    assert written == {
        *("ida.mask.png", "ida.inpainted.tif", "ida.inpainted.jpg", "ida.json", "summary.csv"),
    }
    assert tifffile.imread(out / "ida.inpainted.tif").dtype == np.uint16
    assert Image.open(out / "ida.inpainted.jpg").size == (50, 70)
    assert run(ida, "--out", out)[0] == 0
    assert (out / "ida.colorized.png").exists()


@pytest.mark.parametrize("bad", [("--only", "mask,sky"), ("--only", ","), ("--jpeg", "0")])
def test_choices_that_nothing_can_use_are_sentences(tmp_path, bad):
    code, said = run(photo(tmp_path, "ida.png"), "--out", tmp_path / "out", *bad)
    assert (code, said.count("\n")) == (2, 1)
    assert not (tmp_path / "out").exists()


def test_what_is_there_of_a_truncated_file_is_used_when_asked(tmp_path):
    data = upload(picture(200, 150), "JPEG")
    half = photo(tmp_path, "half.jpg", data[: len(data) // 2])
    code, said = run(half, "--out", tmp_path / "out")
    assert (code, "ends too early" in said) == (2, True)
    assert run(half, "--out", tmp_path / "out", "--salvage") == (0, "")
    facts = json.loads((tmp_path / "out" / "half.json").read_text())
    assert facts["settings"]["salvage"] is True
