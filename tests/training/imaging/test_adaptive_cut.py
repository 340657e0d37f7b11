"""A cut that gives way to what lies about surely damaged, and to nothing else."""

import math

import numpy as np
import pytest

from training.imaging.adaptive_cut import FIXED, GRID, KEY, MOST, SOUND, WORN, CutRule, spread

SIDE = 20 * GRID


def scattered(share, margin=2.0):
    """A plane with a speck of 3 x 3 px in `share` of the cells, in no order."""
    values = np.full((SIDE, SIDE), -4.0, np.float32)
    places = np.random.default_rng(5).permutation(GRID * GRID)[: round(share * GRID * GRID)]
    for y, x in zip(*np.unravel_index(places, (GRID, GRID)), strict=True):
        values[20 * y + 8 : 20 * y + 11, 20 * x + 8 : 20 * x + 11] = margin
    return values


def one_area(share, margin=2.0):
    values = np.full((SIDE, SIDE), -4.0, np.float32)
    side = round(math.sqrt(share) * SIDE)
    values[:side, :side] = margin
    return values


def test_the_cut_gives_way_evenly_from_sound_to_worn():
    rule = CutRule(1.5)
    assert rule.shift(scattered(SOUND - 0.01)) == 0
    assert rule.shift(scattered(0.5)) == rule.shift(scattered(WORN + 0.01)) == 1.5
    middle = scattered((SOUND + WORN) / 2)
    assert rule.shift(middle) == pytest.approx(0.75, abs=0.05)
    shifts = [rule.shift(scattered(share)) for share in np.linspace(0, 0.5, 50)]
    assert shifts == sorted(shifts)


def test_one_large_mistake_moves_nothing_and_scattered_specks_of_less_area_do():
    coat, specks = one_area(0.1), scattered(0.4)
    assert np.mean(coat > 0) > 10 * np.mean(specks > 0) / 4
    assert CutRule(2.0).shift(coat) == 0 < CutRule(2.0).shift(specks)


def test_doubtful_marks_move_nothing_however_many():
    assert CutRule(2.0).shift(scattered(0.9, margin=0.9)) == 0
    assert FIXED.shift(scattered(0.9)) == 0
    assert CutRule(2.0).shift(np.zeros((0, 5), np.float32)) == 0


def test_a_picture_smaller_than_the_grid_has_a_spread_too():
    assert spread(np.ones((5, 7), bool)) == 35 / GRID**2 and spread(np.zeros((5, 7), bool)) == 0


@pytest.mark.parametrize(
    ("value", "most"), [(1.25, 1.25), (-1, 0), (99, MOST), ("2", 0), (math.nan, 0), (None, 0)]
)
def test_a_card_allows_what_is_a_number(value, most):
    assert CutRule.of({KEY: value}).most == most
    assert CutRule.of({}).most == 0
