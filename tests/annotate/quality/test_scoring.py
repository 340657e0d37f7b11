"""What was found, missed and painted too much."""

import numpy as np

from annotate.quality.scoring import component_at, grade
from photos.masks.classes import FRACTURE, HOLE, IGNORE, SCUFF


def truth():
    mask = np.zeros((200, 300), np.uint8)
    mask[20:23, 10:200] = FRACTURE
    mask[100:110, 50:60] = SCUFF
    mask[150:190, 200:240] = HOLE
    return mask


def test_the_truth_itself_is_perfect():
    result = grade(truth(), truth())
    assert (result.found, result.present, result.missed, result.extra) == (3, 3, [], [])
    assert result.figures.dice == 1.0


def test_what_is_missing_is_named_with_box_and_class_largest_first():
    result = grade(np.where(truth() == FRACTURE, truth(), 0).astype(np.uint8), truth())
    assert (result.found, result.present) == (1, 3)
    assert [(part.defect, part.box) for part in result.missed] == [
        ("hole", (200, 150, 240, 190)),
        ("scuff", (50, 100, 60, 110)),
    ]


def test_what_is_too_much_is_named():
    painted = truth()
    painted[5:8, 280:290] = SCUFF
    (extra,) = grade(painted, truth()).extra
    assert (extra.pixels, extra.box, extra.defect) == (30, (280, 5, 290, 8), "scuff")


def test_two_pixels_aside_is_met_and_ignored_pixels_count_nowhere():
    moved = np.roll(truth(), 2, axis=0)
    assert grade(moved, truth()).found == 3
    unsure = truth()
    unsure[150:190, 200:240] |= IGNORE
    assert grade(np.zeros_like(unsure), unsure).present == 2


def test_a_point_finds_the_component_beside_it_or_none():
    assert component_at(truth(), 205, 147) == (200, 150, 240, 190)
    assert component_at(truth(), 100, 70) is None
    assert component_at(truth(), 0, 0) is None
    assert component_at(truth(), -95, -150) is None, "not counted from the other end"
