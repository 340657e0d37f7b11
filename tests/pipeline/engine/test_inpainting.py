"""Filling: untouched outside the mask, every size, and the hole-size guard."""

import dataclasses

import numpy as np
import pytest

from config.words.wall import in_words
from pipeline.engine.fill import tiles
from pipeline.engine.inpainting import fill_defects
from pipeline.engine.networks import open_rival
from tests.pipeline.engine.tiny import networks, picture


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return networks(tmp_path_factory.mktemp("weights"))["inpainting"]


def scratches(shape, seed=1):
    rng = np.random.default_rng(seed)
    mask = np.zeros(shape, bool)
    for _ in range(12):
        y, x = rng.integers(0, shape[0]), rng.integers(0, shape[1])
        mask[y : y + rng.integers(1, 9), x : x + rng.integers(1, 30)] = True
    return mask


@pytest.mark.parametrize("size", [(5, 3), (67, 41), (120, 90), (513, 129)])
@pytest.mark.parametrize(("channels", "dtype"), [(1, np.uint16), (3, np.uint8), (3, np.uint16)])
def test_outside_the_mask_nothing_changes(network, size, channels, dtype):
    image = picture(*size, channels=channels, dtype=dtype)
    mask = scratches(size)
    mask[0, 0] = False
    filled = fill_defects(image, mask, network).image
    assert (filled.shape, filled.dtype) == (image.shape, image.dtype)
    np.testing.assert_array_equal(filled[~mask], image[~mask])


def test_what_lies_under_the_middle_of_a_hole_does_not_matter(network):
    image = picture(120, 90)
    mask = np.zeros((120, 90), bool)
    mask[40:60, 30:50] = True
    other = image.copy()
    other[43:57, 33:47] = 255
    a, b = (fill_defects(each, mask, network).image for each in (image, other))
    np.testing.assert_array_equal(a[43:57, 33:47], b[43:57, 33:47])


def test_a_hole_is_filled_from_around_it():
    image = np.full((80, 80), 100, np.uint8)
    image[30:40, 30:40] = 255
    mask = np.zeros((80, 80), bool)
    mask[28:42, 28:42] = True
    telea = open_rival("inpainting", "telea")
    assert (
        np.abs(fill_defects(image, mask, telea).image.astype(int) - 100).max() <= 3
    )  # Telea rounds


def test_tiles_equal_one_tile(network, monkeypatch):
    image, mask = picture(200, 200), np.zeros((200, 200), bool)
    mask[20:29, 10:190] = mask[150:159, 20:60] = True
    monkeypatch.setattr(tiles, "TILES", (512,))
    whole = fill_defects(image, mask, network)
    monkeypatch.setattr(tiles, "TILES", (128,))
    tiled = fill_defects(image, mask, network)
    assert tiled.tiles > whole.tiles
    assert np.abs(tiled.image.astype(int) - whole.image.astype(int)).max() <= 24


def test_no_damage_means_no_change(network):
    image = picture(40, 40)
    filled = fill_defects(image, np.zeros((40, 40), bool), network)
    np.testing.assert_array_equal(filled.image, image)
    assert (filled.largest, filled.warnings()) == (0.0, [])


def test_a_hole_larger_than_trained_is_filled_coarsely_and_flagged():
    image, mask = np.full((300, 300, 3), 90, np.uint8), np.zeros((300, 300), bool)
    image[100:200, 100:200] = 255
    mask[100:200, 100:200] = True
    filled = fill_defects(image, mask, telea_trained_to(40))
    assert filled.coarse == [pytest.approx(100, abs=2)]
    assert "may look soft" in in_words(filled.warnings()[0])
    assert np.abs(filled.image[105:195, 105:195].astype(int) - 90).max() <= 6  # Telea rounds twice
    np.testing.assert_array_equal(filled.image[~mask], image[~mask])


def test_a_hole_far_larger_than_trained_stays_and_is_named(network):
    image, mask = picture(300, 300), np.zeros((300, 300), bool)
    mask[60:240, 60:240] = True
    mask[10:14, 10:60] = True
    filled = fill_defects(image, mask, with_limit(network, 20))
    assert len(filled.unfilled) == 1
    assert in_words(filled.warnings()[0]).startswith("A hole of 180 px was left unfilled")
    np.testing.assert_array_equal(filled.image[60:240, 60:240], image[60:240, 60:240])
    assert (filled.image[10:14, 10:60] != image[10:14, 10:60]).any()


def test_a_picture_that_is_all_hole_is_left_alone(network):
    image = picture(30, 30)
    filled = fill_defects(image, np.ones((30, 30), bool), network)
    np.testing.assert_array_equal(filled.image, image)
    assert filled.report()["largest_hole"] is None
    assert "covers the whole picture" in in_words(filled.warnings()[0])


def with_limit(network, limit):
    return dataclasses.replace(network, card={**network.card, "hole_size_max": limit})


def telea_trained_to(limit):
    """A filler whose answer on flat ground is known, with the guard of a network."""
    return open_rival("inpainting", "telea", {"hole_size_max": limit})
