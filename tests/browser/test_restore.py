"""Uploading, following, comparing and downloading in a real browser."""

import pytest
from playwright.sync_api import expect
from skimage import data

from pipeline.models import Restoration
from tests.pipeline.builders import production as install
from tests.pipeline.builders import upload

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def in_production(transactional_db, tmp_path):
    return install(tmp_path)


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "Grandmother.jpg"
    path.write_bytes(upload(data.astronaut()[:300, 60:320], "JPEG"))
    return path


def finish():
    """Runs what is queued, as a worker would."""
    from jobs.models import Job
    from jobs.tasks import run

    while job := Job.objects.claimable().order_by("created_at").first():
        run(str(job.pk))


@pytest.fixture
def done(in_production, photo):
    from pipeline.services import restore_later

    with photo.open("rb") as file:
        row = restore_later(file=file, name=photo.name, colourise=True)
    finish()
    return Restoration.objects.get(pk=row.pk)


def divider(page):
    return float(page.locator("photo-compare input[type=range]").input_value())


def test_from_upload_to_results(open_page, in_production, photo):
    page = open_page()
    page.goto("/restore/")
    page.set_input_files("#id_photos", photo)
    expect(page.locator(".chosen img")).to_be_visible()
    page.get_by_role("button", name="Restore", exact=True).click()
    page.wait_for_selector("#progress")
    expect(page.get_by_text("Yours is next.")).to_be_visible()
    finish()
    page.wait_for_selector("photo-compare.ready")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="TIFF of repaired", exact=True).click()
    assert fetched.value.suggested_filename == "Grandmother.repaired.tif"


def test_several_files_each_with_a_line_of_its_own(open_page, transactional_db, photo, tmp_path):
    diary = tmp_path / "diary.jpg"
    diary.write_text("dear diary")
    page = open_page()
    page.goto("/restore/")
    page.set_input_files("#id_photos", [photo, diary])
    drop_a_file(page, "notes.txt")
    lines = page.locator(".chosen")
    assert "not a JPEG" in lines.filter(has_text="notes.txt").inner_text()
    page.get_by_role("button", name="Restore 2 photographs").click()
    page.locator("#sent").get_by_role("link", name="Grandmother").wait_for()
    lines.filter(has_text="diary").get_by_text("This is not a JPEG").wait_for()
    again = lines.filter(has_text="diary").get_by_role("button", name="Try diary.jpg again")
    expect(again).to_be_visible()
    page.get_by_role("button", name="Remove diary.jpg").click()
    assert lines.count() == 1
    assert Restoration.objects.count() == 1
    page.errors.clear()  # the browser logs the 400 as an error


def drop_a_file(page, name):
    transfer = page.evaluate_handle(
        "name => { const t = new DataTransfer(); t.items.add(new File(['x'], name)); return t; }",
        name,
    )
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": transfer})


def test_pasting_and_cancelling(open_page, transactional_db, photo):
    page = open_page()
    page.goto("/restore/")
    page.evaluate(
        # It begins as a TIFF does: what is no photograph is forgotten with its first bytes, maybe
        # before the page asks to forget it.
        """() => { const t = new DataTransfer(), bytes = new Uint8Array(3e7);
        bytes.set([73, 73, 42, 0, 8, 0, 0, 0]);
        t.items.add(new File([bytes], 'big.tif', {type: 'image/tiff'}));
        document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: t})); }"""
    )
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 1e6},
    )
    page.get_by_role("button", name="Restore", exact=True).click()
    page.get_by_role("button", name="Remove big.tif").get_by_text("Cancel").click()
    page.locator(".chosen").wait_for(state="detached")
    assert not Restoration.objects.exists()


def test_the_divider_by_keyboard_and_pointer(open_page, done):
    page = open_page()
    page.goto(done.get_absolute_url())
    stage = page.locator("photo-compare .stage")
    stage.focus()
    page.keyboard.press("ArrowLeft")
    assert divider(page) == pytest.approx(0.45)
    box = stage.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 60)
    page.mouse.up()
    assert divider(page) == pytest.approx(0.8, abs=0.02)


def test_zooming_loads_the_full_picture(open_page, done):
    page = open_page()
    page.goto(done.get_absolute_url())
    page.locator("photo-compare .stage").focus()
    page.keyboard.press("+")
    page.wait_for_selector("photo-compare .clip img[src$='inpainted.jpg']")
    percent = page.evaluate("100 * document.querySelector('photo-compare').view.scale")
    assert percent in (33, 50, 67, 100, 150, 200, 300, 400)  # a round step of the painter's
    assert "scale(1)" not in page.locator("photo-compare .clip img").get_attribute("style")
    page.keyboard.press("0")
    assert "scale(1)" in page.locator("photo-compare .clip img").get_attribute("style")


def test_every_result_and_the_damage_can_be_shown(open_page, done):
    page = open_page()
    page.goto(done.get_absolute_url())
    page.get_by_label("Original in colour", exact=True).check()
    shown = page.locator("photo-compare .clip img")
    assert shown.get_attribute("src").endswith("/colorized.preview")
    page.get_by_label("Damage found").check()
    expect(page.locator("photo-compare .over img")).to_be_visible()


def test_holding_shows_the_original_and_stages_move_together(open_page, done):
    page = open_page()
    page.goto(done.get_absolute_url())
    flip = page.get_by_role("button", name="Hold to see the original")
    flip.hover()
    page.mouse.down()
    assert divider(page) == 1
    page.mouse.up()
    assert divider(page) == 0.5  # back at its place
    page.get_by_label("All stages side by side").check()
    panes = page.locator("photo-compare .pane")
    assert panes.count() == 4
    panes.nth(1).dblclick()
    moved = panes.locator("img").evaluate_all("all => all.map((each) => each.style.transform)")
    assert len(set(moved)) == 1
    assert "scale(4)" in moved[0]
    page.wait_for_selector("photo-compare .pane img[src$='mask.overlay']")


def test_marks_and_words_reach_the_lab(open_page, done):
    page = open_page()
    page.goto(done.get_absolute_url())
    page.get_by_label("Damage was left").check()
    page.get_by_role("button", name="Mark the places").click()
    page.locator("photo-compare .stage").click(position={"x": 100, "y": 80})
    expect(page.get_by_text("1 place marked.")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    page.get_by_text("You said: Damage was left (1 place marked)").wait_for()
    mark = done.feedback.get().marks[0]
    assert 0 < mark["x"] < done.photo.width
    assert 0 < mark["y"] < done.photo.height


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_pages_are_accessible_and_fit(open_page, accessible, admin, done, scheme, width):
    from pipeline.services import gallery

    gallery.allow(done, caption="Grandmother")
    shown = gallery.hang(done, by=admin)
    page = open_page(admin, width=width, color_scheme=scheme)
    mine = done.get_absolute_url()
    for path in (
        "/restore/",
        mine,
        f"{mine}mask/",
        "/restorations/",
        "/gallery/",
        f"/gallery/{shown.pk}/",
    ):
        page.goto(path)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.fixture
def asking(in_production, photo, monkeypatch):
    """A finished restoration that asks about three marks."""
    import numpy as np

    from pipeline.engine import pipeline
    from pipeline.engine.guarding import Guarding
    from pipeline.services import restore_later

    def guarded(image, bands, cuts, **_rule):
        list(bands)
        bits, asked = np.zeros((2, *image.shape[:2]), np.uint8)
        questions = []
        for number, (x, y, words) in enumerate(
            [(120, 60, "A mark on a face"), (30, 200, "Writing or a number"), (200, 20, "A line")],
            1,
        ):
            asked[y : y + 9, x : x + 30] = number << 2
            question = {"id": f"perhaps-{x}-{y}", "number": number, "reason": "perhaps", "x": x}
            question |= {"sentence": f"{words} was left: remove it?", "y": y, "width": 30}
            questions.append(question | {"height": 9, "area": 270, "certainty": 0.1})
        return Guarding(bits, asked, {"proposals": questions, "left_for_you": 3})

    monkeypatch.setattr(pipeline, "guarded", guarded)
    with photo.open("rb") as file:
        row = restore_later(file=file, name=photo.name, colourise=True)
    finish()
    return Restoration.objects.get(pk=row.pk)


@pytest.mark.parametrize("width", [1440, 390])
def test_what_was_left_is_asked_on_the_picture_and_answered_by_keyboard(
    open_page, asking, width, accessible
):
    page = open_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(asking.get_absolute_url())
    page.get_by_role("heading", name="Left for you").scroll_into_view_if_needed()
    page.locator(".asked-badge").first.wait_for(state="attached")
    accessible(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    yes = page.get_by_role("radio", name="Yes").first
    yes.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Restore with these answers").click()
    finish()
    page.locator(".questions.ready").wait_for()  # none is asked while the next version is made
    assert page.locator(".questions fieldset").count() == 2


def test_the_menu_is_one_line_on_a_phone(open_page, django_user_model):
    for user in (None, django_user_model.objects.create_superuser("admin", "a@example.org", "x")):
        page = open_page(user, width=390, height=844)
        page.goto("/restore/")
        links = page.locator("header.top :is(nav[aria-label=Main] a, summary):visible")
        tops = {round(links.nth(k).bounding_box()["y"]) for k in range(links.count())}
        assert len(tops) == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
