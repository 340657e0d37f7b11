"""Creases and flakes over a face: filled beside the features, and nothing else is."""

import cv2
import numpy as np
import pytest

from pipeline.engine.guards.deciding import faces_of, guard
from pipeline.engine.guards.faces import face_zones, inner_features
from tests.harm.creases import damaged
from tests.pipeline.engine.guards.drawn import marks
from training.probes.harm.faces import portrait


def shares(picture, truth, margin):
    """Of drawn damage in a face: filled outside the features, filled in eyes, nose and mouth."""
    found = guard(picture, marks(truth, margin))
    faces = faces_of(picture, truth)
    inside, features = face_zones(faces, *truth.shape)
    plain, inner = truth & (inside > 0) & ~features, np.zeros_like(truth)
    for face in faces:
        inner |= inner_features(face, (slice(0, truth.shape[0]), slice(0, truth.shape[1])))
    filled = found.bits > 0
    return filled[plain].mean(), filled[truth & inner].mean() if (truth & inner).any() else 0.0


def test_a_mark_along_a_face_s_outline_is_not_filled_though_lines_across_it_are():
    picture, _ = portrait(300)
    (face,) = faces_of(picture, np.zeros(picture.shape, bool))
    around = np.zeros(picture.shape, np.uint8)
    centre = (round(face.x + face.width / 2), round(face.y + face.height / 2))
    axes = (round(face.width / 2), round(face.height / 2))
    cv2.ellipse(around, centre, axes, 0, 20, 80, 1, 3)
    picture[around > 0] = 235
    assert not guard(picture, marks(around > 0, 1.0)).bits.any()


@pytest.mark.parametrize("seed", [1, 2])
def test_creases_and_flakes_are_filled_beside_the_features(seed):
    plain, inside = [], []
    for name, picture, truth in damaged(np.random.default_rng(seed)):
        if picture.shape[0] < 600 and ("crease" in name or truth.sum() > 800):
            one, other = shares(picture, truth, 1.0)
            plain.append(one)
            inside.append(other)
    assert np.nanmean(plain) > 0.9
    assert max(inside) == 0


def test_a_line_that_ends_in_the_face_on_both_sides_is_asked():
    picture, place = portrait(300)
    x, y = (round(value) for value in place.centre)
    line = np.zeros(picture.shape, bool)
    line[y - 60 : y - 57, x - 70 : x + 70] = True
    found = guard(picture, marks(line, 1.0))
    assert not found.bits.any()
    assert found.proposals


def test_one_light_spot_is_no_flaking():
    picture, place = portrait(300)
    x, y = (round(value) for value in place.centre)
    spot = np.zeros(picture.shape, bool)
    spot[y + 20 : y + 28, x + 50 : x + 58] = True
    picture[spot] = 250
    assert not guard(picture, marks(spot, 1.0)).bits.any()
