"""Questions: their ids, how many, what an answer does; margins."""

import numpy as np
import pytest

from config.words.wall import in_words
from pipeline.engine.guards.certainty import margins
from pipeline.engine.guards.components import components
from pipeline.engine.guards.deciding import guard
from pipeline.engine.guards.proposals import (
    MOST,
    QUESTIONS,
    answered,
    drawn,
    numbered,
    packed,
    parsed,
    unpacked,
    where,
)
from tests.pipeline.engine.guards.drawn import marks
from training.probes.harm.faces import portrait


def asked(peak_at=(50, 60), radius=4, shape=(100, 120)):
    """A question whose surest pixel lies at `peak_at` (row, column)."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    off = np.hypot(rows - peak_at[0], columns - peak_at[1])
    margin = np.clip(40 - 5 * off, -127, 127).astype(np.int8)
    return [("perhaps", mark) for mark in components(off <= radius, margin)]


def test_an_id_stays_when_the_strength_makes_a_mark_larger():
    surest = np.ones((100, 120), np.uint8)
    small, large = (numbered(asked(radius=r), surest, [])[0][0] for r in (3, 7))
    assert small.area < large.area
    assert small.id == large.id == "perhaps-60-50"


def test_an_answer_of_another_strength_counts_where_its_pixel_lies():
    proposals, labels, _ = numbered(asked(), np.full((100, 120), 4, np.uint8), [])
    said = [each.said() for each in proposals]
    plane = packed(labels, np.full((100, 120), 4, np.uint8))
    bits, left = answered(np.zeros_like(plane), plane, said, {"perhaps-61-50": True})
    assert set(np.unique(bits)) == {0, 4}
    assert left == []
    bits, left = answered(np.zeros_like(plane), plane, said, {"text-61-50": True})
    assert not bits.any()
    assert len(left) == 1


def test_no_leaves_and_is_not_asked_again():
    proposals, labels, _ = numbered(asked(), np.ones((100, 120), np.uint8), [])
    plane = packed(labels, np.ones((100, 120), np.uint8))
    said = [each.said() for each in proposals]
    bits, left = answered(np.zeros_like(plane), plane, said, {proposals[0].id: False})
    assert not bits.any()
    assert left == []


def test_at_most_forty_are_asked_the_largest_first():
    plane = np.zeros((300, 300), bool)
    plane[10:290:40, 10:290:40] = True
    plane[10:290:40, 11:290:40] = True
    plane[100:110, 27:37] = True
    found = [("perhaps", mark) for mark in components(plane, np.zeros(plane.shape, np.int8))]
    made, labels, beyond = numbered(found, plane.astype(np.uint8), [])
    assert (len(made), labels.max(), beyond) == (MOST, MOST, len(found) - MOST)
    assert made[0].area == 100


def test_the_kept_plane_gives_back_numbers_and_classes():
    labels = np.array([[0, 1, 2, 40]], np.uint8)
    surest = np.array([[4, 1, 2, 4]], np.uint8)
    numbers, classes = unpacked(packed(labels, surest))
    np.testing.assert_array_equal(numbers, labels)
    np.testing.assert_array_equal(classes, [[0, 1, 2, 4]])


@pytest.mark.parametrize("name", ["", "text", "text-1", "nose-1-2", "text--1-2", "text-1-x"])
def test_what_is_no_id_is_a_sentence(name):
    with pytest.raises(ValueError, match="is not the id"):
        parsed(name)


def test_places_have_words():
    assert in_words(where(0.5, 0.1)) == "at the upper edge"
    assert in_words(where(0.9, 0.9)) == "at the lower right"
    assert in_words(where(0.5, 0.5)) == "in the middle"


def test_a_margin_is_how_far_the_surest_class_is_above_its_cut():
    tenths, surest = margins(np.array([[[0.5, 0.9, 0.1]]], np.float32), [0.5, 0.5, 0.5])
    assert (tenths[0, 0], surest[0, 0]) == (22, 2)


def test_questions_are_drawn_round_what_they_ask():
    picture, place = portrait(111)
    x, y = (round(value) for value in place.landmarks[0])
    eye = np.zeros(picture.shape, bool)
    eye[y - 3 : y + 3, x - 3 : x + 3] = True
    found = guard(picture, marks(eye))
    canvas = drawn(picture, found.labels, [each.said() for each in found.proposals])
    changed = (canvas != picture[..., None]).any(axis=2)
    assert changed[y - 16 : y + 12, x - 12 : x + 16].any()
    assert not changed[y, x]


def test_the_api_names_every_reason():
    from pipeline.api.serializers import ProposalSerializer

    told = str(ProposalSerializer().fields["reason"].help_text).replace(" or ", ", ").split(", ")
    assert set(told) == set(QUESTIONS)
