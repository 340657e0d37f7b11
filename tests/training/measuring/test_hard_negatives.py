"""What a network marks on sound photographs becomes pairs with an empty mask."""

import csv
import importlib

import numpy as np
import pytest
from PIL import Image

from training.cli import prepare
from training.imaging.adaptive_cut import FIXED
from training.measuring import hard_negatives

CUTS = [0.5, 0.5, 0.5]


class Marker:
    """Takes every bright pixel for a fracture."""

    thresholds, rule = CUTS, FIXED

    def __call__(self, luma):
        found = np.zeros((*luma.shape, 3), np.float32)
        found[..., 0] = luma > 200
        return found


@pytest.fixture
def photo():
    """Dark, with marks of 900, 400, 100 and 64 px away from the edges, and one of 4 px."""
    grey = np.full((400, 500, 3), 60, np.uint8)
    for top, left, side in (
        (200, 300, 30),
        (60, 60, 20),
        (300, 100, 10),
        (40, 400, 8),
        (90, 200, 2),
    ):
        grey[top : top + side, left : left + side] = 250
    return grey


def test_the_largest_three_are_cut_out(photo):
    found = hard_negatives.find(Marker(), photo)
    assert [mistake.area for mistake in found] == [900, 400, 100]
    for mistake in found:
        assert mistake.cut.shape == (384, 384, 3)
        assert (mistake.cut > 200).all(axis=2).sum() >= mistake.area


def test_a_small_photo_is_taken_whole(photo):
    (found,) = hard_negatives.find(Marker(), photo[30:100, 380:440])
    assert found.cut.shape == (70, 60, 3)


def test_pairs_of_the_training_split_go_into_a_run(photo, tmp_path, monkeypatch, capsys):
    photos = tmp_path / "photos"
    photos.mkdir()
    for name in ("a", "held"):
        Image.fromarray(photo).save(photos / f"{name}.png")
    lines = ["file\tsplit\tlicence\tsource\tnote", "a.png\ttrain\tCC0-1.0\there\t"]
    (photos / "SOURCES.tsv").write_text("\n".join([*lines, "held.png\tval\tCC0-1.0\there\t\n"]))
    monkeypatch.setattr(hard_negatives.Detector, "load", lambda path: Marker())
    pairs = tmp_path / "pairs"
    command = [str(photos), str(pairs), "--weights", "any", "--size", "400", "--size", "900"]
    assert hard_negatives.main(command) == 0
    assert "mistakes on 1 photographs" in capsys.readouterr().out
    with (pairs / "SOURCES.tsv").open() as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert {row["file"].split("_")[1] for row in rows} == {"400", "500"}  # its own size at most
    items = [photo.item for photo in prepare.with_labels([], [pairs])]
    assert len(items) == len(rows) >= 4
    assert {(item.split, item.licence) for item in items} == {("train", "CC0-1.0")}
    for item in items:
        assert not np.asarray(Image.open(item.mask)).any()


def test_a_folder_without_photos_ends_with_a_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(hard_negatives.Detector, "load", lambda path: Marker())
    assert hard_negatives.main([str(tmp_path), str(tmp_path / "pairs"), "--weights", "any"]) == 2
    assert "no usable photo" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("module", "more"),
    [
        ("training.measuring.hard_negatives", ["b", "--weights", "c", "--size", "0"]),
        ("training.trainers.__main__", ["--until", "0"]),
    ],
)
def test_numbers_that_make_no_sense_are_refused(module, more, capsys):
    main = importlib.import_module(module).main
    with pytest.raises(SystemExit) as ended:
        main(["a", *more])
    assert ended.value.code == 2
    assert f"{more[-2]} must be at least" in capsys.readouterr().err
