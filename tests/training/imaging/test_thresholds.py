import numpy as np
import pytest

from training.imaging.thresholds import (
    best_threshold,
    by_class,
    calibrate,
    decide,
    fit_offset,
    probabilities,
)


def weighted_network(rng, weight, size=200_000):
    """True probabilities and the logits that a loss weighted by `weight` would teach."""
    logit = rng.normal(-4, 2, size)
    truth = rng.random(size) < 1 / (1 + np.exp(-logit))
    return logit + np.log(weight), truth


def test_the_offset_is_the_logarithm_of_the_weight():
    logits, truth = weighted_network(np.random.default_rng(0), 50)
    assert fit_offset(logits, truth) == pytest.approx(np.log(50), abs=0.05)


def test_calibrated_probabilities_mean_the_share_of_damage():
    logits, truth = weighted_network(np.random.default_rng(1), 20)
    values = probabilities(logits, calibrate(logits, truth).offset)
    assert values.mean() == pytest.approx(truth.mean(), rel=0.01)


def test_the_best_cut_of_calibrated_values_is_half_its_dice():
    logits, truth = weighted_network(np.random.default_rng(2), 30)
    found = calibrate(logits, truth)
    assert found.threshold == pytest.approx(found.dice / 2, abs=0.05)


def test_deciding_at_the_threshold_gives_the_dice_it_promised():
    logits, truth = weighted_network(np.random.default_rng(3), 30, 5000)
    found = calibrate(logits, truth)
    marked = decide(probabilities(logits, found.offset), found.threshold)
    hits = (marked & truth).sum()
    assert 2 * hits / (marked.sum() + truth.sum()) == pytest.approx(found.dice, abs=0.002)


def test_one_class_only_keeps_the_start():
    logits = np.zeros(10)
    assert fit_offset(logits, np.zeros(10), start=3.9) == 3.9
    assert fit_offset(logits, np.ones(10), start=3.9) == 3.9


def test_without_a_positive_nothing_is_damaged():
    threshold, dice = best_threshold(np.linspace(0, 1, 11), np.zeros(11))
    assert dice == 1
    assert not decide(np.linspace(0, 1, 11), threshold).any()


@pytest.mark.parametrize(
    ("card", "figures"),
    [
        ({}, [0.5, 0.5, 0.5]),
        ({"cut": None}, [0.5, 0.5, 0.5]),
        ({"cut": 0.2}, [0.2, 0.2, 0.2]),
        ({"cut": [0.1, 0.2, 0.3]}, [0.1, 0.2, 0.3]),
        ({"cut": {"hole": 0.9, "fracture": 0.1}}, [0.1, 0.5, 0.9]),
    ],
)
def test_a_card_may_say_a_figure_in_three_ways(card, figures):
    assert by_class(card, "cut", 0.5) == figures
