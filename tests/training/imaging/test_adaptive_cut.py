"""A cut that gives way to what is surely damaged, and to nothing else."""

import math

import numpy as np
import pytest

from training.imaging.adaptive_cut import FIXED, KEY, MOST, SHARE, CutRule


def plane(share, margin=2.0, size=200):
    values = np.full(size * size, -4.0, np.float32)
    values[: round(share * values.size)] = margin
    return values.reshape(size, size)


def test_the_shift_is_the_logarithm_of_the_share_between_nothing_and_its_bound():
    rule = CutRule(1.5)
    assert rule.shift(plane(SHARE / 2)) == 0
    assert rule.shift(plane(2 * SHARE)) == pytest.approx(math.log(2), abs=1e-6)
    assert rule.shift(plane(0.2)) == 1.5
    shifts = [rule.shift(plane(share)) for share in np.linspace(0, 0.02, 50)]
    assert shifts == sorted(shifts)


def test_doubtful_marks_move_nothing_however_many():
    assert CutRule(2.0).shift(plane(0.5, margin=0.9)) == 0
    assert FIXED.shift(plane(0.5)) == 0
    assert CutRule(2.0).shift(np.zeros((0, 5), np.float32)) == 0


@pytest.mark.parametrize(
    ("value", "most"), [(1.25, 1.25), (-1, 0), (99, MOST), ("2", 0), (math.nan, 0), (None, 0)]
)
def test_a_card_allows_what_is_a_number(value, most):
    assert CutRule.of({KEY: value}).most == most
    assert CutRule.of({}).most == 0
