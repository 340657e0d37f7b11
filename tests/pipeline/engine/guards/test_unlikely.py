"""Wide areas, busy ground and trees are asked about; holes and sure scratches are filled."""

import cv2
import numpy as np
import pytest

from pipeline.engine.guards.certainty import Marks
from pipeline.engine.guards.deciding import guard
from tests.pipeline.engine.guards.drawn import blank, marks


def reasons(found):
    return {each.reason for each in found.proposals}


def disc(radius=20):
    plane = np.zeros((240, 320), np.uint8)
    cv2.circle(plane, (160, 120), radius, 1, -1)
    return plane > 0


def cloth():
    """A patch of the picture that differs from its surroundings and has detail of its own."""
    picture, area = blank(), disc()
    detail = np.random.default_rng(1).normal(60, 25, picture.shape)
    picture[area] = np.clip(detail, 0, 255)[area]
    return picture, area


def test_a_wide_area_with_detail_is_asked_about_whole():
    picture, area = cloth()
    found = guard(picture, marks(area))
    assert not found.bits.any()
    assert reasons(found) == {"area"}
    np.testing.assert_array_equal(found.labels > 0, area)


@pytest.mark.parametrize("level", [3, 245])
def test_a_flat_sure_hole_is_filled(level):
    picture = blank()
    picture[disc()] = level
    assert (guard(picture, marks(disc())).bits > 0).sum() == disc().sum()


def test_a_flat_dark_area_is_a_hole_only_if_the_bed_is_seen_through_it():
    picture = blank()
    picture[disc()] = 70
    assert reasons(guard(picture, marks(disc()))) == {"area"}


def test_a_flat_area_of_which_the_finder_is_unsure_is_asked_about():
    picture = blank()
    picture[disc()] = 245
    assert reasons(guard(picture, marks(disc(), 1.0))) == {"area"}


def worn(picture):
    """The same, flaking all over, and where the flakes are."""
    rng = np.random.default_rng(2)
    flakes = np.zeros(picture.shape, np.uint8)
    for x, y in rng.integers((4, 4), (316, 236), (260, 2)):
        cv2.circle(flakes, (int(x), int(y)), 2, 1, -1)
    return np.where(flakes > 0, np.uint8(230), picture), flakes > 0


def test_among_damage_everywhere_rough_paper_is_filled_and_dark_cloth_asked_about():
    picture, area = cloth()
    light, flakes = worn(picture)
    light[area] = np.random.default_rng(4).normal(200, 20, area.sum())
    assert (guard(light, marks(area | flakes)).bits[area] > 0).mean() > 0.98
    dark, flakes = worn(picture)
    found = guard(dark, marks(area | flakes))
    near_flakes = cv2.dilate(flakes.astype(np.uint8), np.ones((9, 9))) > 0
    assert (found.bits[area & ~near_flakes] > 0).mean() < 0.1
    assert "area" in reasons(found)


def test_between_scratches_that_are_marked_as_one_the_sound_ground_is_left():
    picture, flakes = worn(blank())
    area = disc(24)
    scratches = np.zeros(picture.shape, bool)
    scratches[100:142:14, 140:180] = True
    picture[area], picture[scratches] = blank()[area], 200
    found = guard(picture, marks(area | flakes))
    assert (found.bits[scratches & area] > 0).all()
    assert (found.bits[area] > 0).mean() < 0.6
    assert (found.labels[area & (found.bits == 0)] > 0).all()


def test_of_a_crack_that_widens_only_the_wide_place_is_asked():
    picture, area = cloth()
    area = disc(8)
    crack = np.zeros(picture.shape, bool)
    crack[118:123] = True
    found = guard(picture, marks(crack | area))
    assert (found.bits[120, :120] > 0).all() and (found.bits[120, 200:] > 0).all()
    assert not found.bits[120, 155:165].any()


def scratch():
    plane = np.zeros((240, 320), np.uint8)
    cv2.line(plane, (20, 30), (290, 180), 1, 2)
    return plane > 0


def busy(seed=3):
    return np.random.default_rng(seed).integers(60, 180, (240, 320)).astype(np.uint8)


def test_busy_ground_demands_more_certainty_and_quiet_ground_does_not():
    line = scratch()
    assert not guard(busy(), marks(line, 1.0)).bits.any()
    np.testing.assert_array_equal(guard(blank(), marks(line, 1.0)).bits > 0, line)


def test_a_sure_scratch_is_filled_on_any_ground():
    line = scratch()
    np.testing.assert_array_equal(guard(busy(), marks(line, 2.0)).bits > 0, line)


def branching():
    plane = np.zeros((240, 320), np.uint8)

    def grow(x, y, angle, length):
        if length < 9:
            return
        u, v = x + length * np.cos(angle), y - length * np.sin(angle)
        cv2.line(plane, (round(x), round(y)), (round(u), round(v)), 1, 2)
        grow(u, v, angle + 0.45, 0.74 * length)
        grow(u, v, angle - 0.4, 0.74 * length)

    grow(160, 225, np.pi / 2, 50)
    return plane > 0


def test_a_dark_bare_tree_is_asked_about_and_light_dendrites_are_filled():
    tree = branching()
    dark, light = blank(), blank()
    dark[tree], light[tree] = 30, 230
    assert reasons(guard(dark, marks(tree))) == {"tree"}
    assert not guard(dark, marks(tree)).bits.any()
    assert (guard(light, marks(tree)).bits > 0).sum() > 0.9 * tree.sum()


def test_a_picture_of_nothing_but_marks_ends_well():
    full = np.ones((40, 50), bool)
    tenths = np.full(full.shape, 20, np.int8)
    found = guard(blank(40, 50), Marks(full.astype(np.uint8), tenths, full.astype(np.uint8)))
    assert ((found.bits > 0) | (found.labels > 0)).all()


@pytest.mark.parametrize("wide", [9, 14])
def test_a_wide_crease_is_no_area(wide):
    picture = blank()
    crease = np.zeros(picture.shape, bool)
    crease[110 : 110 + wide] = True
    picture[crease] = np.random.default_rng(5).integers(150, 250, crease.sum())
    np.testing.assert_array_equal(guard(picture, marks(crease)).bits > 0, crease)
