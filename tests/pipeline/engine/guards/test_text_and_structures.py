"""Writing, fences, rims and buttons are asked about; a scratch through them is damage."""

import cv2
import numpy as np
import pytest

from config.words.wall import in_words
from pipeline.engine.guards.deciding import guard
from tests.pipeline.engine.guards.drawn import blank, marks


def reasons(found):
    return {each.reason for each in found.proposals}


def written(level=230):
    picture = blank(200, 420)
    ink = np.zeros(picture.shape, np.uint8)
    cv2.putText(ink, "No. 4711 Ida 1912", (30, 110), cv2.FONT_HERSHEY_TRIPLEX, 1.1, 255, 2)
    picture[ink > 128] = level
    return picture, ink > 128


@pytest.mark.parametrize("level", [20, 235])
def test_a_number_is_left_and_named(level):
    picture, ink = written(level)
    found = guard(picture, marks(ink))
    assert not found.bits.any()
    assert reasons(found) == {"text"}
    assert in_words(found.proposals[0].sentence).startswith("Writing or a number")


def test_a_long_line_through_writing_is_damage_still():
    picture, _ = written()
    line = np.zeros(picture.shape, bool)
    line[100:103] = True
    picture[line] = 250
    np.testing.assert_array_equal(guard(picture, marks(line)).bits > 0, line)


def test_half_a_number_is_not_erased():
    picture, ink = written()
    ink[:, :200] = False
    assert not guard(picture, marks(ink)).bits.any()


def fence(spacing=24):
    plane = np.zeros((240, 320), bool)
    for column in range(12, 310, spacing):
        plane[40:200, column : column + 3] = True
    return plane


def test_pickets_at_even_distances_are_no_scratches():
    wires = fence()
    picture = blank()
    picture[wires] = 220
    found = guard(picture, marks(wires))
    assert not found.bits.any()
    assert reasons(found) == {"lines"}


def test_one_marked_wire_of_an_unmarked_fence_is_part_of_it():
    wires = fence()
    picture = blank()
    picture[wires] = 220
    one = wires & (np.arange(320) // 24 == 5)
    assert not guard(picture, marks(one, 0.5)).bits.any()


def test_scratches_at_odd_distances_are_filled():
    scratches = np.zeros((240, 320), bool)
    for column in (20, 37, 99, 151, 240):
        scratches[:, column : column + 2] = True
    picture = blank()
    picture[scratches] = 220
    np.testing.assert_array_equal(guard(picture, marks(scratches)).bits > 0, scratches)


def test_a_thin_closed_rim_is_no_scratch():
    ring = np.zeros((240, 320), np.uint8)
    cv2.ellipse(ring, (160, 120), (46, 40), 0, 0, 360, 1, 2)
    picture = blank()
    picture[ring > 0] = 230
    half = (ring > 0) & (np.arange(320) > 150)
    assert reasons(guard(picture, marks(half))) == {"rim"}


def test_buttons_in_a_row_are_asked_and_dust_is_filled():
    buttons, dust = np.zeros((2, 240, 320), np.uint8)
    for row in range(40, 220, 34):
        cv2.circle(buttons, (160, row), 6, 1, -1)
    for x, y in ((30, 40), (44, 170), (250, 60), (281, 201), (90, 99)):
        cv2.circle(dust, (x, y), 6, 1, -1)
    picture = blank()
    picture[(buttons | dust) > 0] = 230
    found = guard(picture, marks((buttons | dust) > 0))
    np.testing.assert_array_equal(found.bits > 0, dust > 0)
    assert reasons(found) == {"spots"}
