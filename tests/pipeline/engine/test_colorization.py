"""Colour: luma stays, sizes stay, sixteen bits stay."""

import numpy as np
import pytest

from pipeline.engine.colorization import colourise
from pipeline.engine.networks import open_rival
from pipeline.engine.pixels import luma
from tests.pipeline.engine.tiny import networks, picture


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return networks(tmp_path_factory.mktemp("weights"))["colorization"]


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (77, 51), (1031, 63)])
@pytest.mark.parametrize(("channels", "dtype"), [(1, np.uint8), (1, np.uint16), (3, np.uint8)])
def test_luma_moves_less_than_a_step(network, size, channels, dtype):
    image = picture(*size, channels=channels, dtype=dtype)
    coloured = colourise(image, network)
    assert (coloured.shape, coloured.dtype) == ((*size, 3), image.dtype)
    step = 1 / np.iinfo(dtype).max
    assert np.abs(luma(coloured) - luma(image)).max() < 1.1 * step


def test_grey_adds_nothing():
    grey = picture(50, 60, channels=1)
    coloured = colourise(grey, open_rival("colorization", "grey"))
    np.testing.assert_array_equal(coloured, np.repeat(grey[..., None], 3, axis=2))


def test_strips_join_without_a_seam(network, monkeypatch):
    image = picture(700, 40)
    whole = colourise(image, network, side=128)
    monkeypatch.setattr("pipeline.engine.colorization.STRIP", 100)
    strips = colourise(image, network, side=128)
    assert np.abs(strips.astype(int) - whole.astype(int)).max() <= 1


def test_four_views_make_left_and_right_alike(network):
    image = picture(60, 60, channels=1)
    straight = colourise(image, network, careful=True)
    flipped = colourise(np.ascontiguousarray(image[:, ::-1]), network, careful=True)
    # the enlargement of an even size is symmetric up to rounding
    assert np.abs(flipped[:, ::-1].astype(int) - straight.astype(int)).max() <= 1
