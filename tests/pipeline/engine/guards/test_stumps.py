"""Where a line meets a face nothing ends in a stump: filled through, or left for a way."""

import numpy as np

from pipeline.engine.guards.faces import Face, inner_features
from pipeline.engine.guards.objects.stumps import settled
from tests.pipeline.engine.guards.drawn import blank

FACE = Face(100, 80, 80, 100, 0.9, ((122, 118), (158, 118), (140, 140), (125, 158), (155, 158)))


def line(row, left, right, thick=3):
    plane = np.zeros((240, 320), bool)
    plane[row : row + thick, left:right] = True
    return plane


def looked(picture, filled, asked, certainty=20, sure=False):
    margin = np.full(picture.shape, -50, np.int8)
    margin[filled | asked] = certainty
    plainly = np.full(picture.shape, sure)
    return settled(filled, asked, plainly, picture, margin, [FACE])


def test_a_light_line_filled_at_both_ends_is_filled_through():
    row = 90
    filled = line(row, 20, 108) | line(row, 174, 300)
    asked = line(row, 108, 174)
    picture = np.where(filled | asked, np.uint8(200), blank())
    more, left = looked(picture, filled, asked)
    np.testing.assert_array_equal(more, asked)
    assert not left.any()


def test_eyes_stay_asked_and_dark_lines_are_not_filled_through():
    filled, asked = line(117, 20, 104) | line(117, 176, 300), line(117, 104, 176)
    light = np.where(filled | asked, np.uint8(200), blank())
    inner = inner_features(FACE, (slice(0, 240), slice(0, 320)))
    more, _ = looked(light, filled, asked, sure=True)
    np.testing.assert_array_equal(more & inner, np.zeros_like(inner))
    dark = np.where(filled | asked, np.uint8(60), blank())
    assert not looked(dark, filled, asked)[0].any()


def test_a_line_that_ends_in_a_face_is_left_for_a_way_where_the_finder_is_least_sure():
    filled, asked = line(90, 20, 100), line(90, 100, 130)
    picture = np.where(filled | asked, np.uint8(132), blank())
    margin = np.full(picture.shape, -50, np.int8)
    margin[filled | asked] = 20
    margin[:, 88:91] = 2
    more, left = settled(filled, asked, np.zeros_like(filled), picture, margin, [FACE])
    assert not more.any()
    columns = np.flatnonzero(left.any(axis=0))
    assert 86 <= columns.min() <= 91 and columns.max() == 99
    assert not (left & ~filled).any()


def test_a_short_piece_before_a_face_is_left_whole_and_plain_damage_is_not():
    filled, asked = line(90, 88, 100), line(90, 100, 130)
    picture = np.where(filled | asked, np.uint8(126), blank())
    np.testing.assert_array_equal(looked(picture, filled, asked)[1], filled)
    assert not looked(picture, filled, asked, sure=True)[1].any()


def test_white_paper_goes_on_and_what_is_as_dark_as_its_ground_does_not():
    filled, asked = line(84, 20, 98, 12), line(84, 98, 112, 12)
    paper = np.where(filled | asked, np.uint8(235), blank())
    np.testing.assert_array_equal(looked(paper, filled, asked)[0], asked)
    assert not looked(blank(), filled, asked)[0].any()


def test_without_anything_asked_nothing_changes():
    filled, nothing = line(90, 20, 300), np.zeros((240, 320), bool)
    more, left = looked(blank(), filled, nothing)
    assert not more.any() and not left.any()
