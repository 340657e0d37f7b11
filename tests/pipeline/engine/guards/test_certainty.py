"""The finder's certainty, and the cut that gives way by it."""

import numpy as np
import pytest

from pipeline.engine.guarding import guarded
from pipeline.engine.guards.certainty import Marks, given_way, margins
from pipeline.engine.segmentation import classify, strictness, thresholds
from tests.pipeline.engine.guards.drawn import blank
from training.imaging.adaptive_cut import CutRule

CARD = {"threshold": 0.5, "one_cut": True}


def probabilities(damaged, size=(120, 160)):
    """Faint marks of .3 on the left, and `damaged` rows of eight sure specks on the right."""
    p = np.full((*size, 3), 0.01, np.float32)
    p[10:20, 10:40, 0] = 0.3
    p[5 : 10 * damaged : 10, 60::13, 1] = 0.99
    return p


def read(p, strength=0.5):
    cuts = thresholds(CARD, strength)
    return Marks(classify(p, cuts), *margins(p, cuts))


def test_faint_marks_count_beside_sure_ones_alone():
    rule = CutRule(1.0)
    sound, none = given_way(read(probabilities(0)), rule)
    torn, moved = given_way(read(probabilities(10)), rule)
    assert none == 0 and not sound.bits.any()
    assert moved == 1 and torn.bits[15, 20] == 1 and torn.bits[5, 125] == 2
    assert torn.margin[15, 20] == pytest.approx(10 + 10 * np.log(0.3 / 0.7), abs=1)


@pytest.mark.parametrize("strength", [0.3, 0.5, 0.7])
def test_the_shift_is_of_the_photograph_and_not_of_the_strength(strength):
    rule, p = CutRule(2.0), probabilities(3)
    _, there = given_way(read(p, strength), rule, strictness(strength))
    assert there == given_way(read(p), rule)[1] > 0


def test_the_report_tells_by_how_much_the_cut_gave_way():
    p = probabilities(10)
    cuts = thresholds(CARD)
    plain = guarded(blank(120, 160), [p], cuts)
    followed = guarded(blank(120, 160), [p], cuts, rule=CutRule(1.0))
    assert plain.report["cut_gave_way"] == 0 and followed.report["cut_gave_way"] == 1
    assert (followed.bits > 0).sum() >= (plain.bits > 0).sum() > 0


SIDES = [np.s_[:2], np.s_[-2:], np.s_[:, :2], np.s_[:, -2:]]


@pytest.mark.parametrize("sides", [SIDES, SIDES[:1], SIDES[3:]], ids=len)
@pytest.mark.parametrize("certainty", [0.95, 0.45])
def test_a_scans_edge_is_neither_filled_nor_asked_nor_evidence(sides, certainty):
    p = np.full((240, 320, 3), 0.01, np.float32)
    for side in sides:
        p[side][..., 0] = certainty
    found = guarded(blank(), [p], thresholds(CARD), rule=CutRule(1.0))
    assert not found.bits.any() and not found.report["proposals"]
    assert found.report["cut_gave_way"] == found.report["doubted"] == 0


@pytest.mark.parametrize("certainty", [0.95, 0.45])
def test_no_edge_comes_back_where_the_cut_gives_way(certainty):
    p = probabilities(10)
    p[:2, 50:110, 0] = certainty
    found = guarded(blank(120, 160), [p], thresholds(CARD), rule=CutRule(1.0))
    assert found.report["cut_gave_way"] == 1
    assert found.bits.any() and not found.bits[:4].any()
