import math

import numpy as np
import pytest

from training.imaging.holes import hole_size, hole_sizes


def band(rows, height=120, width=90):
    mask = np.zeros((height, width), np.uint8)
    mask[rows] = 1
    return mask


def test_no_hole_has_size_zero():
    assert hole_size(np.zeros((8, 8))) == 0
    assert hole_sizes(np.zeros((8, 8))) == []


@pytest.mark.parametrize(("width", "size"), [(1, 2), (2, 2), (3, 4), (4, 4), (9, 10), (10, 10)])
def test_a_line_has_its_even_width(width, size):
    assert hole_size(band(slice(40, 40 + width))) == size


def test_the_border_is_not_valid_ground():
    assert hole_size(band(slice(0, 20))) == 40


def test_nothing_valid_is_infinite():
    assert hole_size(np.ones((5, 7))) == math.inf


def test_every_component_is_measured():
    mask = band(slice(10, 14)) | band(slice(60, 80))
    assert sorted(hole_sizes(mask)) == [4, 20]


def test_a_diagonal_touch_joins():
    assert len(hole_sizes(np.eye(9, dtype=np.uint8))) == 1
