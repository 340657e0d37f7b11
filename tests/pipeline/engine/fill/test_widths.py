"""Local width, and which method fills what."""

import numpy as np
import pytest

from pipeline.engine.fill.widths import THIN, at_least
from pipeline.engine.inpainting import fill_defects
from tests.pipeline.engine.tiny import networks, picture


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return networks(tmp_path_factory.mktemp("weights"))["inpainting"]


@pytest.mark.parametrize("width", [1, 3, 4, 7, 12])
def test_a_bar_is_as_wide_as_it_is(width):
    hole = np.zeros((60, 60), bool)
    hole[20 : 20 + width, 5:55] = True
    assert at_least(hole, width)[20 : 20 + width, 15:45].all()
    assert not at_least(hole, width + 1).any()


def test_a_scratch_stays_thin_where_it_meets_a_hole():
    hole = np.zeros((80, 80), bool)
    hole[20:50, 20:50] = hole[34:36, 50:79] = True
    wide = at_least(hole, 5)
    assert wide[25:45, 25:45].all()
    assert not wide[:, 52:].any()


def test_a_thin_hole_needs_no_network_and_the_report_says_so(network):
    image, mask = picture(120, 120), np.zeros((120, 120), bool)
    mask[40 : 40 + THIN - 2, 10:110] = True
    filled = fill_defects(image, mask, network)
    assert filled.tiles == 0
    assert filled.report()["methods"] == {"biharmonic": 1.0, "mixed": 0.0}
    assert filled.report()["warnings"] == []


def test_a_wide_hole_is_mixed_from_both(network):
    image, mask = picture(120, 120), np.zeros((120, 120), bool)
    mask[40:56, 10:110] = mask[90:93, 10:110] = True
    methods = fill_defects(image, mask, network).report()["methods"]
    assert methods["mixed"] == pytest.approx(16 / 19, abs=0.02)
    assert methods["biharmonic"] + methods["mixed"] == pytest.approx(1, abs=1e-3)


def test_a_smooth_surface_goes_on_through_a_thin_hole(network):
    rows, columns = np.mgrid[:100, :100]
    image = (60 + rows + 0.5 * columns).astype(np.uint8)
    mask = np.zeros((100, 100), bool)
    mask[50:54, 10:90] = True
    damaged = np.where(mask, 255, image).astype(np.uint8)
    made = fill_defects(damaged, mask, network).image
    assert np.abs(made.astype(int) - image)[mask].max() <= 1
