"""A scanner's rim and bed are no damage; what a print has lost at its edge is."""

import numpy as np
import pytest

from pipeline.engine.guarding import inside
from pipeline.engine.guards.deciding import guard
from pipeline.engine.guards.objects.frame import without_frame
from tests.pipeline.engine.guards.drawn import blank, marks


@pytest.mark.parametrize("turn", range(4))
def test_a_black_rim_that_is_marked_in_dashes_is_left_whole_and_not_asked_about(turn):
    picture = blank()
    picture[0], picture[1] = 40, 80
    dashes = np.zeros(picture.shape, bool)
    dashes[:3, 10:60] = dashes[:2, 100:210] = True
    picture, dashes = np.rot90(picture, turn), np.rot90(dashes, turn)
    picture = np.ascontiguousarray(picture)
    found = guard(picture, inside(picture, marks(dashes)))
    assert not found.bits.any() and not found.proposals


def test_a_wide_white_bed_is_left_and_a_crack_that_runs_into_it_is_filled():
    picture = blank()
    picture[:12] = 242
    crack = np.zeros(picture.shape, bool)
    crack[6:60, 150:153] = True
    picture[crack] = 200
    bed = np.zeros(picture.shape, bool)
    bed[:9, :120] = True
    left = without_frame(picture, marks(crack | bed)).bits > 0
    np.testing.assert_array_equal(left, crack)


def test_a_ragged_white_edge_is_part_of_the_print():
    picture = blank()
    torn = np.zeros(picture.shape, bool)
    for column, depth in enumerate(np.random.default_rng(1).integers(2, 14, 320)):
        torn[:depth, column] = True
    picture[torn] = 235
    given = marks(torn)
    assert without_frame(picture, given) is given


def test_a_light_sky_has_no_strip():
    picture = np.tile(np.linspace(230, 60, 240), (320, 1)).T.astype(np.uint8)
    line = np.zeros(picture.shape, bool)
    line[2:5, 40:200] = True
    given = marks(line)
    assert without_frame(picture, given) is given


@pytest.mark.parametrize("shape", [(1, 1), (3, 400), (30, 8), (400, 3)])
def test_small_pictures_have_no_strip(shape):
    given = marks(np.ones(shape, bool))
    assert without_frame(blank(*shape), given) is given
