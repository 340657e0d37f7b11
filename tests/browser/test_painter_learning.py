"""Learning and being corrected: the practice's guide and score, marks, keys of one's own."""

import numpy as np
import pytest

from annotate import services
from annotate.services import practice
from photos import storage
from photos.models import Origin
from tests.annotate.builders import painted, ready_photo, strokes_of
from tests.annotate.test_assignments import finish
from tests.browser.test_painter import (
    assignment,
    cracked,
    media,
    painter,
    saved,
    stored,
    stroke,
)

__all__ = ["assignment", "cracked", "media", "painter"]  # fixtures


@pytest.fixture
def lesson(transactional_db, assessor):
    known = storage.put(strokes_of(painted()), "application/octet-stream")
    ready_photo(origin=Origin.PRACTICE, wants_mask=False, true_mask=known)
    return practice.start_practice(assessor=assessor)


def test_the_practice_leads_and_scores(painter, lesson, accessible):
    page = painter(lesson)
    assert page.locator("#guide-place").inner_text() == "Step 1 of 7"
    accessible(page)
    for _ in range(4):
        page.click("#guide-next")
    stroke(page, (5, 50), (95, 50))
    assert page.locator("#guide-place").inner_text() == "Step 6 of 7"
    page.click("#guide-score")
    page.wait_for_selector("#guide-result:visible")
    found, present = page.locator("#guide-found").inner_text().split(" of ")
    assert 1 <= int(found) < int(present)
    accessible(page)
    assert page.locator("#mark-list button").count() > 3


def test_the_guide_goes_on_where_it_was_left(painter, lesson):
    page = painter(lesson)
    for _ in range(3):
        page.click("#guide-next")
    page.reload()
    page.wait_for_selector("#painter[data-full]")
    assert page.locator("#guide-place").inner_text() == "Step 4 of 7"


def test_tab_walks_the_reviewers_marks(painter, assessor, reviewer, assignment):
    mask = finish(assignment)
    marks = [{"x": 40, "y": 50, "word": "missed"}, {"x": 300, "y": 200, "word": "too fat"}]
    services.review_mask(reviewer=reviewer, mask=mask, verdict="returned", marks=marks)
    again = services.claim_assignment(assessor=assessor)
    page = painter(again)
    page.wait_for_selector("#mark-list button")
    page.focus("#stage")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.get_by_text("Mark 2 of 2: too fat.").wait_for()


def test_a_key_of_ones_own_is_found_again(painter, assignment):
    page = painter(assignment)
    page.keyboard.press("?")
    page.click('[data-action="tracer"]')
    page.keyboard.press("x")
    page.get_by_text("Changed to X.").wait_for()
    page.keyboard.press("Escape")
    page.reload()
    page.wait_for_selector("#painter[data-full]")
    page.keyboard.press("x")
    assert page.get_attribute('[data-tool="tracer"]', "aria-pressed") == "true"


def test_a_box_proposes_specks_and_a_key_takes_them(painter, cracked):
    assignment, crack, speck = cracked
    page = painter(assignment)
    page.wait_for_selector("#painter[data-traceable]")
    page.keyboard.press("k")
    page.keyboard.down("Shift")
    stroke(page, (5, 60), (60, 98))
    page.keyboard.up("Shift")
    page.locator("#live").filter(has_text="specks proposed").wait_for()
    page.keyboard.press("a")
    page.wait_for_selector("#undo:enabled")
    saved(page)
    found = stored(assignment) > 0
    assert (found & speck).sum() > 0.8 * speck.sum()
    assert np.count_nonzero(found & crack) < 0.2 * np.count_nonzero(crack)
