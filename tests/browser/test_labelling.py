"""The labelling pages in a real browser: wide and narrow, light and dark, by mouse and keyboard."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from annotate import services
from annotate.models import DefectMask
from photos import services as photos
from tests.annotate.builders import file_of, painted, picture, ready_photo
from tests.annotate.test_assignments import finish, save
from tests.browser.waiting import until


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.JOB_HEARTBEAT_SECONDS = 60


@pytest.fixture
def lab(transactional_db, assessor, other_assessor, reviewer, run_jobs, monkeypatch):
    """A lab at work: photos of every state, masks waiting, returned, accepted, compared."""
    for rules in (photos, services.assignment_start, services.honeypots):
        monkeypatch.setattr(rules, "drawn", lambda percent: False)
    for title in ("Wedding, 1921", "Harbour", "The twins"):
        ready_photo(title=title, album="Aunt Ida")
    ready_photo(title="Both paint this one", masks_wanted=2, priority=5)
    waiting = finish(services.claim_assignment(assessor=assessor))
    finish(services.claim_assignment(assessor=other_assessor))
    returned = finish(services.claim_assignment(assessor=assessor))
    services.review_mask(
        reviewer=reviewer, mask=returned, verdict="returned", comment="The crack is too fat."
    )
    accepted = finish(services.claim_assignment(assessor=other_assessor))
    services.review_mask(reviewer=reviewer, mask=accepted, verdict="accepted")
    ready_photo(title="Not a photo", state="refused", reason="This PNG ends too early.")
    return {"waiting": waiting, "returned": returned, "accepted": accepted}


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_every_page_is_accessible_and_fits(open_page, accessible, lab, admin, width, scheme):
    page = open_page(admin, width=width, color_scheme=scheme)
    mask = lab["waiting"]
    for name, *at in (
        ("annotate_queue",),
        ("annotate_photos",),
        ("annotate_photo", mask.photo_id),
        ("annotate_reviews",),
        ("annotate_quality",),
        ("annotate_review", mask.pk),
    ):
        page.goto(reverse(name, args=at), wait_until="networkidle")
        accessible(page)
        assert fits(page), f"{name} scrolls sideways"


def test_the_assessors_own_queue(open_page, accessible, lab, assessor):
    page = open_page(assessor, width=390)
    page.goto(reverse("annotate_queue"))
    accessible(page)
    expect(page.get_by_text("The crack is too fat.")).to_be_visible()
    assert page.get_by_role("button", name="Mend it").is_enabled()


def test_a_review_by_keyboard_alone(open_page, lab, reviewer):
    page = open_page(reviewer)
    page.goto(reverse("annotate_review", args=[lab["waiting"].pk]))
    overlay = page.locator(".stage-mask")
    page.keyboard.press("m")
    assert overlay.is_hidden()
    page.keyboard.press("m")
    expect(overlay).to_be_visible()
    page.keyboard.press("c")
    page.keyboard.type("Good, all of it")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    with page.expect_navigation():
        page.keyboard.press("a")
    mask = DefectMask.objects.get(pk=lab["waiting"].pk)
    assert mask.state == DefectMask.State.ACCEPTED
    assert mask.reviews.get().comment == "Good, all of it"


def test_a_click_on_the_photo_marks_that_pixel(open_page, lab, reviewer):
    page = open_page(reviewer)
    page.goto(reverse("annotate_review", args=[lab["waiting"].pk]), wait_until="networkidle")
    box = page.locator(".stage-picture").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    page.get_by_label("Mark 1 at").select_option("too fat")
    with page.expect_navigation():
        page.get_by_role("button", name="Return").click()
    mark = DefectMask.objects.get(pk=lab["waiting"].pk).reviews.get().marks[0]
    assert abs(mark["x"] - 100) <= 1
    assert abs(mark["y"] - 150) <= 1
    assert mark["word"] == "too fat"


def test_the_overlay_lies_on_the_photo_pixel_for_pixel(open_page, lab, reviewer):
    page = open_page(reviewer)
    page.goto(reverse("annotate_review", args=[lab["waiting"].pk]), wait_until="networkidle")
    photo, mask = (page.locator(".stage-picture img").nth(i).bounding_box() for i in (0, 1))
    assert photo == mask


def test_the_library_shows_a_photo_when_it_has_been_read(open_page, reviewer, run_jobs):
    photos.add_photo(file=file_of(picture()), title="Fresh from the scanner")
    page = open_page(reviewer)
    page.goto(reverse("annotate_photos"))
    expect(page.locator("#grid .badge").get_by_text("being read")).to_be_visible()
    run_jobs()
    page.locator("#grid img").wait_for()
    expect(page.get_by_text("400 × 300")).to_be_visible()


def test_a_draft_that_was_left_behind_can_be_accepted(open_page, assessor, reviewer):
    ready_photo(title="Left")
    assignment = services.claim_assignment(assessor=assessor)
    save(assignment, painted())
    services.release(assignment=assignment, passes_draft_on=False)
    page = open_page(reviewer)
    page.goto(reverse("annotate_reviews"))
    page.get_by_role("link", name="Left", exact=True).click()
    with page.expect_navigation():
        page.get_by_role("button", name="Accept").click()
    assert DefectMask.objects.get().state == DefectMask.State.ACCEPTED


def test_a_reviewer_drags_the_photo_and_goes_by_the_small_map(open_page, lab, reviewer):
    page = open_page(reviewer)
    page.goto(reverse("annotate_review", args=[lab["waiting"].pk]), wait_until="networkidle")
    view, picture, small = (page.locator(f".stage-{name}") for name in ("window", "picture", "map"))
    box = view.bounding_box()
    assert small.is_hidden() and picture.bounding_box() == box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -400)
    page.keyboard.up("Control")
    zoomed = picture.bounding_box()
    assert zoomed["width"] > 1.9 * box["width"]
    page.mouse.down()
    page.mouse.move(middle[0] + 50, middle[1] + 30, steps=3)
    page.mouse.up()
    moved = picture.bounding_box()
    assert (moved["x"], moved["y"]) == pytest.approx((zoomed["x"] + 50, zoomed["y"] + 30))
    corner = small.bounding_box()
    page.mouse.click(corner["x"] + 2, corner["y"] + 2)
    assert picture.bounding_box()["x"] == pytest.approx(box["x"])
    assert page.locator(".marks li").count() == 0  # neither was a click on the photo
    view.focus()
    page.keyboard.press("ArrowRight")
    assert picture.bounding_box()["x"] == pytest.approx(box["x"] - 60)
    page.keyboard.press("0")
    assert picture.bounding_box() == box


def test_a_reviewer_looks_at_single_pixels(open_page, lab, reviewer):
    page = open_page(reviewer)
    page.goto(reverse("annotate_review", args=[lab["waiting"].pk]), wait_until="networkidle")
    for _ in range(4):
        page.keyboard.press("+")
    page.keyboard.press("o")
    picture, view = (page.locator(f".stage-{name}") for name in ("picture", "window"))
    assert picture.bounding_box()["width"] == 8 * 400
    # a function: an expression is evaluated again while it waits, which the page's policy forbids
    until(page, "() => document.querySelector('.stage-mask')?.naturalWidth === 400")
    assert "full&outline" in page.get_attribute(".stage-mask", "src")
    assert page.locator('[data-role="zoom"]').input_value() == "8"
    box, whole = view.bounding_box(), picture.bounding_box()
    left = (box["x"] + box["width"] / 2 - whole["x"]) / whole["width"]
    assert abs(left - 0.5) < 0.01  # the middle stayed in the middle
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mark = page.locator(".marks select").get_attribute("aria-label")
    assert mark.split(" at ")[1].split(",")[0] in ("199", "200")
    page.set_viewport_size({"width": 390, "height": 800})
    assert fits(page)
