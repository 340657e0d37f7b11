"""Pieces of one thing: a row of stitches in fragments, a post's foot, a page's rule, twigs."""

import cv2
import numpy as np

from pipeline.engine.guards.components import components
from pipeline.engine.guards.deciding import guard
from pipeline.engine.guards.objects.company import SMALL, TWIG, beside
from pipeline.engine.guards.objects.rhythm import rows_of_dashes
from pipeline.engine.guards.objects.twins import twins
from tests.pipeline.engine.guards.drawn import blank, marks
from tests.pipeline.engine.guards.test_company import drawn, reasons


def pieces(rows):
    plane = np.zeros((240, 320), np.uint8)
    for top, bottom in rows:
        plane[top:bottom, 159:162] = 1
    return plane > 0


def test_fragments_of_a_seam_are_known_by_the_line_they_lie_on():
    broken = pieces([(10, 24), (29, 43), (100, 117), (150, 164), (190, 204)])
    seam, scratch = blank(), blank()
    seam[:, 159:162][np.arange(240) % 9 < 5] = 40
    scratch[:, 159:162] = 40
    found = list(components(broken, marks(broken).margin))
    assert rows_of_dashes(found, seam) == set(range(5))
    assert rows_of_dashes(found, scratch) == set()
    assert rows_of_dashes(found[:2], seam) == set()  # two are no row


def test_the_foot_of_a_post_goes_with_its_pieces():
    picture = blank()
    post = drawn(((160, 20), (160, 230)), wide=9)
    picture[post] = 220
    parts = np.zeros(picture.shape, bool)
    for top, bottom in ((40, 70), (80, 110), (140, 231)):
        parts[top:bottom] = post[top:bottom]
    above, below, foot = sorted(components(parts, marks(parts).margin), key=lambda each: each.box)
    assert twins([foot], [above, below], picture) == [True]
    aside = drawn(((220, 140), (220, 230)), wide=9)
    other = next(components(aside, marks(aside).margin))
    picture[aside] = 220
    assert twins([other], [above, below], picture) == [False]


def page():
    picture = blank(240, 420)
    ink = np.zeros(picture.shape, np.uint8)
    for line, y in enumerate((50, 90, 150, 190)):
        cv2.putText(
            ink, f"Region based {line} marks", (30, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 255, 2
        )
    picture[ink > 128] = 30
    letters = np.zeros_like(picture, bool)
    letters[75:97, 30:52] = ink[75:97, 30:52] > 128
    return picture, letters


def test_a_rule_of_print_is_asked_about_as_the_writing_is():
    picture, letters = page()
    rule = drawn(((30, 112), (380, 112)), wide=2, shape=picture.shape)
    picture[rule] = 60
    found = guard(picture, marks(rule | letters, 2.0))
    assert not found.bits.any()
    assert reasons(found) == {"text"}


def test_a_scratch_across_a_page_is_filled():
    picture, letters = page()
    scratch = drawn(((60, 100), (390, 128)), wide=2, shape=picture.shape)
    picture[scratch] = 235
    found = guard(picture, marks(scratch | letters, 2.0))
    assert (found.bits > 0)[scratch].mean() > 0.9


def test_a_larger_fork_beside_a_tree_is_part_of_it_and_beside_a_fence_is_not():
    branch = drawn(((60, 200), (160, 120)), wide=4)
    fork = drawn(((165, 116), (190, 100)), ((175, 110), (190, 122)), wide=2)
    picture = blank()
    picture[branch | fork] = 40
    one, other = (next(components(plane, marks(plane).margin)) for plane in (branch, fork))
    assert beside([other], [one], picture, TWIG) == [True]
    assert beside([other], [one], picture, SMALL) == [False]
    picture[fork] = 230
    assert beside([other], [one], picture, TWIG) == [False]
