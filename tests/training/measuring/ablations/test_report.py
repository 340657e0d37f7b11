"""Tables: means over seeds, differences seed by seed."""

from training.measuring.ablations import report
from training.measuring.ablations.report import Outcome


def inpainted(name, seed, psnr):
    return Outcome("inpainting", name, seed, 3.0, {"network": {"psnr_holes": psnr, "ssim": 0.9}})


SOME = [inpainted("start", 0, 20), inpainted("start", 1, 24)]
SOME += [inpainted("plain", 0, 19), inpainted("plain", 1, 22)]


def test_a_row_holds_mean_and_spread():
    row = next(line for line in report.table("inpainting", SOME).splitlines() if "start" in line)
    assert "22.00 ± 2.83" in row and "| 2 |" in row


def test_differences_are_taken_within_a_seed():
    row = report.differences("inpainting", SOME).splitlines()[-1]
    assert row.startswith("| plain | -1.50 ± 0.71 |")


def test_a_single_seed_has_no_spread():
    assert "±" not in report.table("inpainting", SOME[:1])


def test_a_figure_nobody_measured_has_no_column():
    outcome = Outcome("segmentation", "start", 0, 1.0, {"network": {"auc": 0.5}})
    text = report.table("segmentation", [outcome])
    assert "AUC" in text and "real" not in text and "Dice" not in text


def test_looks_are_compared_on_the_same_weights():
    figures = {"auc": 0.7, "best_dice": 0.3, "best_tolerant_f1": 0.5}
    more = {name: value + 0.01 for name, value in figures.items()}
    outcome = Outcome("segmentation", "start", 0, 1.0, {"network": figures, "looks": more})
    assert "+0.010 | +0.010 | +0.010" in report.looks([outcome])
