"""What another strength would fill, cut from one small plane, against the real cut."""

import numpy as np
import pytest

from pipeline.engine.guards.certainty import Marks, margins
from pipeline.engine.guards.deciding import Guarded
from pipeline.engine.guards.faces import Face
from pipeline.engine.guards.foreseen import (
    ALWAYS,
    MIDDLE,
    NEVER,
    STEP,
    for_the_page,
    foreseen,
    shrunk,
)
from pipeline.engine.guards.proposals import PERHAPS, TEXT, Proposal, packed
from pipeline.engine.segmentation import classify, thresholds

CARD = {"threshold": [0.5, 0.5, 0.95], "logit_offset": [0, 0, 0]}


def probabilities(seed=1, size=(40, 60)):
    return np.random.default_rng(seed).random((*size, 3)).astype(np.float32)


def found(p, strength=0.5, proposals=(), labels=None, faces=()):
    cuts = thresholds(CARD, strength)
    bits = classify(p, cuts)
    labels = np.zeros(bits.shape, np.uint8) if labels is None else labels
    bits[labels > 0] = 0
    marks = Marks(bits.copy(), *margins(p, cuts))
    return marks, Guarded(bits, list(proposals), labels, list(faces))


def cut(plane, was, wanted):
    """As the page does it: a tenth of the slider is .6 logits."""
    levels = plane >> 2
    return (levels > NEVER) & (levels >= MIDDLE - round(60 * (wanted - was) / STEP))


@pytest.mark.parametrize("wanted", [0.1, 0.3, 0.5, 0.6, 0.8])
def test_a_cut_of_the_plane_is_the_cut_of_that_strength(wanted):
    p = probabilities()
    plane = foreseen(*found(p))
    real = classify(p, thresholds(CARD, wanted)) > 0
    assert (cut(plane, 0.5, wanted) != real).mean() < 0.02  # a level is a fifth of a logit
    if wanted == 0.5:
        np.testing.assert_array_equal(cut(plane, 0.5, wanted), real)


def proposal(reason, number):
    return Proposal("x", reason, number, 0, 0, 5, 5, 25, (2, 2), 1.0, "Remove it?")


def test_what_guards_left_is_never_filled_and_doubts_are():
    p = np.full((20, 30, 3), 0.4, np.float32)
    p[5:8, 5:8, 0] = 0.9
    labels = np.zeros((20, 30), np.uint8)
    labels[5:8, 5:8], labels[12:15, 5:8] = 1, 2
    plane = foreseen(*found(p, proposals=[proposal(TEXT, 1), proposal(PERHAPS, 2)], labels=labels))
    high = cut(plane, 0.5, 1.0)
    assert not high[5:8, 5:8].any()
    assert high[12:15, 5:8].all()


def test_faces_demand_more():
    p = np.full((40, 40, 3), 0.3, np.float32)
    face = Face(x=10, y=10, width=15, height=15, score=0.9, landmarks=((12, 12),) * 5)
    high = cut(foreseen(*found(p, faces=[face])), 0.5, 0.8)
    assert high[2, 2]
    assert not high[17, 17]


def test_what_a_rule_or_an_answer_added_is_always_filled():
    p = probabilities()
    marks, guarded = found(p)
    bits = guarded.bits.copy()
    bits[:4, :4] |= 4
    page = for_the_page(foreseen(marks, guarded), packed(guarded.labels, marks.surest), bits)
    assert cut(page[..., 0], 0.5, 0.0)[:4, :4][guarded.bits[:4, :4] == 0].all()
    assert ((page[..., 0] >> 2) == ALWAYS).any()
    assert not page[..., 1].any()


def test_large_pictures_keep_their_surest_pixel():
    plane = np.zeros((3300, 100), np.uint8)
    plane[1001, 57] = 200
    small = shrunk(plane)
    assert max(small.shape) <= 1600
    assert small[1001 // 3, 57 // 3] == 200
