"""Faces: found small, turned and torn; what crosses them, what lies in them."""

import numpy as np
import pytest

from config.words.wall import in_words
from pipeline.engine.guards.deciding import faces_of, guard
from pipeline.engine.guards.faces import find_faces
from tests.pipeline.engine.guards.drawn import marks
from training.probes.harm.faces import portrait


@pytest.mark.parametrize(("height", "turn"), [(24, 0), (36, 15), (111, -15), (400, 0)])
def test_the_astronauts_face_is_found_with_its_landmarks(height, turn):
    picture, place = portrait(height, turn)
    face = find_faces(picture)[0]
    off = np.hypot(*(np.array(face.landmarks) - np.array(place.landmarks)).T)
    assert (off < 0.12 * place.width + 1).all()


def test_a_face_that_a_tear_hides_shows_when_the_tear_is_filled():
    picture, place = portrait(200)
    x, y = (round(value) for value in place.centre)
    torn = np.zeros(picture.shape, bool)
    torn[:, x - 24 : x + 24] = True
    torn[y - 30 : y + 8] = True
    picture[torn] = 235
    assert len(faces_of(picture, torn)) >= len(find_faces(picture))
    assert faces_of(picture, torn)


def crossing(place, shape, columns):
    plane = np.zeros(shape, bool)
    row = round(place.centre[1] + 0.16 * place.height)
    plane[row : row + 3, columns] = True
    return plane


def test_a_crease_through_a_face_is_filled_beside_the_features_and_asked_in_them():
    picture, place = portrait(200)
    crease = crossing(place, picture.shape, slice(None))
    found = guard(picture, marks(crease, 2.0))
    filled = (found.bits > 0)[crease]
    asked = (found.labels > 0)[crease]
    assert (filled ^ asked).all()
    assert 0.3 < filled.mean() < 1
    assert {each.reason for each in found.proposals} == {"feature"}


def test_a_crease_in_pieces_is_one_crease():
    picture, place = portrait(200)
    crease = crossing(place, picture.shape, slice(None))
    pieces = crease & (np.arange(picture.shape[1]) % 40 < 30)
    found = guard(picture, marks(pieces, 2.0))
    assert {each.reason for each in found.proposals} == {"feature"}


def test_an_uncertain_mark_inside_a_face_is_asked():
    picture, place = portrait(200)
    x, y = (round(value) for value in place.centre)
    spot = np.zeros(picture.shape, bool)
    spot[y - 42 : y - 36, x + 50 : x + 56] = True
    assert not guard(picture, marks(spot, 1.0)).bits.any()
    assert guard(picture, marks(spot, 1.0)).proposals


def test_eyes_are_never_filled_unasked():
    picture, place = portrait(200)
    x, y = (round(value) for value in place.landmarks[0])
    eye = np.zeros(picture.shape, bool)
    eye[y - 6 : y + 6, x - 6 : x + 6] = True
    found = guard(picture, marks(eye, 9.0))
    assert not found.bits.any()
    assert found.proposals[0].reason == "feature"
    assert "eyes" in in_words(found.proposals[0].sentence)


def test_a_mark_beside_the_face_is_filled_as_ever():
    picture, _ = portrait(111)
    corner = np.zeros(picture.shape, bool)
    corner[-9:-3, 3:30] = True
    np.testing.assert_array_equal(guard(picture, marks(corner, 1.6)).bits > 0, corner)
