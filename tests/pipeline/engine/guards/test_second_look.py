"""What a second look doubts is asked about, the largest marks alone, and the file that ships runs."""

import cv2
import numpy as np
import pytest
import torch

from pipeline.engine.guards import second_look
from pipeline.engine.guards.components import components
from pipeline.engine.guards.deciding import guard
from pipeline.engine.guards.sessions import SECOND_LOOK, running
from tests.pipeline.engine.guards.drawn import blank, marks
from training.imaging.component_views import FIGURES, SIDE
from training.measuring.second_look.network import Encoder, Head, SecondLook, exported


@pytest.fixture
def answers(tmp_path, monkeypatch):
    """Makes the engine's network one that answers with a constant."""

    def constant(logit):
        head = Head()
        for values in head.members.parameters():
            torch.nn.init.zeros_(values)
        head.cut.fill_(-logit)
        exported(SecondLook(Encoder(), head), tmp_path / "look.onnx")
        session = running((tmp_path / "look.onnx").read_bytes())
        monkeypatch.setattr(second_look, "_session", lambda: session)

    return constant


def line():
    plane = np.zeros((240, 320), bool)
    plane[60:63, 20:300] = True
    return plane


def found_in(plane):
    whole = marks(plane)
    return list(components(whole.bits, whole.margin)), whole.margin


@pytest.mark.parametrize("logit", [-1.0, 1.0])
def test_a_large_mark_gets_the_logit_of_the_network(answers, logit):
    answers(logit)
    found, margin = found_in(line())
    assert second_look.looked_at(found, blank(), margin) == pytest.approx({0: logit})


def test_small_marks_are_not_looked_at_and_large_ones_up_to_a_number(answers, monkeypatch):
    answers(-1.0)
    plane = np.zeros((240, 320), bool)
    plane[10:13, 10:13] = True
    for k in range(4):
        plane[40 * k + 40 : 40 * k + 50, 20 : 60 + 10 * k] = True
    found, margin = found_in(plane)
    monkeypatch.setattr(second_look, "MOST", 3)
    looked = second_look.looked_at(found, blank(), margin)
    assert [found[k].area for k in looked] == [700, 600, 500]
    monkeypatch.setattr(second_look, "AT_ONCE", 2)
    assert second_look.looked_at(found, blank(), margin) == pytest.approx(looked)
    assert second_look.looked_at([], blank(), margin) == {}


def test_what_is_doubted_is_asked_about(answers):
    answers(-1.0)
    picture = blank()
    picture[line()] = 230
    found = guard(picture, marks(line()))
    assert not found.bits.any()
    assert [each.reason for each in found.proposals] == ["perhaps"]
    answers(1.0)
    np.testing.assert_array_equal(guard(picture, marks(line())).bits > 0, line())


@pytest.mark.parametrize(("logit", "asked"), [(0.9, {"area"}), (1.1, set())])
@pytest.mark.parametrize("end", [(50, 45), (290, 210)])  # a blot and a band
def test_a_wide_dark_mark_is_filled_only_if_it_is_plainly_damage(answers, end, logit, asked):
    answers(logit)
    plane = np.zeros((240, 320), np.uint8)
    cv2.line(plane, (30, 30), end, 1, 20)
    area = plane > 0
    picture = blank()
    picture[area] = np.clip(np.random.default_rng(1).normal(60, 25, area.sum()), 0, 255)
    found = guard(picture, marks(area))
    assert {each.reason for each in found.proposals} == asked
    assert found.bits.any() == (not asked)


def test_no_look_is_sure_of_a_fifth_of_the_picture(answers):
    answers(5.0)
    most = np.zeros((240, 320), bool)
    most[20:220, 40:280] = True
    picture = blank()
    picture[most] = np.clip(np.random.default_rng(1).normal(60, 25, most.sum()), 0, 255)
    found = guard(picture, marks(most, 2.0))
    assert {each.reason for each in found.proposals} == {"area"}


def test_busy_ground_has_no_say_about_what_is_plainly_damage(answers):
    rng = np.random.default_rng(0)
    picture = np.clip(rng.normal(128, 45, (240, 320)), 0, 255).astype(np.uint8)
    picture[line()] = 200
    unsure = marks(line(), 1.0)
    answers(0.5)
    assert not guard(picture, unsure).bits.any()
    answers(1.5)
    assert guard(picture, unsure).bits.any()


def test_the_file_that_ships_answers_for_any_number_of_marks():
    session = running(SECOND_LOOK.read_bytes())
    for count in (1, 5):
        views = np.random.default_rng(0).uniform(0, 255, (count, 2, 3, SIDE, SIDE))
        given = {
            "views": views.astype(np.float32),
            "figures": np.zeros((count, FIGURES), np.float32),
        }
        assert np.isfinite(session.run(None, given)[0]).all()
