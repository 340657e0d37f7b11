import json

import numpy as np
import pytest
from PIL import Image

from config.words.wall import in_words
from training.imaging.adaptive_cut import FIXED
from training.measuring.evaluate import decisive, main
from training.measuring.pictures import BadRequest, find_pictures, named, read_pair


@pytest.fixture
def folder(tmp_path):
    """Two scratched photos with masks, a plain photo, and the table that splits them."""
    rng = np.random.default_rng(0)
    (tmp_path / "set").mkdir()
    for name in ("one", "two"):
        luma = rng.normal(100, 5, (64, 64)).clip(0, 255).astype(np.uint8)
        mask = np.zeros((64, 64), np.uint8)
        mask[:, 30:32] = 255
        luma[mask > 0] = 220
        Image.fromarray(luma).save(tmp_path / "set" / f"{name}_image.png")
        Image.fromarray(mask).save(tmp_path / "set" / f"{name}_mask.png")
    plain = np.tile(np.arange(64, dtype=np.uint8)[:, None, None] * 3, (1, 64, 3))
    Image.fromarray(plain).save(tmp_path / "set" / "plain.png")
    table = "file\tsplit\tlicence\nset/one_image.png\tval\tx\nset/two_image.png\ttrain\tx\n"
    (tmp_path / "SOURCES.tsv").write_text(table + "set/plain.png\tval\tx\n")
    return tmp_path / "set"


def test_rivals_are_measured_without_weights(folder, capsys):
    assert main(["segmentation", "--data", str(folder), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["pictures"] == 2
    assert report["methods"]["top-hat"]["best_tolerant_f1"] > 0.9


@pytest.mark.parametrize("stage", ["inpainting", "colorization"])
def test_plain_photos_need_no_masks(stage, folder, capsys):
    assert main([stage, "--data", str(folder), "--split", "val", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["pictures"] == 2


def test_the_split_comes_from_the_table(folder):
    for split in ("val", "validation"):
        assert [p.name for p in find_pictures(folder, "segmentation", split)] == ["one_image.png"]


@pytest.mark.parametrize(
    ("parts", "pictures"),
    [
        (["--only", "plain"], 1),
        (["--exclude", "plain", "--exclude", "two"], 1),
        (["--only", "o"], 2),
    ],
)
def test_parts_of_paths_choose_pictures(parts, pictures, folder, capsys):
    assert main(["colorization", "--data", str(folder), *parts, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["pictures"] == pictures
    words = "Only what has" if "--only" in parts else "its path: plain, two."
    assert words in in_words(report["notes"][-1])


def test_a_part_may_begin_with_the_slash_that_prepare_knows(folder):
    paths = find_pictures(folder, "colorization", None)
    assert named(paths, folder, ["/"], []) == paths
    assert [path.name for path in named(paths, folder, ["/plain"], [])] == ["plain.png"]
    with pytest.raises(BadRequest, match="leave no picture"):
        named(paths, folder, [f"{folder.name}/"], [])


def test_the_table_is_for_people(folder, capsys):
    assert main(["segmentation", "--data", str(folder), "--limit", "1"]) == 0
    text = capsys.readouterr().out
    assert "top-hat" in text and "best_dice" in text and "1 picture," in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["segmentation", "--data", "/nowhere"], "not a folder"),
        (["segmentation", "--data", "{}", "--weights", "/nowhere"], "no weight file"),
        (["segmentation", "--data", "{}", "--sound"], "go with segmentation and --weights"),
        (["segmentation", "--data", "{}", "--weights", "{}/plain.png"], "not a weight file"),
        (["segmentation", "--data", "{}", "--split", "test"], "of split test"),
        (["inpainting", "--data", "{}", "--size", "3"], "--size"),
        (["inpainting", "--data", "{}", "--only", "three"], "leave no picture"),
    ],
)
def test_bad_arguments_end_with_a_sentence(arguments, words, folder, capsys):
    assert main([part.replace("{}", str(folder)) for part in arguments]) == 2
    error = capsys.readouterr().err
    assert words in error and "Traceback" not in error


def test_an_unknown_stage_exits_with_two(folder):
    with pytest.raises(SystemExit) as stop:
        main(["painting", "--data", str(folder)])
    assert stop.value.code == 2


def test_a_mask_without_classes_shows_the_chosen_damage(folder):
    pair = read_pair(folder / "one_image.png", "fracture")
    assert pair.truth.sum() == 128 and pair.counted.all()


def test_class_bits_are_read_as_classes(folder):
    coded = np.zeros((64, 64), np.uint8)
    coded[:10], coded[20:30], coded[40:50] = 1, 4, 128
    Image.fromarray(coded).save(folder / "one_mask.png")
    pair = read_pair(folder / "one_image.png", "hole")
    assert pair.truth[20:30].all() and pair.truth.sum() == 640
    assert not pair.counted[40:50].any() and pair.counted.sum() == 54 * 64


def test_every_class_is_cut_at_its_own_threshold():
    class Fixed:
        thresholds, rule = (0.2, 0.6, 0.5), FIXED

        def __call__(self, luma):
            return np.array([[[0.2, 0.1, 0.1], [0.1, 0.6, 0.0], [0.19, 0.59, 0.49]]])

    scores = decisive(Fixed(), None, (0, 1, 2))[0]
    np.testing.assert_allclose(scores[:2], 0.5)
    assert scores[2] < 0.5
    assert decisive(Fixed(), None, (1,))[0, 0] < 0.1
