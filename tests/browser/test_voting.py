"""The voter's page in a real browser: one key a vote, both pictures at once, nothing to tell by."""

from functools import cache

import numpy as np
import pytest
from playwright.sync_api import expect

from config.errors import Refused
from evaluation import services
from evaluation.models import Ballot
from evaluation.services import ballots, control_ballots
from evaluation.stimuli import blind_copies
from tests.browser.waiting import until
from tests.conftest import person
from tests.evaluation.conftest import SECRETS, make_photo, make_version

HEIGHT, WIDTH = 420, 600


@pytest.fixture(autouse=True)
def media(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(control_ballots, "draw", lambda study, voter, standing: None)
    monkeypatch.setattr(blind_copies, "encode", encoded_once)


FILES = {}
encode = blind_copies.encode


def encoded_once(pixels):
    """Every test shows the same scenes."""
    key = blind_copies.digest(pixels)
    if key not in FILES:
        FILES[key] = encode(pixels)
    return FILES[key]


@cache
def scene(seed, grain=0):
    """A hill under a sky, with more or less grain."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    hill = y > 260 + 60 * np.sin(x / 90 + seed)
    picture = np.where(hill[..., None], [110, 100, 70], [205, 195, 170]).astype(float)
    picture += 25 * np.sin(x / 17)[..., None] * hill[..., None]
    return np.clip(picture + rng.normal(0, grain + 1, picture.shape), 0, 255).astype(np.uint8)


@pytest.fixture
def study(transactional_db):
    return opened("inpainting")


def opened(stage):
    versions = [make_version(name, stage) for name in SECRETS]
    photos = [make_photo(f"scan {number}") for number in range(4)]
    study = services.create_study(
        stage=stage,
        question="Which picture would you hand to the family?",
        versions=versions,
        photos=photos,
        training=False,
    )
    study.prepare()
    for seed, photo in enumerate(photos):
        damaged = scene(seed).copy()
        damaged[::37] = 250
        outputs = {None: damaged}
        outputs |= {c: scene(seed, grain=4 + 8 * c.position) for c in study.candidates.all()}
        services.store_copies(study=study, photo=photo, outputs=outputs)
    services.finish_opening(study=study)
    return study


@pytest.fixture
def page(open_page, study):
    page = open_page(person("vera", "voter"))
    page.goto(f"/studies/{study.number}/vote/")
    ready(page)
    return page


def ready(page):
    page.locator('[data-vote="left"]:not([disabled])').wait_for()


def count(page):
    return page.locator('[data-part="count"]').inner_text()


def test_one_key_a_vote(page, study):
    for votes, key in enumerate(["ArrowLeft", "2", "ArrowDown", "x"], start=1):
        page.keyboard.press(key)
        page.get_by_text(f"You have cast {votes} vote").wait_for()
        ready(page)
    assert [v.outcome for v in study.votes.all()] == ["left", "right", "equal", "both_bad"]
    assert all(v.seconds >= 1 for v in study.votes.all())


def test_taking_back_shows_the_same_pair_again(page, study):
    page.keyboard.press("ArrowLeft")
    page.get_by_text("You have cast 1 vote.").wait_for()
    ready(page)
    page.keyboard.press("z")
    page.get_by_text("Your last vote is taken back").wait_for()
    ready(page)
    assert count(page) == "You have cast 0 votes."
    assert study.votes.standing().count() == 0


def test_cannot_judge_asks_why(page, study):
    page.keyboard.press("s")
    page.get_by_text("Why can you not judge?").wait_for()
    page.keyboard.press("3")
    page.get_by_text("You have cast 1 vote.").wait_for()
    vote = study.votes.get()
    assert (vote.outcome, vote.reasons) == ("skip", ["I know this photo"])


def test_the_modes_and_the_original(page):
    second = page.locator('[data-slot="1"] img').first
    panels = page.locator(".panels")
    page.keyboard.press("m")
    assert panels.get_attribute("data-mode") == "flip"
    expect(second).to_be_hidden()
    page.keyboard.down("f")
    expect(second).to_be_visible()
    page.keyboard.up("f")
    page.keyboard.press("m")
    assert panels.get_attribute("data-mode") == "slider"
    expect(second).to_be_visible()
    page.keyboard.down(" ")
    expect(page.locator('[data-slot="0"] img.original')).to_be_visible()
    page.keyboard.up(" ")
    expect(page.locator('[data-slot="0"] img.original')).to_be_hidden()


def test_zoom_and_pan_move_both_pictures_alike(page):
    def places():
        script = "nodes => nodes.map(node => node.style.transform)"
        return page.locator(".panel img:not(.original)").evaluate_all(script)

    before = places()
    page.keyboard.press("r")
    page.keyboard.press("+")
    page.keyboard.press("Shift+ArrowDown")
    after = places()
    assert after[0] == after[1] != before[0] == before[1]
    page.keyboard.press("0")
    assert places() == before


def test_both_pictures_weigh_the_same_on_the_wire(page):
    script = """() => performance.getEntriesByType('resource')
        .filter(entry => entry.name.includes('/studies/ballot/'))
        .map(entry => [entry.transferSize, entry.encodedBodySize, entry.decodedBodySize])"""
    sizes = page.evaluate(script)[:3]  # the ballot on the screen; the next one follows
    assert len(sizes) == 3
    assert len({tuple(size) for size in sizes}) == 1


def test_the_next_ballot_is_fetched_while_this_one_is_looked_at(page, study):
    until(
        page,
        """() => performance.getEntriesByType('resource')
        .filter(entry => entry.name.includes('/studies/ballot/')).length === 6""",
    )
    page.keyboard.press("ArrowLeft")
    page.get_by_text("You have cast 1 vote.").wait_for()
    ready(page)
    first, second = Ballot.objects.order_by("issued_at")[:2]
    assert (first.state, second.state) == ("cast", "issued")
    assert page.evaluate("document.documentElement.outerHTML").count(second.token) == 0


def test_reload_shows_the_same_ballot(page, study):
    before = list(Ballot.objects.order_by("issued_at").values_list("token", flat=True)[:1])
    page.reload()
    ready(page)
    assert Ballot.objects.count() <= 2  # this one, and the next
    page.keyboard.press("ArrowLeft")
    page.get_by_text("You have cast 1 vote.").wait_for()
    assert study.votes.get().ballot.token == before[0]


def test_a_study_that_closes_says_so(page, study):
    services.close_study(study=study)
    page.errors.clear()
    page.keyboard.press("ArrowLeft")
    page.get_by_text("This study is closed: no more votes are taken.").wait_for()
    page.errors.clear()  # the browser notes the 409 on its console


def test_where_no_ballot_is_left_the_stage_goes(open_page, study, monkeypatch):
    def enough(study, voter):
        raise Refused(ballots.ENOUGH)

    monkeypatch.setattr(ballots, "ahead", lambda study, voter: None)
    page = open_page(person("vera", "voter"))
    page.goto(f"/studies/{study.number}/vote/")
    ready(page)
    monkeypatch.setattr(ballots, "_issue", enough)
    page.keyboard.press("ArrowLeft")
    page.get_by_text("all the votes it needs").wait_for()
    expect(page.locator('[data-part="panels"]')).to_be_hidden()
    expect(page.locator('[data-part="pair"]')).to_be_hidden()
    expect(page.get_by_role("button", name="Take the last vote back")).to_be_visible()
    expect(page.get_by_role("link", name="Back to the studies")).to_be_visible()
    page.errors.clear()  # the browser notes the 409


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_the_ballot_is_accessible(open_page, accessible, study, width, scheme):
    page = open_page(person("vera", "voter"), width=width, color_scheme=scheme)
    page.goto(f"/studies/{study.number}/vote/")
    ready(page)
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_the_pages_of_admins_are_accessible(open_page, accessible, study, admin, width, scheme):
    page = open_page(admin, width=width, color_scheme=scheme)
    for path in ["", "new/?stage=inpainting", f"{study.number}/"]:
        page.goto(f"/studies/{path}")
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.get_by_role("button", name="Close and decide").click()
    page.get_by_role("dialog").get_by_role("button", name="Close and decide").click()
    page.get_by_role("heading", name="No clear difference").wait_for()
    accessible(page)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 650)])
def test_the_answers_stay_in_view(open_page, study, width, height):
    page = open_page(person("vera", "voter"), width=width, height=height)
    page.goto(f"/studies/{study.number}/vote/")
    ready(page)
    for place in ("top", "bottom"):
        page.evaluate(f"scrollTo(0, {9999 * (place == 'bottom')})")
        for outcome in ("left", "equal", "right", "both_bad"):
            box = page.locator(f'[data-vote="{outcome}"]').bounding_box()
            assert box["y"] >= 0 and box["y"] + box["height"] <= height, (place, outcome, box)
    choices = page.locator(".choices").first.bounding_box()
    page.evaluate("scrollTo(0, 0)")
    first = page.locator('[data-slot="0"] .viewport').bounding_box()
    assert first["y"] + first["height"] <= choices["y"] + choices["height"]


def test_the_next_ballot_brings_the_pictures_back(open_page, study):
    page = open_page(person("vera", "voter"), width=390, height=844)
    page.goto(f"/studies/{study.number}/vote/")
    ready(page)
    page.get_by_text("What is wrong with the rest").click()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.locator('[data-vote="left"]').click()
    page.get_by_text("You have cast 1 vote.").wait_for()
    ready(page)
    assert page.locator('[data-slot="0"] .viewport').bounding_box()["y"] >= 0


def test_the_tools_are_behind_one_button_on_a_small_screen(open_page, study):
    page = open_page(person("vera", "voter"), width=390, height=844)
    page.goto(f"/studies/{study.number}/vote/")
    ready(page)
    expect(page.locator('[data-do="zoom-in"]')).to_be_hidden()
    page.get_by_role("button", name="Viewing tools").click()
    page.locator('[data-do="zoom-in"]').click()
    assert page.locator('[data-part="zoom"]').inner_text() != "fit"


def test_outlines_of_masks_show_while_their_key_is_held(open_page, transactional_db):
    study = opened("segmentation")
    page = open_page(person("vera", "voter"), width=1366, height=650)
    page.goto(f"/studies/{study.number}/vote/")
    ready(page)
    traces = page.locator("img.outlines")
    expect(traces.first).to_be_hidden()
    asked = page.evaluate("performance.getEntriesByType('resource').length")
    page.keyboard.down("t")
    for slot in (0, 1):
        traces.nth(slot).wait_for()
        drawn = traces.nth(slot).evaluate("node => [node.naturalWidth, node.src.length]")
        assert drawn[0] == WIDTH and drawn[1] > 500
    assert page.evaluate("performance.getEntriesByType('resource').length") <= asked + 2
    page.keyboard.up("t")
    expect(traces.first).to_be_hidden()


def test_a_study_of_pictures_has_no_outlines(page):
    page.keyboard.down("t")
    expect(page.locator("img.outlines").first).to_be_hidden()
    assert page.locator('[data-hold="outlines"]').count() == 0


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 650)])
def test_each_ballot_begins_with_the_stage_and_the_answers_in_view(open_page, study, width, height):
    page = open_page(person("vera", "voter"), width=width, height=height)
    page.goto(f"/studies/{study.number}/vote/")
    ready(page)
    for votes in (1, 2):
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.locator('[data-vote="equal"]').click()
        page.get_by_text(f"You have cast {votes} vote").wait_for()
        ready(page)
        stage = page.locator('[data-slot="0"] .viewport').bounding_box()
        answer = page.locator('[data-vote="left"]').bounding_box()
        assert 0 <= stage["y"] < answer["y"] and answer["y"] + answer["height"] <= height
        expect(page.locator('[data-do="zoom-in"]')).to_be_hidden()
