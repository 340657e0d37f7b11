"""One more post of a fence and a seam's next length belong to it; a lone scratch does not."""

import numpy as np

from pipeline.engine.guards.components import components
from pipeline.engine.guards.objects.twins import twins
from tests.pipeline.engine.guards.drawn import blank


def drawn(*boxes, level=200):
    """(picture, the marks of boxes (top, bottom, left, right), in their order)."""
    picture, found = blank(), []
    for top, bottom, left, right in boxes:
        plane = np.zeros(picture.shape, bool)
        plane[top:bottom, left:right] = True
        picture[plane] = level
        found += components(plane, np.full(picture.shape, 20, np.int8))
    return picture, found


def test_a_third_post_like_two_that_are_taken_is_one_of_them():
    picture, posts = drawn((20, 200, 40, 46), (22, 205, 140, 146), (20, 200, 240, 246))
    assert twins(posts[2:], posts[:2], picture) == [True]
    assert twins(posts[2:], posts[:1], picture) == [False]


def test_a_line_s_next_length_is_a_piece_of_it_and_a_line_beside_it_is_not():
    picture, (seam, piece, aside) = drawn(
        (10, 110, 100, 103), (125, 190, 101, 104), (125, 190, 130, 133)
    )
    assert twins([piece, aside], [seam], picture) == [True, False]


def test_a_light_scratch_on_the_way_of_a_dark_line_is_none_of_it():
    picture, (line, scratch) = drawn((10, 110, 100, 103), (125, 190, 100, 103))
    picture[10:110, 100:103] = 40
    assert twins([scratch], [line], picture) == [False]


def test_without_lines_there_are_no_twins():
    picture, (spot,) = drawn((50, 60, 50, 60))
    assert twins([spot], [], picture) == [False]
