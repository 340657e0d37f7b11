"""The simulation of the queue's order: its parts hold, and a pool that it must pay on pays."""

import numpy as np
import pytest

from training.measuring import active_learning
from training.measuring.active_learning import Plate, best_f1, learnt, photos_to, revealed


def plate(seed, kind):
    """Damage shows in one of two features; of kind 1 there are few."""
    rng = np.random.default_rng(seed)
    truth = (rng.random(300) < 0.3).astype(float)
    features = np.column_stack([np.ones(300), rng.normal(0, 1, (300, 2))])
    features[:, 1 + kind] += 4 * truth
    return Plate(features, features + rng.normal(0, 0.1, features.shape), truth, np.ones(300))


POOL = [plate(k, kind=int(k % 8 == 7)) for k in range(32)]
HELD = [plate(100 + k, kind=k % 2) for k in range(8)]


def test_the_learner_learns():
    theta = learnt(POOL)
    assert best_f1(HELD, theta) > 0.75 > best_f1(HELD, np.zeros(3))
    assert photos_to([0.1, 0.5, 0.7], 0.5) == 3 and photos_to([0.1], 0.5) == 3


def test_every_order_reveals_the_whole_pool_and_ends_alike():
    curves = [revealed(order, POOL[:8], HELD, 0) for order in active_learning.ORDERS]
    assert {len(curve) for curve in curves} == {7}
    assert np.allclose([curve[0] for curve in curves], curves[0][0])
    assert np.allclose([curve[-1] for curve in curves], curves[0][-1])


def test_disagreement_counts_what_either_marks():
    one, other = np.array([0.0, 0.01, 0.9]), np.array([0.0, 0.02, 0.1])
    assert active_learning.disagreement(one, other, np.ones(3)) == pytest.approx(0.8)
    assert active_learning.disagreement(one[:2], other[:2], np.ones(2)) == 0.0


def test_too_few_photos_and_no_folder_are_sentences(tmp_path, capsys):
    assert active_learning.main([str(tmp_path / "nowhere")]) == 2
    assert active_learning.main([str(tmp_path), "--repeats", "0"]) == 2
    assert "Traceback" not in capsys.readouterr().err
