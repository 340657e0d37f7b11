import numpy as np
import pytest

from training.imaging.border import RIM, inner, without_edge_marks


def blank():
    return np.zeros((60, 80), np.uint8)


@pytest.mark.parametrize("turn", range(4))
def test_a_line_along_the_edge_goes(turn):
    bits = blank()
    bits[1:3] = 1
    assert not without_edge_marks(np.rot90(bits, turn)).any()


def test_a_frame_around_the_picture_goes():
    bits = blank()
    bits[:2], bits[-2:], bits[:, :3], bits[:, -3:] = 1, 1, 2, 4
    assert not without_edge_marks(bits).any()


@pytest.mark.parametrize("turn", range(4))
def test_a_tear_that_begins_at_the_edge_stays_whole(turn):
    bits = blank()
    bits[:20, 30:32] = 1
    bits[0, 10:50] = 1
    turned = np.rot90(bits, turn)
    assert np.array_equal(without_edge_marks(turned), turned)


def test_nothing_inside_changes_and_the_argument_neither():
    bits = np.random.default_rng(0).integers(0, 8, (60, 80), np.uint8)
    before = bits.copy()
    after = without_edge_marks(bits)
    assert np.array_equal(bits, before)
    assert np.array_equal(after[RIM:-RIM, RIM:-RIM], bits[RIM:-RIM, RIM:-RIM])


@pytest.mark.parametrize("shape", [(1, 1), (3, 50), (50, 3), (8, 8)])
def test_tiny_pictures_are_left_alone(shape):
    bits = np.ones(shape, np.uint8)
    assert without_edge_marks(bits).shape == shape


def test_the_rim_does_not_count():
    plane = inner(np.ones((20, 30), bool))
    assert plane.sum() == (20 - 2 * RIM) * (30 - 2 * RIM)
