import numpy as np
import pytest

from photos.decoding.ridges import cost_map, ridge_strength


def ground(seed=0):
    return np.random.default_rng(seed).normal(120, 2, (120, 160))


@pytest.mark.parametrize("change", [-50, 50])
def test_a_line_is_cheap_whether_light_or_dark(change):
    photo = ground()
    photo[58:61] += change
    cost = cost_map(photo)
    assert cost.dtype == np.uint8 and cost.min() >= 1 and cost.max() <= 64
    assert cost[59, 5:-5].max() <= 3
    assert np.median(cost) > 15


def test_a_ridge_beats_a_straight_edge():
    photo = ground()
    photo[:, 80:] += 60
    photo[58:61, :60] += 60
    strength = ridge_strength(photo)
    assert strength[59, 20:40].min() > 1.5 * strength[20:40, 78:82].max()


def test_the_border_is_no_ridge():
    strength = ridge_strength(ground())
    edges = (strength[0], strength[-1], strength[:, 0], strength[:, -1])
    assert all((edge == 0).all() for edge in edges)


def test_a_flat_photo_is_dear_everywhere():
    assert (cost_map(np.full((40, 40), 99)) == 64).all()


@pytest.mark.parametrize("shape", [(1, 1), (2, 9), (3, 3)])
def test_tiny_photos_have_maps(shape):
    assert cost_map(np.zeros(shape)).shape == shape
