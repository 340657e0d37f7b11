"""The desk on a phone and on a laptop: what one presses first is in the window, and axe is content."""

import os

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from annotate import services
from photos import storage
from photos.models import Album, Origin, Photo
from pipeline.models import Order
from tests.annotate.builders import painted, ready_photo, strokes_of
from tests.annotate.test_assignments import finish
from tests.browser.test_painter import media, painter, ready, suggested  # noqa: F401
from tests.browser.waiting import until

SIZES = [(390, 844), (1366, 650), (1440, 900)]
MARKS = [{"x": 380, "y": 20, "word": "missed"}, {"x": 30, "y": 40, "word": "not a defect"}]


@pytest.fixture
def returned(transactional_db, assessor, reviewer, media):  # noqa: F811
    ready_photo(album="Meyer")
    mask = finish(services.claim_assignment(assessor=assessor))
    services.review_mask(
        reviewer=reviewer, mask=mask, verdict="returned", marks=MARKS, comment="Look again."
    )
    return mask


def in_window(page, found):
    box, size = found.bounding_box(), page.viewport_size
    assert box is not None
    assert box["x"] >= 0 and box["x"] + box["width"] <= size["width"]
    assert box["y"] >= 0 and box["y"] + box["height"] <= size["height"]
    return box


def no_sideways(page):
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def shot(page, folder, name):
    if folder:
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png")


@pytest.fixture
def folder():
    return os.environ.get("DESK_SHOTS", "")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_returned_work_is_mended_and_answered(
    open_page, accessible, returned, assessor, reviewer, width, height, folder
):
    page = open_page(assessor, width=width, height=height)
    page.goto(reverse("annotate_queue"))
    mend = page.get_by_role("button", name="Mend it")
    in_window(page, mend)
    no_sideways(page)
    accessible(page)
    shot(page, folder, "desk")
    mend.click()
    ready(page)
    if width < 700:
        page.click("#panel-toggle")
    answer = page.get_by_label("Answer to mark 2: not a defect")
    page.locator("#mark-list img").nth(1).scroll_into_view_if_needed()
    until(page, "document.querySelectorAll('#mark-list img')[1]?.naturalWidth === 192")
    with page.expect_response("**/answer/"):
        answer.fill("It is a button.")
        answer.press("Tab")
    accessible(page)
    shot(page, folder, "painter")
    page.goto("about:blank")
    look = open_page(reviewer, width=width, height=height)
    look.goto(reverse("annotate_review", args=[returned.pk]))
    expect(look.get_by_text("It is a button.")).to_be_visible()
    no_sideways(look)
    accessible(look)
    shot(look, folder, "review")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_an_album_is_a_room(
    open_page,
    accessible,
    admin,
    transactional_db,
    media,  # noqa: F811
    width,
    height,
    folder,
):
    for n in range(6):
        ready_photo(title=f"Meyer {n}", album="Meyer")
    page = open_page(admin, width=width, height=height)
    page.goto(reverse("annotate_albums"))
    accessible(page)
    page.get_by_role("link", name="Meyer").click()
    in_window(page, page.get_by_role("button", name="Restore the album"))
    no_sideways(page)
    accessible(page)
    page.get_by_label("Tick all on this page").check()
    in_window(page, page.get_by_role("button", name="Accept what waits"))
    shot(page, folder, "album")
    page.get_by_role("button", name="Delete…").click()
    expect(page.get_by_role("heading", name="Delete 6 photos of Meyer?")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Keep them").click()
    assert Photo.objects.filter(state="ready").count() == 6 and Album.objects.count() == 1


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_hidden_suggestions_leave_nothing_behind(
    painter,  # noqa: F811
    suggested,  # noqa: F811
    accessible,
    width,
    height,
    folder,
):
    page = painter(suggested, width=width, height=height)
    page.wait_for_selector("#painter[data-suggested]")
    expect(page.locator("#rail [data-tool=review]")).to_be_hidden()
    if width < 700:
        page.click("#panel-toggle")
    expect(page.locator("#suggest")).to_be_visible()
    expect(page.locator("#count-found")).to_be_hidden()
    expect(page.locator("[data-do=accept]")).to_be_hidden()
    page.check("#suggest")
    expect(page.locator("[data-do=accept]")).to_be_visible()
    in_window(page, page.get_by_role("link", name="Guideline: what to paint"))
    in_window(page, page.locator("#submit"))
    accessible(page)
    shot(page, folder, "suggestion")


def test_a_phone_has_classes_and_finish_in_reach(
    open_page,
    accessible,
    assessor,
    transactional_db,
    media,  # noqa: F811
    folder,
):
    known = storage.put(strokes_of(painted()), "application/octet-stream")
    ready_photo(origin=Origin.PRACTICE, wants_mask=False, true_mask=known)
    page = open_page(assessor, width=390, height=844, has_touch=True, is_mobile=True)
    page.goto(reverse("annotate_queue"))
    page.get_by_role("button", name="Practise").click()
    ready(page)
    assert "two fingers" in page.locator("#guide-text").inner_text()
    shot(page, folder, "practice")
    page.click("#guide-fold")
    expect(page.locator("#guide-text")).to_be_hidden()
    in_window(page, page.get_by_role("button", name="Hole", exact=True))
    page.get_by_role("button", name="Hole", exact=True).click()
    assert page.locator("[data-bit='4']").get_attribute("aria-pressed") == "true"
    in_window(page, page.locator("[data-bit='4'] canvas"))  # the colour and pattern of the class
    page.click("#rail [data-tool=tracer]")
    assert in_window(page, page.locator("#reach-finish"))["height"] >= 40
    in_window(page, page.locator("#submit"))
    accessible(page)
    shot(page, folder, "phone")


@pytest.mark.parametrize(
    "path", ["/", "/annotate/", "/annotate/guideline/", "/annotate/quality/", "/account/time-zone/"]
)
def test_the_staffs_header_is_one_row_with_a_menu(open_page, accessible, admin, path, folder):
    page = open_page(admin, width=390, height=844)
    page.goto(path)
    assert page.locator("header.top").bounding_box()["height"] <= 64
    page.get_by_text("Menu", exact=True).click()
    link = page.get_by_role("navigation", name="All pages").get_by_role("link", name="Reviews")
    in_window(page, link)
    no_sideways(page)
    accessible(page)
    shot(page, folder, path.strip("/").replace("/", "-") or "home")


def test_dates_are_told_on_the_browsers_clock(open_page, assessor):
    page = open_page(assessor, timezone_id="Asia/Tokyo")
    page.goto("/account/time-zone/")
    until(page, "document.cookie.includes('time_zone')")
    page.reload()
    expect(page.get_by_text("JST")).to_be_visible()


@pytest.mark.usefixtures("media")
def test_the_longest_names_fit_a_telephone(open_page, transactional_db, reviewer, accessible):
    photo = ready_photo(album="W" * 120, title="W" * 200)
    order = Order.objects.create(
        album=photo.album, customer="W" * 200, number="N" * 40, note="W" * 500
    )
    order.open_link(timezone.now().date())
    album = Album.objects.met(reviewer).get()
    page = open_page(reviewer, width=390, height=844)
    for address in (
        reverse("annotate_album", args=[album.pk]), reverse("annotate_albums"),
        reverse("annotate_photo", args=[photo.pk]), reverse("annotate_queue"), reverse("orders"),
        order.get_absolute_url(), reverse("handover", args=[order.token]),
    ):  # fmt: skip
        page.goto(address)
        no_sideways(page)
    accessible(page)
    page.goto(reverse("annotate_album", args=[album.pk]))
    sticks = "getComputedStyle(document.querySelector('.many-bar')).position"
    assert page.evaluate(sticks) == "static"
    page.check("[name=photo]")
    assert page.evaluate(sticks) == "sticky"


def test_a_figure_says_what_it_means_and_nobody_is_a_ceiling_alone(
    open_page, transactional_db, reviewer, accessible
):
    page = open_page(reviewer, width=390, height=844)
    page.goto(reverse("annotate_quality"))
    expect(page.get_by_text("Two people have not agreed on any damage yet")).to_be_visible()
    assert page.get_by_text("human ceiling").count() == 0
    figures = page.locator("th.num")
    assert figures.count() > 3
    assert figures.locator(".meant[title][tabindex='0']").count() == figures.count()
    accessible(page)
