"""The painter in a real browser, against the real site: nothing painted is ever lost."""

import hashlib
import re

import numpy as np
import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from annotate import services
from annotate.models import Assignment, DefectMask, Suggestion
from photos import services as photos
from photos import storage
from tests.annotate.builders import file_of, painted, ready_photo
from tests.annotate.test_assignments import end_leases

WIDTH, HEIGHT = 400, 300


@pytest.fixture(autouse=True)
def media(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.JOB_HEARTBEAT_SECONDS = 60
    for rules in (photos, services.assignment_start, services.honeypots):
        monkeypatch.setattr(rules, "drawn", lambda percent: False)


@pytest.fixture
def assignment(transactional_db, assessor):
    ready_photo()
    return services.claim_assignment(assessor=assessor)


@pytest.fixture
def suggested(transactional_db, assessor):
    photo = ready_photo()
    probability = Image.fromarray(np.where(painted() > 0, 230, 10).astype(np.uint8))
    Suggestion.objects.create(
        photo=photo, weights="w" * 64, threshold=0.5,
        probability=storage.put(file_of(probability), "image/png"),
    )  # fmt: skip
    return services.claim_assignment(assessor=assessor)


@pytest.fixture
def painter(open_page, assessor):
    """``painter(assignment)`` opens the painter and waits until it can paint."""

    def open_one(assignment, page=None, **options):
        page = page or open_page(assessor, **options)
        page.goto(reverse("annotate_paint", args=[assignment.pk]))
        ready(page)
        return page

    return open_one


def ready(page):
    page.wait_for_selector("#painter[data-full][data-history]")


def stroke(page, start, end):
    """Coordinates in hundredths of the photo's width and height."""
    for (u, v), act in ((start, page.mouse.down), (end, page.mouse.up)):
        box = page.locator("#stage").bounding_box()
        scale = min(box["width"] / WIDTH, box["height"] / HEIGHT) * 0.96
        x = box["x"] + box["width"] / 2 + (u / 100 - 0.5) * WIDTH * scale
        y = box["y"] + box["height"] / 2 + (v / 100 - 0.5) * HEIGHT * scale
        page.mouse.move(x, y, steps=6)
        act()


def saved(page):
    page.wait_for_selector('#save-state[data-state="saved"]')


def stored(assignment):
    mask = DefectMask.objects.get(assignment=assignment)
    return services.read_mask(mask)


def test_what_is_painted_is_saved_and_comes_back(painter, assignment):
    page = painter(assignment)
    stroke(page, (20, 20), (60, 20))
    page.keyboard.press("3")
    stroke(page, (20, 60), (60, 60))
    saved(page)
    before = stored(assignment)
    assert {1, 4} <= set(np.unique(before))
    page.reload()
    ready(page)
    page.keyboard.press("1")
    stroke(page, (20, 80), (60, 80))
    saved(page)
    after = stored(assignment)
    assert (after[before > 0] == before[before > 0]).all()
    assert (after > 0).sum() > (before > 0).sum()


def test_a_stroke_survives_a_reload_at_once_and_can_still_be_undone(painter, assignment):
    page = painter(assignment)
    stroke(page, (20, 20), (60, 20))
    stroke(page, (20, 60), (60, 60))
    page.reload()
    ready(page)
    saved(page)
    both = (stored(assignment) > 0).sum()
    page.keyboard.press("Control+z")
    saved(page)
    one = (stored(assignment) > 0).sum()
    page.click("#undo")
    saved(page)
    assert both > one > 0 == (stored(assignment) > 0).sum()
    page.keyboard.press("Control+Shift+Z")
    saved(page)
    assert (stored(assignment) > 0).sum() == one


def test_submitting_stores_exactly_what_was_seen(painter, assignment, live_server):
    page = painter(assignment)
    stroke(page, (20, 20), (60, 70))
    page.get_by_text("1 of 1 parts").wait_for()
    page.keyboard.press("Control+Enter")  # no question: all of the photo was looked at
    page.wait_for_url(f"{live_server.url}{reverse('annotate_queue')}")
    mask = DefectMask.objects.get(assignment=assignment)
    assert mask.state == DefectMask.State.SUBMITTED
    assert mask.digest == hashlib.sha256(stored(assignment).tobytes()).hexdigest()
    assert mask.tools["brush"]["actions"] == 1


def test_the_suggestion_is_decided_component_by_component(painter, suggested):
    page = painter(suggested)
    page.wait_for_selector("#painter[data-suggested]")
    count = int(page.text_content("#count-left"))
    assert not page.is_checked("#suggest")  # its network has not proved itself yet
    page.focus("#stage")
    page.keyboard.press("v")
    assert page.is_checked("#suggest")
    page.keyboard.press("Tab")
    page.keyboard.press("a")
    saved(page)
    crack = stored(suggested) > 0
    truth = painted() > 0
    assert crack.sum() > 1000 and truth[crack].all()
    assert int(page.text_content("#count-left")) == count - 1
    page.keyboard.press("Control+z")
    assert int(page.text_content("#count-left")) == count
    saved(page)
    assert not stored(suggested).any()


def test_decisions_come_back_with_the_page(painter, suggested):
    page = painter(suggested)
    page.wait_for_selector("#painter[data-suggested]")
    count = int(page.text_content("#count-left"))
    page.focus("#stage")
    page.keyboard.press("v")
    page.keyboard.press("Tab")
    page.keyboard.press("r")
    page.reload()
    ready(page)
    page.wait_for_selector("#painter[data-suggested]")
    assert int(page.text_content("#count-left")) == count - 1


def test_a_second_tab_watches_until_it_takes_over(painter, assignment):
    first = painter(assignment)
    stroke(first, (20, 20), (60, 20))
    second = painter(assignment, page=first.context.new_page())
    expect(second.get_by_text("This photo is open in another tab.")).to_be_visible()
    stroke(second, (20, 60), (60, 60))
    second.get_by_role("button", name="Paint here instead").click()
    second.wait_for_selector("#painter[data-full]:not([data-watching])")
    expect(first.get_by_text("Another tab took over this photo.")).to_be_visible()
    stroke(second, (20, 80), (60, 80))
    saved(second)
    rows = np.flatnonzero(stored(assignment).any(axis=1)) * 100 // HEIGHT
    assert 20 in rows and 80 in rows and 60 not in rows


def test_painting_goes_on_without_the_server(painter, assignment):
    page = painter(assignment)
    page.route("**/strokes/", lambda route: route.abort())
    stroke(page, (20, 20), (60, 20))
    page.wait_for_selector('#save-state[data-state="offline"]')
    stroke(page, (20, 60), (60, 60))
    expect(page.get_by_text("2 steps are kept on this computer")).to_be_visible()
    assert not stored(assignment).any()
    page.unroute("**/strokes/")
    page.get_by_role("button", name="Try now").click()
    saved(page)
    assert page.locator("#banner").is_hidden()
    assert {20, 60} <= set(np.flatnonzero(stored(assignment).any(axis=1)) * 100 // HEIGHT)
    page.errors.clear()  # the aborted requests


def test_without_its_preview_the_photo_itself_is_shown(open_page, assessor, assignment):
    page = open_page(assessor)
    page.route("**/preview/", lambda route: route.abort())
    page.goto(reverse("annotate_paint", args=[assignment.pk]))
    expect(page.get_by_text("The preview did not load")).to_be_attached()
    ready(page)
    expect(page.get_by_text("Opening the photo")).to_be_hidden()
    assert not [line for line in page.errors if line.startswith("page error")]
    page.errors.clear()  # the request that failed, in the browser's own words
    stroke(page, (20, 20), (60, 20))
    saved(page)
    assert stored(assignment).any()


def test_a_lost_session_loses_nothing(painter, assignment, assessor, sign_in, settings):
    page = painter(assignment)
    cookie = page.context.cookies()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    stroke(page, (20, 20), (60, 20))
    page.wait_for_selector('#save-state[data-state="signed-out"]')
    expect(page.get_by_role("button", name="Sign in in a small window")).to_be_visible()
    page.context.add_cookies([c for c in cookie if c["name"] == settings.SESSION_COOKIE_NAME])
    page.get_by_role("button", name="Send now").click()
    saved(page)
    assert stored(assignment).any()
    page.errors.clear()


def test_work_after_the_lease_went_to_someone_else_is_kept(painter, assignment, other_assessor):
    page = painter(assignment)
    end_leases()
    assert services.claim_assignment(assessor=other_assessor).photo_id == assignment.photo_id
    stroke(page, (20, 20), (60, 20))
    page.wait_for_selector('#save-state[data-state="lost"]')
    assert stored(assignment).any()
    for _ in range(2):
        page.get_by_role("button", name="Ask for it back").click()
        page.wait_for_timeout(400)
        assert page.locator("#save-text").inner_text() == "Kept for the reviewers"
    page.errors.clear()


def test_another_computer_is_joined_not_overwritten(painter, open_page, assignment, assessor):
    here, there = painter(assignment), painter(assignment, page=open_page(assessor))
    stroke(there, (20, 20), (60, 20))
    saved(there)
    stroke(here, (20, 60), (60, 60))
    saved(here)
    assert {20, 60} <= set(np.flatnonzero(stored(assignment).any(axis=1)) * 100 // HEIGHT)
    here.errors.clear()  # the stale answer


def test_clashing_parts_are_decided_one_by_one(
    painter, open_page, accessible, assignment, assessor
):
    here, there = painter(assignment), painter(assignment, page=open_page(assessor))
    stroke(there, (20, 20), (60, 20))
    stroke(there, (30, 70), (50, 70))
    saved(there)
    here.keyboard.press("2")
    stroke(here, (20, 20), (60, 20))
    stroke(here, (30, 70), (50, 70))
    here.wait_for_selector("#merge-dialog[open]")
    accessible(here)
    here.keyboard.press("t")
    here.get_by_text("Part 2 of 2").wait_for()
    here.keyboard.press("b")
    saved(here)
    assert set(np.unique(stored(assignment))) == {0, 1, 3}
    here.errors.clear()  # the stale answer


def test_it_is_painted_by_keyboard_alone(painter, assignment):
    page = painter(assignment)
    page.focus("#stage")
    page.keyboard.press("ArrowRight")
    page.keyboard.down(" ")
    for _ in range(5):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.up(" ")
    saved(page)
    columns = np.flatnonzero(stored(assignment).any(axis=0))
    assert 55 <= columns.max() - columns.min() <= 70


def test_a_handed_in_mask_is_only_looked_at(painter, assignment):
    Assignment.objects.update(state=Assignment.State.SUBMITTED)
    page = painter(assignment)
    expect(page.get_by_text("you can look, but not paint")).to_be_visible()
    stroke(page, (20, 20), (60, 20))
    assert page.locator("#undo").is_disabled()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_the_painter_is_accessible_and_fits(painter, accessible, suggested, width, scheme):
    page = painter(suggested, width=width, color_scheme=scheme)
    page.wait_for_selector("#painter[data-suggested]")
    accessible(page)
    if width < 900:
        page.click("#panel-toggle")
        accessible(page)
        page.click("#panel-toggle")
    page.keyboard.press("?")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert re.search(r"\d+ %", page.text_content("#zoom"))


def crack_photo():
    """A dark crack on a light ground, three pixels wide, and one round speck."""
    luma = np.full((HEIGHT, WIDTH), 180, np.uint8)
    truth = np.zeros((HEIGHT, WIDTH), bool)
    for x in range(40, 360):
        y = int(150 + 50 * np.sin(x / 50))
        truth[y - 1 : y + 2, x] = True
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    speck = np.hypot(y - 240, x - 100) <= 5
    luma[truth | speck] = 70
    return luma, truth, speck


@pytest.fixture
def cracked(transactional_db, assessor):
    luma, truth, speck = crack_photo()
    photo = ready_photo()
    image = storage.put(file_of(np.stack([luma] * 3, -1)), "image/png")
    photo.display = photo.preview = image
    photo.cost_map = None
    photo.save()
    return services.claim_assignment(assessor=assessor), truth, speck


def dice(a, b):
    return 2 * (a & b).sum() / (a.sum() + b.sum())


def test_two_clicks_trace_a_crack_and_one_takes_a_speck(painter, cracked):
    assignment, truth, speck = cracked
    page = painter(assignment)
    page.wait_for_selector("#painter[data-traceable]")
    page.keyboard.press("l")
    for x in (45, 350):
        at = (x / WIDTH * 100, (150 + 50 * np.sin(x / 50)) / HEIGHT * 100)
        stroke(page, at, at)
        page.wait_for_timeout(500)
    page.keyboard.press("Enter")
    page.wait_for_selector("#undo:enabled")
    saved(page)
    assert dice(stored(assignment) > 0, truth) > 0.85
    page.keyboard.press("k")
    stroke(page, (25, 80), (25, 80))
    page.get_by_text("Kept here").wait_for()
    saved(page)
    below = slice(220, None)  # the crack's own edge stays above
    assert dice(stored(assignment)[below] > 0, speck[below]) > 0.85


def test_the_magnifier_shows_what_lies_under_the_pointer(painter, cracked):
    page = painter(cracked[0])
    page.keyboard.press("m")
    box = page.locator("#stage").bounding_box()
    scale = min(box["width"] / WIDTH, box["height"] / HEIGHT) * 0.96
    levels = []
    for x, y in ((100, 240), (300, 40)):  # the dark speck, the light ground
        at = (
            box["width"] / 2 + (x - WIDTH / 2) * scale,
            box["height"] / 2 + (y - HEIGHT / 2) * scale,
        )
        page.mouse.move(box["x"] + at[0], box["y"] + at[1])
        expect(page.locator("#magnifier")).to_be_visible()
        pixel = "(c) => c.getContext('2d').getImageData(90, 90, 1, 1).data[0]"
        levels.append(page.locator("#magnifier").evaluate(pixel))
    assert levels[0] < 100 < levels[1]
