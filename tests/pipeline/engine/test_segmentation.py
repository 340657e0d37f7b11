"""Finding defects: tiles, looks, cuts and the strength slider."""

from dataclasses import replace

import numpy as np
import pytest

from config.words.wall import in_words
from pipeline.engine import segmentation
from pipeline.engine.pipeline import Options, find_guarded
from pipeline.engine.segmentation import classify, grown, shares, suggestion, thresholds, warnings
from tests.pipeline.engine.tiny import networks, picture, pointwise


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return networks(tmp_path_factory.mktemp("weights"))["segmentation"]


def find_defects(*arguments, **choices):
    return np.concatenate(list(segmentation.find_defects(*arguments, **choices)))


@pytest.mark.parametrize("size", [(1, 1), (1, 70), (33, 17), (120, 90), (131, 257)])
def test_every_size_comes_back(network, size):
    found = find_defects(picture(*size), network)
    assert found.shape == (*size, 3)
    assert found.min() >= 0
    assert found.max() <= 1


def test_tiles_of_a_pointwise_network_equal_the_whole():
    image = picture(200, 150)
    whole = find_defects(image, pointwise(), tile=1024)
    tiled = find_defects(image, pointwise(), tile=64, overlap=16)
    np.testing.assert_allclose(tiled, whole, atol=1e-6)


def test_a_seam_is_no_larger_than_the_border_effect(network):
    image = picture(256, 192)
    whole = find_defects(image, network)
    tiled = find_defects(image, network, tile=128, overlap=32)
    border = np.abs(find_defects(image[64:], network) - whole[64:]).max()
    assert np.abs(tiled - whole).max() <= 1.5 * border


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_several_looks_agree_on_an_even_picture(depth):
    image = np.full((61, 47), 200, depth) * depth(257 if depth is np.uint16 else 1)
    plain = find_defects(image, pointwise())
    np.testing.assert_allclose(find_defects(image, pointwise(), looks=True), plain, atol=1e-5)


def test_several_looks_are_a_mean(network):
    image = picture(61, 47)
    one, four = find_defects(image, network), find_defects(image, network, looks=True)
    assert 0 < np.abs(four - one).max() < 0.5


def test_sixteen_bits_find_what_eight_bits_find(network):
    grey = picture(64, 64, channels=1)
    deep = grey.astype(np.uint16) * 257
    np.testing.assert_allclose(find_defects(deep, network), find_defects(grey, network), atol=1e-5)


def test_progress_may_cancel_between_tiles(network):
    def stop(share, sentence):
        if share > 0:
            raise KeyboardInterrupt(in_words(sentence))

    with pytest.raises(KeyboardInterrupt, match="tile 2 of"):
        find_defects(picture(300, 100), network, tile=128, overlap=32, progress=stop)


def test_strength_moves_every_cut_and_half_is_the_card():
    card = {"threshold": {"fracture": 0.2, "scuff": 0.5, "hole": 0.97}}
    assert thresholds(card, 0.5) == pytest.approx([0.2, 0.5, 0.97])
    assert all(a < b for a, b in zip(thresholds(card, 0.7), thresholds(card, 0.3), strict=True))


def test_several_looks_have_cuts_of_their_own_where_the_card_knows_them():
    card = {"threshold": 0.6, "looks_threshold": {"fracture": 0.2, "scuff": 0.7, "hole": 0.9}}
    assert thresholds(card) == pytest.approx([0.6, 0.6, 0.95])
    assert thresholds(card, looks=True) == pytest.approx([0.2, 0.7, 0.9])
    assert thresholds({"threshold": [0.6, 0.6, 0.9]}, looks=True) == pytest.approx([0.6, 0.6, 0.9])


def test_specks_must_be_likelier_damaged_than_not_and_holes_far_likelier():
    card = {"threshold": {"fracture": 0.1, "scuff": 0.05, "hole": 0.05}}
    assert thresholds(card) == pytest.approx([0.1, 0.5, 0.95])


def test_a_line_along_the_scans_edge_is_no_damage():
    image = np.full((40, 30), 128, np.uint8)
    image[:, -2:] = image[20, 5:25] = 255
    card = {"threshold": {"fracture": 0.9, "scuff": 0.9, "hole": 0.99}}
    found = find_guarded(image, replace(pointwise(), card=card), Options())
    bits, facts = found.answered({})
    rows, columns = np.nonzero(bits)
    assert set(rows) == {20} and columns.max() == 24
    assert facts["covered"] == pytest.approx(20 / 1200)


def test_a_flooded_mask_says_so():
    assert warnings(0.05) == []
    assert "41 % of the picture" in in_words(warnings(0.41)[0])


def test_classes_keep_their_bits():
    found = np.zeros((1, 4, 3), np.float32)
    found[0, 1, 0] = found[0, 2, 1] = 0.9
    found[0, 3] = 0.9
    bits = classify(found, [0.5, 0.5, 0.5])
    assert bits.tolist() == [[0, 1, 2, 7]]
    assert shares(bits) == {
        "covered": 0.75,
        "shares": {"fracture": 0.5, "scuff": 0.5, "hole": 0.25},
    }


def test_the_mask_grows_by_the_feather():
    bits = np.zeros((11, 11), np.uint8)
    bits[5, 5] = 1
    assert grown(bits)[5].tolist() == [False] * 3 + [True] * 5 + [False] * 3


def test_bands_join_to_the_whole_and_are_small(network):
    bands = list(segmentation.find_defects(picture(300, 40), network, tile=64, overlap=40))
    assert sum(len(band) for band in bands) == 300
    assert max(len(band) for band in bands) <= 2 * 64


def test_a_suggestion_shows_each_class_at_its_own_cut():
    found = np.array([[[0.2, 0, 0], [0, 0.8, 0], [0.04, 0.1, 0.1]]], np.float32)
    plane = suggestion(found, [0.2, 0.8, 0.5]).astype(int)
    assert plane[0, 0] == plane[0, 1] == pytest.approx(127, abs=1)
    assert plane[0, 2] < 80
