"""Weights of rare colours (Zhang, Isola, Efros 2016)."""

import numpy as np
import pytest

from training.imaging.rare_colours import CELL, rarity


def pixels(red, grey):
    """Of two colours, and one pixel of each of 200 others."""
    others = [[40 + 8 * (k % 20), 60 + 8 * (k // 20)] for k in range(200)]
    return np.array([[100, 200]] * red + [[128, 128]] * grey + others, np.uint8)


def test_the_mean_weight_is_one_and_rare_colours_weigh_more():
    seen = pixels(10, 9900)
    table = rarity([seen])
    cells = seen // CELL
    assert table[cells[:, 0], cells[:, 1]].mean() == pytest.approx(1, abs=1e-5)
    assert table[100 // CELL, 200 // CELL] > 5 * table[128 // CELL, 128 // CELL] > 0


def test_equal_colours_weigh_alike():
    table = rarity([pixels(500, 0), pixels(0, 500)])
    assert table[100 // CELL, 200 // CELL] == pytest.approx(
        table[16, 16], rel=0.05
    )  # neighbours differ


def test_nothing_to_count_is_said():
    with pytest.raises(ValueError, match="no pixels"):
        rarity([])
