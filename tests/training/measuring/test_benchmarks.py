import numpy as np
import pytest

from training.measuring.baselines import DETECTORS, FILLS
from training.measuring.benchmarks import (
    Pair,
    measure_inpainting,
    measure_kinds,
    measure_segmentation,
    measure_sound,
)


def scratched(name, seed, ignored=False):
    rng = np.random.default_rng(seed)
    luma = np.clip(rng.normal(110, 6, (80, 90)), 0, 255)
    truth = np.zeros((80, 90), bool)
    truth[:, 20 + seed : 22 + seed] = True
    luma[truth] += 70
    counted = np.ones((80, 90), bool)
    counted[:, 60:] = not ignored
    return Pair(name, luma.astype(np.uint8), truth, counted)


PAIRS = [scratched("a", 1), scratched("b", 7)]


def oracle(luma):
    return (luma > 150) * 0.9


def test_a_perfect_detector_scores_one():
    figures = measure_segmentation(PAIRS, {"network": oracle}, {"network": 0.5}).methods["network"]
    for name in ("auc", "ap", "best_dice", "dice", "iou", "precision", "recall", "tolerant_f1"):
        assert figures[name] == pytest.approx(1), name
    assert figures["photos_with_auc"] == 2


@pytest.mark.parametrize("name", DETECTORS)
def test_classical_filters_find_a_bright_line(name):
    figures = measure_segmentation(PAIRS, DETECTORS, {}).methods[name]
    assert figures["auc"] > 0.9 and figures["best_tolerant_f1"] > 0.8
    assert "dice" not in figures


def test_ignored_pixels_count_nowhere():
    pair = scratched("c", 3, ignored=True)
    wrong_where_ignored = np.where(pair.counted, pair.truth, True).astype(np.float32)
    report = measure_segmentation([pair], {"x": lambda _: wrong_where_ignored}, {"x": 0.5})
    assert report.methods["x"]["dice"] == 1 and report.methods["x"]["tolerant_f1"] == 1


def test_a_photo_without_damage_has_no_auc():
    clean = Pair("d", PAIRS[0].luma, np.zeros((80, 90), bool), np.ones((80, 90), bool))
    figures = measure_segmentation([clean, PAIRS[1]], {"x": oracle}, {}).methods["x"]
    assert figures["photos_with_auc"] == 1 and figures["auc_per_photo"] == pytest.approx(1)


def photos():
    ys, xs = np.mgrid[0:96, 0:120]
    return [np.stack([xs + k, ys + xs, 220 - ys], axis=-1).astype(np.uint8) for k in (20, 60)]


def test_inpainting_rivals_fill_a_gradient_well():
    report = measure_inpainting(photos(), FILLS, seed=3)
    assert report.pictures == 2 and set(report.methods) == set(FILLS)
    for figures in report.methods.values():
        assert figures["psnr_holes"] > 25
        assert figures["psnr"] > figures["psnr_holes"]


def test_a_fill_cannot_gain_outside_its_holes():
    untouched = measure_inpainting(photos(), {"x": FILLS["Telea"]}, seed=1)
    ruined = measure_inpainting(
        photos(),
        {"x": lambda rgb, hole: np.where(hole[..., None] > 0, FILLS["Telea"](rgb, hole), 0)},
        seed=1,
    )
    assert untouched.methods["x"]["psnr"] == ruined.methods["x"]["psnr"]


def test_inpainting_masks_come_from_the_seed():
    same = [measure_inpainting(photos(), {"x": FILLS["push-pull"]}, seed=s) for s in (5, 5, 6)]
    scores = [report.methods["x"]["psnr_holes"] for report in same]
    assert scores[0] == scores[1] != scores[2]


def test_marks_on_sound_photos_are_counted_by_area_and_component():
    dark, light = np.full((100, 100), 50, np.uint8), np.full((100, 100), 50, np.uint8)
    light[10:30, 10:30] = 250
    light[60, 60:90] = 250
    report = measure_sound([dark, light], {"network": lambda luma: luma > 200})
    figures = report.methods["network"]
    assert report.pictures == 2
    assert figures["marked_percent"] == pytest.approx(2.15)
    assert figures["worst_photo_percent"] == pytest.approx(4.3)
    assert (figures["largest_mark"], figures["photos_marked_200_px"]) == (400, 1)


def test_recall_is_told_by_kind_of_damage():
    photo = np.full((160, 160, 3), 120, np.uint8)
    methods = {"all": lambda luma: luma >= 0, "none": lambda luma: luma < 0}
    report = measure_kinds([photo], methods)
    assert {"recall_fold", "recall_dust", "recall_hole"} < set(report.methods["all"])
    assert set(report.methods["all"].values()) == {1.0}
    assert set(report.methods["none"].values()) == {0.0}
