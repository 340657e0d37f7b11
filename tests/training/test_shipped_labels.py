"""Photos that aren't here, masks that are: found by digest, joined, written as pairs."""

import hashlib
import json

import numpy as np
import pytest
from PIL import Image

from annotate.formats import png
from photos.masks.arrays import digest
from photos.masks.classes import FRACTURE, IGNORE
from training.cli import prepare
from training.labels import shipped_labels
from training.measuring import pictures
from training.trainers.data import read_mask


@pytest.fixture
def photos(tmp_path):
    """Two photos of 40 x 30 in a folder of their own, under names nobody knows."""
    path = tmp_path / "photos" / "deep"
    path.mkdir(parents=True)
    rng = np.random.default_rng(3)
    for name in ("a", "b"):
        Image.fromarray(rng.integers(0, 255, (30, 40, 3), dtype=np.uint8)).save(
            path / f"{name}.png"
        )
    return path.parent


@pytest.fixture
def labels(tmp_path, photos, monkeypatch):
    """A label of each: a whole photo for training, a crop for validation."""
    folder = tmp_path / "labels"
    rows = [
        _label(folder, photos / "deep" / "a.png", "one", "train", None),
        _label(folder, photos / "deep" / "b.png", "two", "validation", [4, 5, 24, 25]),
    ]
    (folder / "manifest.json").write_text(json.dumps({"labels": rows}))
    monkeypatch.setattr(shipped_labels, "FOLDER", folder)
    return folder


def _label(folder, photo, name, split, crop):
    width, height = (crop[2] - crop[0], crop[3] - crop[1]) if crop else (40, 30)
    mask = np.zeros((height, width), np.uint8)
    mask[3, 2:9] = FRACTURE
    mask[8:11, 2:9] = IGNORE
    (folder / split).mkdir(parents=True)
    for kind, bit in (("fracture", FRACTURE), ("ignore", IGNORE)):
        (folder / split / f"{name}.{kind}.png").write_bytes(png.write(mask, bit))
    return {
        "name": name,
        "split": split,
        "photo": photo.name,
        "sha256": hashlib.sha256(photo.read_bytes()).hexdigest(),
        "width": width,
        "height": height,
        "crop": crop,
        "digest": digest(mask),
        "licence": "CC0-1.0",
        "source": "drawn",
        "note": "fields nobody reads do no harm",
    }


def test_pairs_find_photos_by_their_bytes(photos, labels):
    found = {label.name: (photo, mask) for label, photo, mask in shipped_labels.pairs(photos)}
    whole = np.array(Image.open(photos / "deep" / "b.png"))
    assert np.array_equal(found["two"][0], whole[5:25, 4:24])
    assert found["one"][1][3, 5] == FRACTURE
    assert found["one"][1][9, 5] == IGNORE


def test_a_changed_photo_is_not_the_labelled_one(photos, labels):
    Image.new("RGB", (40, 30)).save(photos / "deep" / "a.png")
    assert [label.name for label, _, _ in shipped_labels.pairs(photos)] == ["two"]


def test_a_changed_mask_is_refused(labels):
    (labels / "train" / "one.fracture.png").unlink()
    with pytest.raises(ValueError, match="not those of the manifest"):
        shipped_labels.read_mask(shipped_labels.read_manifest()[0])


def test_an_unknown_split_is_refused(labels):
    text = (labels / "manifest.json").read_text().replace('"train"', '"pool"')
    (labels / "manifest.json").write_text(text)
    with pytest.raises(ValueError, match="one: a split must be"):
        shipped_labels.read_manifest()


def test_evaluate_reads_the_written_pairs(photos, labels, tmp_path, capsys):
    assert shipped_labels.main([str(photos), str(tmp_path / "pairs")]) == 0
    assert "2 of 2 labels" in capsys.readouterr().out
    paths = pictures.find_pictures(tmp_path / "pairs", "segmentation", "val")
    pair = pictures.read_pair(paths[0], "any")
    assert (pair.name, pair.truth.sum(), (~pair.counted).sum()) == ("two_image.png", 7, 21)


def test_prepare_adds_labels_once(photos, labels, tmp_path):
    shipped_labels.write_pairs(photos, tmp_path / "pairs")
    found = prepare.with_labels(prepare.photos_of(photos), [tmp_path / "pairs"])
    items = [photo.item for photo in found]
    assert [item.split for item in items] == ["train", "validation"]
    assert read_mask(items[0].mask and tmp_path / items[0].mask)[3, 5] == FRACTURE


def test_a_folder_without_the_photos_says_so(labels, tmp_path, capsys):
    (tmp_path / "none").mkdir()
    assert shipped_labels.main([str(tmp_path / "none"), str(tmp_path / "pairs")]) == 2
    assert "a.png, b.png" in capsys.readouterr().err


def test_the_masks_that_ship_are_those_of_their_manifest():
    labels = shipped_labels.read_manifest()
    assert {label.split for label in labels} == {"train", "validation", "test"}
    assert len({label.sha256 for label in labels}) == len(labels)
    for label in labels:
        assert shipped_labels.read_mask(label).shape == (label.height, label.width)


def test_plates_that_were_only_looked_through_never_judge():
    looked = [label for label in shipped_labels.read_manifest() if label.name.startswith("looked_")]
    assert looked and {label.split for label in looked} == {"train"}


def test_half_of_the_judging_plates_are_for_the_test_by_digest():
    plates = [one for one in shipped_labels.read_manifest() if one.name.startswith("livonian_")]
    judging = [one for one in plates if one.split in ("validation", "test")]
    drawn = sorted(judging, key=lambda one: one.sha256)
    assert [one.split for one in drawn] == ["test"] * 7 + ["validation"] * 7
