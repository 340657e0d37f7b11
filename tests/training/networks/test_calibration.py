"""Calibration from pooled histograms against exact answers."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from training.networks.calibration import LogitHistogram


def drawn(seed=0, count=20_000):
    rng = np.random.default_rng(seed)
    truth = rng.random(count) < 0.03
    return rng.normal(np.where(truth, 1.5, -1.0), 1.2), truth


def filled(logits, truth, **more):
    histogram = LogitHistogram()
    histogram.add(logits, truth, **more)
    return histogram


def test_scores_equal_the_exact_ones():
    logits, truth = drawn()
    histogram = filled(logits, truth)
    assert histogram.roc_auc() == pytest.approx(roc_auc_score(truth, logits), abs=1e-3)
    wanted = average_precision_score(truth, logits)
    assert histogram.average_precision() == pytest.approx(wanted, abs=2e-3)


def test_best_dice_is_reached_at_its_logit():
    logits, truth = drawn()
    dice, logit = filled(logits, truth).best_dice()
    marked = logits > logit
    reached = 2 * (marked & truth).sum() / (marked.sum() + truth.sum())
    assert reached == pytest.approx(dice, abs=1e-3)
    assert dice == filled(logits, truth).dice_at(logit)


def test_the_offset_undoes_a_positive_weight():
    rng = np.random.default_rng(1)
    honest = rng.normal(-3, 2, 50_000)
    truth = rng.random(50_000) < 1 / (1 + np.exp(-honest))
    assert filled(honest + np.log(25), truth).offset() == pytest.approx(np.log(25), abs=0.08)


def test_one_class_alone_is_undefined():
    histogram = filled(np.zeros(10), np.zeros(10, bool))
    assert histogram.roc_auc() is None and histogram.average_precision() is None
    assert histogram.best_dice() == (None, 0.0) and histogram.offset() == 0.0


def test_ignored_pixels_count_nowhere():
    logits, truth = drawn()
    kept = np.arange(len(truth)) % 2 == 0
    part = filled(logits, truth, counted=kept)
    assert part.roc_auc() == filled(logits[kept], truth[kept]).roc_auc()


def test_histograms_add():
    logits, truth = drawn()
    halves = filled(logits[:9000], truth[:9000]) + filled(logits[9000:], truth[9000:])
    assert halves.best_dice() == filled(logits, truth).best_dice()


def test_the_threshold_is_a_probability():
    assert 0.01 <= filled(*drawn()).threshold() <= 0.99
