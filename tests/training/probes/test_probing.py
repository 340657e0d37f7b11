"""The command: which pictures it takes, what it prints, what it refuses."""

import hashlib
import json

import numpy as np
import pytest
from PIL import Image

from config.words.wall import in_words
from tests.training.probes.builders import everything, nothing, pictures
from training.measuring.evaluate import main
from training.measuring.pictures import find_pictures, read_rgb
from training.measuring.probing import PARTS, Material, parts_of, run_probes
from training.probes.choosing import Named, cut, for_lines, without_duplicates

SEED = 4


@pytest.fixture
def folder(tmp_path):
    """Scenes (one of them twice, one in tiles), a portrait, a listed print."""
    rng = np.random.default_rng(SEED)
    for name in ("photos", "portraits", "prints"):
        (tmp_path / name).mkdir()
    scenes = [rng.integers(60, 190, (6, 9)).astype(np.uint8) for _ in range(3)]
    large = [np.array(Image.fromarray(one).resize((360, 240), Image.BICUBIC)) for one in scenes]
    names = {
        "a": large[0],
        "a_again": large[0],
        "b": large[1],
        "b_t0": large[1][:200],
        "c": large[2],
    }
    for name, picture in names.items():
        Image.fromarray(picture).save(tmp_path / "photos" / f"{name}.png")
    Image.fromarray(pictures(1)[0]).save(tmp_path / "portraits" / "p.png")
    Image.fromarray(pictures(1)[0]).save(tmp_path / "prints" / "d.png")
    files = [*(f"photos/{n}.png" for n in names), "portraits/p.png", "prints/d.png"]
    rows = "".join(f"{file}\tval\tCC0\tx\t\n" for file in files)
    (tmp_path / "SOURCES.tsv").write_text("file\tsplit\tlicence\tsource\tnote\n" + rows)
    digest = hashlib.sha256((tmp_path / "prints" / "d.png").read_bytes()).hexdigest()
    defect = {
        "kind": "line",
        "class": "fracture",
        "strength": "strong",
        "points": [[9, 9], [90, 90]],
        "width": 3,
    }
    listed = {
        "file": "d.png",
        "sha256": digest,
        "split": "val",
        "width": 240,
        "height": 160,
        "defects": [defect],
    }
    (tmp_path / "prints.json").write_text(json.dumps({"prints": [listed]}))
    return tmp_path


def probed(folder, marker, parts):
    paths = find_pictures(folder, "segmentation", "val", plain=True)
    listed = folder / "prints.json"
    return run_probes(marker, Material(paths, folder, "val", read_rgb, listed=listed), parts)


def test_who_marks_nothing_harms_nothing_and_finds_nothing(folder):
    report = probed(folder, nothing, ("sound", "prints"))
    figures = report.methods["default cut"]
    assert report.pictures == 3  # neither the copy nor the tile
    assert figures["sound share, %"] == 0 and figures["photos: > 200 px, of 3"] == 0
    assert figures["portraits: > 200 px, of 1"] == 0
    assert figures["smaller prints: missed"] == 1
    assert not any("a_again" in in_words(note) for note in report.notes)


def test_both_cuts_are_told_side_by_side(folder):
    report = probed(folder, everything, ("lines", "sound"))
    default, equal = report.methods.values()
    assert default["cut"] == 0 and default["sound share, %"] > 90
    assert equal["cut"] > 19 and equal["sound share, %"] <= 0.3


def test_parts_are_named_or_refused():
    assert parts_of("sound, lines") == ["lines", "sound"]
    assert parts_of(",".join(PARTS)) == list(PARTS)
    with pytest.raises(ValueError, match="parts are lines"):
        parts_of("loops")


def test_the_command_refuses_in_words(folder, capsys):
    command = ["segmentation", "--data", str(folder), "--probe"]
    assert main(command) == 2
    assert "--weights" in capsys.readouterr().err
    weights = "training/weights/segmentation.safetensors"
    assert main([*command, "stars", "--weights", weights]) == 2
    assert "stars" in capsys.readouterr().err


def test_copies_are_left_out_and_large_pictures_come_first():
    rng = np.random.default_rng(0)
    named = [Named(str(i), rng.integers(0, 255, (40 + i, 60), np.uint8)) for i in range(4)]
    assert without_duplicates([*named, named[2]]) == named
    wide = Named("wide", rng.integers(0, 255, (600, 768), np.uint8))
    chosen = for_lines([*named, wide], 2)
    assert [one.shape for one in chosen] == [(512, 768), named[3].luma.shape]
    assert cut(wide.luma.T).shape == (768, 512)
