"""The table of the guards' price counts what it says."""

import numpy as np
import pytest

from pipeline.engine.guards.certainty import Marks
from pipeline.engine.guards.deciding import Guarded
from tests.harm.guarded import Picture, Table


def square(top, left, side):
    plane = np.zeros((100, 100), bool)
    plane[top : top + side, left : left + side] = True
    return plane


def table(kind, marked, filled, *damage):
    made, margin = Table(), np.where(marked, 10, -10).astype(np.int8)
    bits = marked.astype(np.uint8)
    found = Guarded(filled.astype(np.uint8), [], np.zeros_like(bits))
    made.add(
        Picture("a", kind, np.zeros((100, 100), np.uint8), damage), Marks(bits, margin, bits), found
    )
    return made.rows[kind]


def test_a_large_mark_on_a_sound_picture_counts_before_and_after():
    row = table("photos", square(10, 10, 15), square(10, 10, 14))
    assert (row["large before"], row["large"]) == (1, 0)


def test_of_painted_damage_the_pixels_that_the_finder_marks_count():
    row = table("painted prints", square(10, 10, 20), square(10, 10, 10), square(10, 10, 15))
    assert (row["marked px"], row["filled px"]) == (225, 100)


def test_a_line_is_reached_from_a_pixel_beside_it():
    core = np.zeros((100, 100), bool)
    core[50, :] = True
    row = table("lines", np.roll(core, 1, 0), np.roll(core, 2, 0), core)
    assert (row["marked"], row["filled"]) == pytest.approx((1.0, 0.0))


def test_a_listed_defect_is_removed_partly_or_missed():
    defects = square(10, 10, 20), square(60, 60, 20)
    row = table("listed, small", defects[0] | defects[1], square(10, 10, 17), *defects)
    assert (row["defects"], row["removed before"], row["missed before"]) == (2, 2, 0)
    assert (row["removed"], row["missed"]) == (1, 1)
