"""`manage.py restore`: files beside each other, sentences instead of tracebacks."""

import io
import json

import numpy as np
import pytest
from django.core.management import call_command
from PIL import Image

from annotate import scans
from pipeline.management.commands import restore as command
from tests.pipeline.builders import upload
from tests.pipeline.engine.tiny import ARGUMENTS, picture, weight_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shipped(monkeypatch, weights_folder):
    for stage in ARGUMENTS:
        weight_file(weights_folder, stage)
    monkeypatch.setattr(command, "SHIPPED", weights_folder)


def run(*arguments):
    errors = io.StringIO()
    try:
        call_command("restore", *map(str, arguments), stdout=io.StringIO(), stderr=errors)
        return 0, errors.getvalue()
    except SystemExit as end:
        return end.code, errors.getvalue()


def photo(folder, name, content=None):
    path = folder / name
    path.write_bytes(upload() if content is None else content)
    return path


def test_a_fresh_clone_writes_four_pictures_and_what_made_them(tmp_path):
    code, _ = run(photo(tmp_path, "ida.png"), "--out", tmp_path / "out", "--engine", "onnx")
    assert code == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    kinds = ["mask", "inpainted", "inpainted_colorized", "colorized"]
    assert names == {f"ida.{kind}.png" for kind in kinds} | {"ida.json"}
    facts = json.loads((tmp_path / "out" / "ida.json").read_text())
    assert set(facts["seconds"]) == {"decode", *kinds}
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
    assert chunks(data) <= {"IHDR", "sRGB", "pHYs", "IDAT", "IEND"}


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
    assert lines[0].endswith("notes.jpg: This is not a JPEG, PNG, TIFF, WebP or HEIC image.")
    assert lines[1].endswith("empty.png: This file is empty.")
    assert lines[2].endswith("nowhere.png: No such file or directory")
    assert (tmp_path / "ida.inpainted.png").exists()


def test_missing_weights_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "SHIPPED", tmp_path)
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
