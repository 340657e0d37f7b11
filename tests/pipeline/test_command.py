"""`manage.py restore`: files beside each other, sentences instead of tracebacks."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from PIL import Image

from photos.decoding import scans
from photos.file_search import search
from pipeline.batch import files, items, naming, networks
from tests.pipeline.builders import upload
from tests.pipeline.engine.tiny import ARGUMENTS, picture, weight_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shipped(monkeypatch, weights_folder):
    for stage in ARGUMENTS:
        weight_file(weights_folder, stage)
    monkeypatch.setattr(networks, "SHIPPED", weights_folder)


def run(*arguments):
    """Exit code and standard error; one process unless a test asks for more."""
    errors = io.StringIO()
    words = list(map(str, arguments))
    words += [] if "--workers" in words else ["--workers", "1"]
    try:
        call_command("restore", *words, stdout=io.StringIO(), stderr=errors)
        return 0, errors.getvalue()
    except SystemExit as end:
        return end.code, errors.getvalue()


def table(folder):
    with (folder / "summary.csv").open(encoding="utf-8", newline="") as file:
        return {Path(row["photo"]).name: row for row in csv.DictReader(file)}


def photo(folder, name, content=None):
    path = folder / name
    path.write_bytes(upload() if content is None else content)
    return path


def test_a_fresh_clone_writes_four_pictures_and_what_made_them(tmp_path):
    code, _ = run(photo(tmp_path, "ida.png"), "--out", tmp_path / "out", "--engine", "onnx")
    assert code == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    kinds = ["mask", "inpainted", "inpainted_colorized", "colorized"]
    facts = json.loads((tmp_path / "out" / "ida.json").read_text())
    questions = {"ida.proposals.png"} if facts["left_for_you"] else set()
    assert names - questions == {f"ida.{kind}.png" for kind in kinds} | {"ida.json", "summary.csv"}
    assert questions <= names
    assert set(facts["seconds"]) == {"decode", "together", *kinds}
    assert facts["weights"]["inpainting"]["engine"] == "onnx"
    assert "largest_hole" in facts


def test_the_mask_is_white_where_damage_was_found(tmp_path):
    run(photo(tmp_path, "ida.png"), "--out", tmp_path, "--strength", "1")
    mask = scans.read_png((tmp_path / "ida.mask.png").read_bytes())
    assert mask.shape == (70, 50)
    assert set(np.unique(mask)) <= {0, *range(249, 256)}


def test_results_keep_sixteen_bits_and_hide_nothing(tmp_path):
    deep = picture(40, 30, channels=1, dtype=np.uint16)
    out = io.BytesIO()
    Image.fromarray(deep).save(out, "PNG")
    run(photo(tmp_path, "deep.png", out.getvalue()), "--out", tmp_path)
    data = (tmp_path / "deep.inpainted.png").read_bytes()
    assert scans.read_png(data).dtype == np.uint16
    assert chunks(data) == {"IHDR", "sRGB", "iTXt", "IDAT", "IEND"}


def chunks(data):
    """The names of a PNG's chunks."""
    names, at = set(), 8
    while at < len(data):
        names.add(data[at + 4 : at + 8].decode())
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return names


def test_a_bad_file_is_a_sentence_and_exit_2_and_the_others_go_on(tmp_path):
    bad = photo(tmp_path, "notes.jpg", b"these are notes")
    empty = photo(tmp_path, "empty.png", b"")
    good = photo(tmp_path, "ida.png")
    code, said = run(bad, empty, tmp_path / "nowhere.png", good, "--out", tmp_path)
    assert code == 2
    lines = said.strip().splitlines()
    assert lines[0].endswith(
        "notes.jpg: This is not a JPEG, PNG, TIFF, WebP, HEIC, AVIF, JPEG 2000, BMP, PPM or GIF image."
    )
    assert lines[1].endswith("empty.png: This file is empty.")
    assert lines[2].endswith("nowhere.png: No such file or directory")
    assert (tmp_path / "ida.inpainted.png").exists()


def test_missing_weights_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(networks, "SHIPPED", tmp_path)
    code, said = run(photo(tmp_path, "ida.png"), "--out", tmp_path)
    assert code == 2
    assert "segmentation.safetensors is missing" in said


def test_a_wrong_strength_is_refused(tmp_path):
    code, said = run(photo(tmp_path, "ida.png"), "--out", tmp_path, "--strength", "7")
    assert (code, said.strip()) == (2, "--strength must be between 0 and 1.")


def test_production_comes_before_the_shipped_weights(tmp_path, production):
    run(photo(tmp_path, "ida.png"), "--out", tmp_path)
    facts = json.loads((tmp_path / "ida.json").read_text())
    assert facts["weights"]["segmentation"]["name"] == "tiny segmentation"


def test_folders_and_patterns_keep_their_places_and_names(tmp_path):
    (tmp_path / "album" / "1912").mkdir(parents=True)
    for name in ("a.jpg", "a.png", "1912/b.TIF", ".c.png"):
        photo(tmp_path / "album", name)
    (tmp_path / "album" / "notes.txt").write_text("These are notes.")
    out = tmp_path / "album" / "out"
    out.mkdir()
    (out / "a.inpainted.png").touch()
    album = str(tmp_path / "album")
    found = search([album, f"{album}/*.png", f"{album}/gone.jpg"], leave_out=out)
    batch = naming.batch_items(found.photos, found.root, out)
    assert [(e.photo.name, e.folder, e.name) for e in batch] == [
        ("a.jpg", out, "a.jpg"),
        ("a.png", out, "a.png"),
        ("b.TIF", out / "1912", "b"),
    ]
    assert [path.name for path, _ in found.passed] == [".c.png", "notes.txt"]
    assert [path.name for path, _ in found.refused] == ["gone.jpg"]


def test_what_is_done_is_skipped_until_something_changes(tmp_path):
    ida, out = photo(tmp_path, "ida.png"), tmp_path / "out"
    states = []
    for more in ((), (), ("--strength", "0.7"), ("--strength", "0.7", "--again")):
        assert run(ida, "--out", out, *more) == (0, "")
        states.append(table(out)["ida.png"]["state"])
    photo(tmp_path, "ida.png", upload(picture(40, 30)))
    run(ida, "--out", out, "--strength", "0.7")
    states.append(table(out)["ida.png"]["state"])
    assert states == ["done", "skipped", "done", "done", "done"]
    assert (table(out)["ida.png"]["width"], table(out)["ida.png"]["height"]) == ("30", "40")


def test_grain_can_be_left_off_and_an_older_way_of_making_is_done_anew(tmp_path, monkeypatch):
    ida, out = photo(tmp_path, "ida.png"), tmp_path / "out"
    states = []
    for grain in ("on", "off", "off"):
        assert run(ida, "--out", out, "--grain", grain) == (0, "")
        states.append(table(out)["ida.png"]["state"])
    facts = json.loads((out / "ida.json").read_text())
    assert facts["settings"]["grain"] is False
    assert "grain" not in facts["methods"]
    for version in ("FILL", "COLOUR"):
        monkeypatch.setattr(files, version, getattr(files, version) + 1)
        run(ida, "--out", out, "--grain", "off")
        states.append(table(out)["ida.png"]["state"])
    assert states == ["done", "done", "skipped", "done", "done"]


def test_the_table_has_a_line_for_each_with_its_reason(tmp_path):
    photo(tmp_path, "ida.png")
    photo(tmp_path, "notes.jpg", b"these are notes")
    assert run(tmp_path, "--out", tmp_path / "out")[0] == 2
    rows = table(tmp_path / "out")
    assert rows["ida.png"]["state"] == "done"
    assert float(rows["ida.png"]["seconds"]) > 0
    assert rows["notes.jpg"]["said"].startswith("This is not a JPEG")


def test_stopped_midway_only_whole_files_are_left_and_it_goes_on(tmp_path, monkeypatch):
    first, second = photo(tmp_path, "a.png"), photo(tmp_path, "b.png", upload(picture(30, 30)))
    out, kept, stopped = tmp_path / "out", files.encode.png, []

    def interrupted(pixels, *marks):
        if (out / "b.mask.png").exists() and not stopped:
            stopped.append(True)
            (out / ".b.inpainted.png.partial").write_bytes(b"half")
            raise KeyboardInterrupt
        return kept(pixels, *marks)

    monkeypatch.setattr(files.encode, "png", interrupted)
    assert run(first, second, "--out", out)[0] == 130
    assert {path.name for path in out.glob("*b*")} == {"b.mask.png"}
    assert set(table(out)) == {"a.png"}
    assert run(first, second, "--out", out)[0] == 0
    assert [row["state"] for row in table(out).values()] == ["skipped", "done"]


def test_nothing_to_restore_and_bad_counts_are_sentences(tmp_path):
    assert run(tmp_path, "--out", tmp_path / "out") == (2, "There are no photographs there.\n")
    assert run(tmp_path, "--out", tmp_path, "--workers", "-1")[0] == 2


def test_two_processes_share_the_work(tmp_path):
    for name in ("a.png", "b.png", "c.png"):
        photo(tmp_path, name)
    photo(tmp_path, "d.png", b"no picture")
    code, said = run(tmp_path, "--out", tmp_path / "out", "--workers", "2", "--engine", "onnx")
    assert (code, len(said.strip().splitlines())) == (2, 1)
    rows = table(tmp_path / "out")
    assert [rows[f"{name}.png"]["state"] for name in "abcd"] == ["done"] * 3 + ["refused"]
    one = (tmp_path / "out" / "a.inpainted.png").read_bytes()
    assert one == (tmp_path / "out" / "b.inpainted.png").read_bytes()


def test_workers_fit_cores_memory_and_photos(monkeypatch):
    from pipeline.batch import workers

    monkeypatch.setattr(workers, "cores", lambda: 8)
    monkeypatch.setattr(workers, "_memory", lambda: 5 * workers.MEMORY_EACH)
    assert workers.how_many(0, 100) == 5
    assert workers.how_many(0, 3) == 3
    assert workers.how_many(16, 100) == 16
    monkeypatch.setattr(workers, "_memory", lambda: 0)
    assert workers.how_many(0, 100) == 1


def test_a_worker_that_dies_costs_its_own_photo_alone(tmp_path, monkeypatch):
    from pipeline.batch import workers
    from tests.pipeline.dying import Process

    monkeypatch.setattr(workers, "_started", Process)
    names = ["a", "dies", "b", "c"]
    wanted = [items.BatchItem(tmp_path / name, tmp_path, name) for name in names]
    order = workers.Order(items.Choices(), "onnx", "", 1)
    said = {item.name: answer for item, answer in workers.run(wanted, order, 2)}
    assert said == {
        "a": {"is": "a"},
        "dies": workers.DIED,
        "b": {"is": "b"},
        "c": {"is": "c"},
    }


def test_what_may_belong_to_the_picture_is_left_listed_or_filled(tmp_path):
    """A number in ink that a finder marks whole."""
    from pipeline.engine import pipeline
    from pipeline.engine.guarding import Guarding

    asked = np.zeros((70, 50), np.uint8)
    asked[10:20, 10:40] = (1 << 2) | 1
    question = {"id": "text-10-10", "number": 1, "reason": "text", "x": 10, "y": 10}
    question |= {"sentence": "Writing at the upper left was left: remove it?"}
    found = Guarding(np.zeros_like(asked), asked, {"proposals": [question]})
    masks = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "guarded", lambda image, bands, cuts, **_: list(bands) and found)
        for ask in ("leave", "list", "fill"):
            out = tmp_path / ask
            run(photo(tmp_path, "ida.png"), "--out", out, "--ask", ask)
            facts = json.loads((out / "ida.json").read_text())
            masks[ask] = np.count_nonzero(scans.read_png((out / "ida.mask.png").read_bytes()))
            assert facts["left_for_you"] == (ask != "fill")
            assert (out / "ida.proposals.png").exists() == (ask != "fill")
    assert masks == {"leave": 0, "list": 0, "fill": 300}


def test_a_photograph_in_colour_is_coloured_only_when_asked(tmp_path):
    from skimage import data

    cat = photo(tmp_path, "cat.png", upload(data.cat()[::2, ::2]))
    run(cat, "--out", tmp_path / "out")
    facts = json.loads((tmp_path / "out" / "cat.json").read_text())
    assert set(facts["skipped"]) == {"inpainted_colorized", "colorized"}
    assert not (tmp_path / "out" / "cat.colorized.png").exists()
    run(cat, "--out", tmp_path / "out", "--colourise")
    assert (tmp_path / "out" / "cat.colorized.png").exists()
