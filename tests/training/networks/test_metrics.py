import math
from pathlib import Path

import numpy as np
import pytest

from training.networks import metrics

GOLDEN = np.load(Path(__file__).parent / "golden" / "metrics.npz")
CASES = sorted(key[:-7] for key in GOLDEN if key.endswith("_target"))
AT_HALF = {name: getattr(metrics, name) for name in ("dice", "iou", "precision", "recall")}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", AT_HALF)
def test_masks_meet_scikit_learn(case, name):
    ours = AT_HALF[name](GOLDEN[f"{case}_prob"] >= 0.5, GOLDEN[f"{case}_target"])
    assert ours == pytest.approx(float(GOLDEN[f"{case}_{name}"]))


@pytest.mark.parametrize("name", AT_HALF)
@pytest.mark.parametrize("values", [[0.2, 0.9], [0.0, float("nan")], [-1.0, 1.0]])
def test_probabilities_are_no_masks(name, values):
    truth = np.array([False, True])
    with pytest.raises(ValueError, match="cut probabilities"):
        AT_HALF[name](np.array(values), truth)
    with pytest.raises(ValueError, match="cut probabilities"):
        AT_HALF[name](truth, np.array(values, np.float32))
    with pytest.raises(ValueError, match="sizes differ"):
        AT_HALF[name](np.ones((2, 2), bool), truth)


@pytest.mark.parametrize("name", AT_HALF)
@pytest.mark.parametrize("kind", [bool, np.uint8, np.int64, np.float16, np.float64])
def test_masks_of_every_kind_are_alike(name, kind):
    marked = np.array([0, 1, 1, 0]).astype(kind)
    assert AT_HALF[name](marked, np.array([0, 1, 0, 0])) == pytest.approx(
        AT_HALF[name](marked != 0, np.array([False, True, False, False]))
    )
    if np.dtype(kind).kind in "ui":  # class bits are marks, whatever the bit
        assert AT_HALF[name](4 * marked, marked) == 1.0


@pytest.mark.parametrize("case", CASES)
def test_curves_meet_scikit_learn(case):
    scores, truth = GOLDEN[f"{case}_prob"], GOLDEN[f"{case}_target"]
    area, mean = float(GOLDEN[f"{case}_rocauc"]), float(GOLDEN[f"{case}_ap"])
    assert metrics.roc_auc(scores, truth) == pytest.approx(area, nan_ok=True)
    assert metrics.average_precision(scores, truth) == pytest.approx(mean, nan_ok=True)


@pytest.mark.parametrize("case", CASES)
def test_best_f1_meets_scikit_learn(case):
    f1, threshold = metrics.best_f1(GOLDEN[f"{case}_prob"], GOLDEN[f"{case}_target"])
    assert f1 == pytest.approx(float(GOLDEN[f"{case}_f1_at_best"]))
    if f"{case}_best_threshold" in GOLDEN:
        assert threshold == pytest.approx(float(GOLDEN[f"{case}_best_threshold"]))


@pytest.mark.parametrize("size", ["small", "odd", "big"])
def test_pictures_meet_scikit_image(size):
    a, b = GOLDEN[f"img_{size}_a"], GOLDEN[f"img_{size}_b"]
    assert metrics.psnr(a, b) == pytest.approx(float(GOLDEN[f"img_{size}_psnr"]))
    assert metrics.mse(a, b) == pytest.approx(float(GOLDEN[f"img_{size}_mse"]))
    assert metrics.ssim(a, b) == pytest.approx(float(GOLDEN[f"img_{size}_ssim_gauss"]), abs=1e-9)


def test_bins_come_close_to_the_exact_area(monkeypatch):
    rng = np.random.default_rng(4)
    truth = rng.random(20_000) < 0.05
    scores = rng.normal(0, 1, 20_000) + truth
    exact = metrics.roc_auc(scores, truth)
    monkeypatch.setattr(metrics, "EXACT_UP_TO", 1000)
    assert metrics.roc_auc(scores, truth) == pytest.approx(exact, abs=1e-4)


def test_psnr_inside_a_hole_counts_the_hole_only():
    a, b = np.zeros((8, 8, 3), np.uint8), np.zeros((8, 8, 3), np.uint8)
    b[2:4, 2:4] = 51
    hole = b[..., 0] > 0
    assert metrics.psnr(a, b, hole) == pytest.approx(10 * math.log10(25))
    assert metrics.psnr(a, b, ~hole) == math.inf
    assert math.isnan(metrics.psnr(a, b, np.zeros((8, 8))))


def test_sizes_must_agree():
    with pytest.raises(ValueError, match="sizes differ"):
        metrics.mse(np.zeros((3, 4)), np.zeros((4, 3)))
