"""The harm set: every object lies where its mask says, and a generator makes the same set again."""

import numpy as np
import pytest

from training.probes.harm.pictures import KINDS, harm_pictures


@pytest.fixture(scope="module")
def harm():
    return harm_pictures(np.random.default_rng(3))


def test_the_set_holds_every_kind_under_its_own_name(harm):
    assert {one.kind for one in harm} == set(KINDS)
    assert len({one.name for one in harm}) == len(harm) > 50
    wanted = (
        "fence",
        "net",
        "blinds",
        "rigging",
        "staves",
        "wheels",
        "whiskers",
        "buttons",
        "lace",
    )
    for word in (*wanted, "halftone", "paper", "page", "print", "typewriter", "ink", "glasses"):
        assert any(word in one.name for one in harm), word


def test_the_same_generator_makes_the_same_pictures(harm):
    again = harm_pictures(np.random.default_rng(3))
    assert all((a.picture == b.picture).all() for a, b in zip(harm, again, strict=True))
    other = harm_pictures(np.random.default_rng(4))
    assert any((a.picture != b.picture).any() for a, b in zip(harm, other, strict=True))


def test_drawn_objects_are_lighter_or_darker_than_what_is_round_them(harm):
    for one in harm:
        if one.kind == "structure" or (one.kind == "text" and "photo" not in one.name):
            inside = one.picture[one.object_mask].mean()
            outside = one.picture[~one.object_mask].mean()
            assert (inside > outside) == ("light" in one.name), one.name
            assert abs(inside - outside) > 35, one.name


def test_faces_are_as_high_as_named_and_landmarks_lie_inside(harm):
    heights = [face.height for one in harm for face in one.faces]
    assert min(heights) == pytest.approx(24) and max(heights) == pytest.approx(400)
    for one in harm:
        for face in one.faces:
            for x, y in face.landmarks:
                assert one.kind == "glasses" or one.object_mask[round(y), round(x)], one.name


def test_a_turned_face_is_turned_the_way_it_says(harm):
    for one in harm:
        if one.name.startswith("face"):
            (right, left), turn = one.faces[0].landmarks[:2], one.faces[0].turn
            angle = np.degrees(np.arctan2(right[1] - left[1], left[0] - right[0]))
            assert angle == pytest.approx(turn, abs=2), one.name
