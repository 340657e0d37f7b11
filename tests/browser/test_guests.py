"""A guest in a real browser, on a telephone: opens the link, practises, votes, comes back."""

import pytest

from evaluation import services
from evaluation.models import LESSON, Ballot, Guest
from evaluation.services import guests
from tests.browser.test_voting import count, media, ready, scene
from tests.evaluation.conftest import SECRETS, make_photo, make_version

__all__ = ["media"]
NARROW = {"width": 390, "height": 844}


@pytest.fixture
def study(transactional_db):
    photos = [make_photo(f"scan {number}") for number in range(8)]
    study = services.create_study(
        stage="inpainting",
        question="Which picture would you hand to the family?",
        versions=[make_version(name) for name in SECRETS],
        photos=photos,
        training=True,
    )
    study.prepare()
    for number, photo in enumerate(photos):
        outputs = {None: scene(number % 4, grain=2)}
        outputs |= {c: scene(number % 4, 4 + 8 * c.position) for c in study.candidates.all()}
        services.store_copies(study=study, photo=photo, outputs=outputs, number=number)
    services.finish_opening(study=study)
    study.refresh_from_db()
    return study


@pytest.fixture
def link(study, admin):
    _, secret = guests.invite(study=study, by=admin, name="Aunt Rosa", quota=2, days=3)
    return f"/studies/guest/{secret}/"


def practise(page):
    for number in range(1, 9):
        page.get_by_text(f"Practice {number} of 8").first.wait_for()
        ready(page)
        ballot = Ballot.objects.get(kind="training", state="issued")
        page.keyboard.press("2" if ballot.slots[0] == LESSON else "1")
        page.get_by_text("Right.").wait_for()
        page.get_by_role("button", name="Go on").click()


def test_a_guest_opens_practises_and_votes(open_page, study, link, accessible):
    page = open_page(**NARROW)
    page.goto(link)
    accessible(page)
    page.get_by_role("button", name="Begin in this browser").click()
    practise(page)
    ready(page)
    box = page.locator('[data-vote="left"]').bounding_box()
    assert box["y"] + box["height"] <= NARROW["height"]
    page.get_by_role("button", name="Image 1 is better").click()
    page.get_by_text("You have cast 1 vote.").wait_for()
    ready(page)
    accessible(page)
    page.reload()  # comes back another day, by the link even
    page.goto(link)
    ready(page)
    assert count(page) == "You have cast 1 vote."
    page.get_by_role("button", name="I had a part in one of these").click()
    page.get_by_role("dialog", name=f"Stop voting in {study}?").wait_for()
    page.keyboard.press("1")  # no vote while something is asked
    accessible(page)
    page.get_by_role("button", name="Keep it").click()
    assert count(page) == "You have cast 1 vote."
    page.get_by_role("button", name="Image 2 is better").click()
    page.get_by_text(guests.ENOUGH).wait_for()
    page.errors.clear()  # the browser's own note of the 409
    assert [vote.outcome for vote in study.votes.ordinary()] == ["left", "right"]
    assert all(vote.record["guest"] for vote in study.votes.all())


def test_another_browser_is_told(open_page, study, link):
    first, second = open_page(**NARROW), open_page(**NARROW)
    for page in (first, second):
        page.goto(link)
    first.get_by_role("button", name="Begin in this browser").click()
    first.get_by_text("Practice 1 of 8").first.wait_for()
    second.get_by_role("button", name="Begin in this browser").click()
    second.get_by_text("was opened in another browser").wait_for()
    second.errors.clear()  # the browser's own note of the 410
    assert Guest.objects.exclude(account=None).count() == 1


@pytest.mark.parametrize("width", [1440, 390])
def test_an_admin_invites_and_withdraws(open_page, study, accessible, admin, width):
    page = open_page(admin, width=width)
    page.goto(f"/studies/{study.number}/")
    page.get_by_role("link", name="Invite a guest").click()
    page.get_by_label("Name").fill("Aunt Rosa")
    accessible(page)
    page.get_by_role("button", name="Make the link").click()
    address = page.locator("[data-secret]").inner_text()
    assert "/studies/guest/" in address
    page.goto(f"/studies/{study.number}/")
    page.get_by_text("link not opened").wait_for()
    accessible(page)
    assert page.evaluate("document.querySelector('main').scrollWidth <= innerWidth")
    page.get_by_role("button", name="Withdraw the invitation of Aunt Rosa").click()
    page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    page.get_by_text("The invitation is withdrawn.").wait_for()
