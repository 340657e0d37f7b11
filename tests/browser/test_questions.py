"""The result page asks, takes answers by key, click and touch, and shows a strength before it is made."""

import numpy as np
import pytest
from playwright.sync_api import expect
from skimage import data

from photos.decoding import scans
from pipeline.engine.guards.proposals import FACE, PERHAPS, TEXT
from pipeline.models import Answer, Restoration
from tests.browser.test_restore import divider, done, finish, in_production, photo  # noqa: F401
from tests.browser.waiting import until
from tests.pipeline.builders import upload

pytestmark = pytest.mark.django_db(transaction=True)
MARKS = {FACE: (60, 40, 30, 8), TEXT: (20, 200, 60, 12), PERHAPS: (150, 150, 6, 90)}


def guarded(image, bands, cuts, **_rule):
    """One mark filled, three asked, and more that a higher strength would fill."""
    from pipeline.engine.guarding import Guarding
    from pipeline.engine.guards.foreseen import MIDDLE, NEVER

    list(bands)
    bits, asked = np.zeros((2, *image.shape[:2]), np.uint8)
    levels = np.full(bits.shape, (MIDDLE - 31) << 2, np.uint8)
    levels[100:140] = (MIDDLE - 4) << 2  # filled from .65 on
    bits[250:253, 20:200], levels[250:253, 20:200] = 1, (MIDDLE + 3) << 2
    said = []
    for number, (reason, (x, y, width, height)) in enumerate(MARKS.items(), 1):
        box = np.s_[y : y + height, x : x + width]
        asked[box], levels[box] = (number << 2) | 1, NEVER
        facts = {"id": f"{reason}-{x + 1}-{y + 1}", "number": number, "reason": reason}
        facts |= {"x": x, "y": y, "width": width, "height": height, "area": width * height}
        words = f"What is {reason} in the middle was left: remove it?"
        said.append(facts | {"certainty": 1.0, "sentence": words})
    report = {"proposals": said, "left_for_you": 3, "faces": [], "beyond": 0}
    return Guarding(bits, asked, report, levels)


@pytest.fixture
def asking(monkeypatch, in_production, photo):  # noqa: F811
    from pipeline.engine import pipeline
    from pipeline.services import restore_later

    monkeypatch.setattr(pipeline, "guarded", guarded)
    with photo.open("rb") as file:
        row = restore_later(file=file, name=photo.name, colourise=True)
    finish()
    return Restoration.objects.get(pk=row.pk)


def mask(row):
    return scans.read_working(row.mask.image) > 0


def test_ask_yes_recomputed(open_page, asking):
    page = open_page()
    page.goto(asking.get_absolute_url())
    page.locator(".asked-badge").first.wait_for(state="attached")
    send = page.get_by_role("button", name="Restore with these answers")
    assert send.is_disabled()
    page.locator("photo-compare .stage").focus()
    page.keyboard.press("y")  # the first question, and on to the next
    assert page.locator(".questions li[aria-current]").get_attribute("data-number") == "2"
    page.keyboard.press("n")
    page.keyboard.press("x")
    expect(page.get_by_text("2 of 3 answered")).to_be_visible()
    page.locator(".questions ol").evaluate("list => (list.style.maxHeight = '5rem')")
    page.keyboard.press("n")  # the list follows the walk
    expect(page.locator(".questions li[aria-current] legend")).to_be_in_viewport()
    send.click()
    page.wait_for_selector("#progress")
    expect(page.get_by_text("Below is the earlier version.")).to_be_visible()
    finish()
    page.get_by_text("1 mark was left").wait_for()
    row = Restoration.objects.exclude(pk=asking.pk).get()
    assert Answer.objects.of(row.photo) == {"face-61-41": True, "perhaps-151-151": False}
    filled = mask(row) & ~mask(asking)
    assert filled[40:48, 60:90].all()
    assert filled.sum() == 30 * 8
    expect(page.get_by_role("link", name="2: your answers")).to_be_visible()


def test_a_click_on_an_outline_looks_at_its_question(open_page, asking):
    page = open_page()
    with page.expect_response("**/mask.foreseen"):
        page.goto(asking.get_absolute_url())
    page.locator(".asked-drawing .line[d*='h']").first.wait_for(state="attached")
    stage = page.locator("photo-compare .stage").bounding_box()
    scale = stage["width"] / asking.photo.width
    before = divider(page)
    page.mouse.click(stage["x"] + 153 * scale, stage["y"] + 200 * scale)
    assert page.locator(".questions li[aria-current]").get_attribute("data-number") == "3"
    assert divider(page) == before  # the press belonged to the question
    page.keyboard.press("ArrowUp")
    assert page.locator(".questions li[aria-current]").get_attribute("data-number") == "2"
    page.keyboard.press("y")
    assert page.locator(".asked-badge.yes").inner_text().startswith("2")


def test_the_slider_shows_a_strength_before_it_is_made(open_page, asking):
    page = open_page()
    page.goto(asking.get_absolute_url())
    slider = page.get_by_label("How readily to repair")
    slider.focus()
    page.keyboard.press("ArrowRight")
    drawn = page.locator("photo-compare .foreseen canvas")
    drawn.wait_for(state="attached")
    count = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.filter((v, k) => k % 4 == 3 && v).length"
    assert drawn.evaluate(count) == 3 * 180
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    seen = f"() => ({count})(document.querySelector('.foreseen canvas')) > 10_000"
    until(page, seen)
    assert "Would fill about" in page.locator("output[for=strength]").inner_text()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    drawn.wait_for(state="hidden")
    assert Restoration.objects.count() == 1


def test_colour_is_offered_where_it_was_left_out(open_page, in_production):  # noqa: F811
    from django.core.files.base import ContentFile

    from pipeline.services import restore_later

    row = restore_later(file=ContentFile(upload(data.cat()[::2, ::2])), name="Cat.png")
    finish()
    page = open_page()
    page.goto(row.get_absolute_url())
    assert page.locator("photo-compare .which input[type=radio]").count() == 1
    page.get_by_role("button", name="Colour it anyway").click()
    page.wait_for_selector("#progress")
    finish()
    page.locator("photo-compare .which input[type=radio]").nth(2).wait_for()
    expect(page.get_by_role("link", name="2: coloured anyway")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_questions_are_accessible_fit_and_large_enough(
    open_page, accessible, asking, scheme, width
):
    page = open_page(width=width, color_scheme=scheme, has_touch=width < 400)
    page.goto(asking.get_absolute_url())
    page.locator(".asked-badge").first.wait_for(state="attached")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    targets = page.locator(".asked-badge:visible, .questions label:visible, .questions button")
    for box in targets.evaluate_all(
        "all => all.filter(e => e.offsetParent).map(e => [e.offsetWidth, e.offsetHeight])"
    ):
        assert min(box) >= 24
    height = page.evaluate("document.documentElement.scrollHeight")
    marks = page.locator(".asked-drawing g")
    outlined = "all => all.filter(g => getComputedStyle(g).display !== 'none').length"
    wide = marks.count()
    assert marks.evaluate_all(outlined) == (wide if width > 400 else 0)  # the result first
    page.get_by_role("button", name="Next question").click()
    assert marks.evaluate_all(outlined) == (wide if width > 400 else 1)
    page.locator(".questions li[aria-current] .yes").click()
    assert page.evaluate("document.documentElement.scrollHeight") == height
