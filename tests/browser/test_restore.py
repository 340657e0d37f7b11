"""Uploading, following, comparing and downloading in a real browser."""

import pytest
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
        row = restore_later(file=file, name=photo.name)
    finish()
    return Restoration.objects.get(pk=row.pk)


def divider(page):
    return float(page.locator("photo-compare input[type=range]").input_value())


def test_from_upload_to_results(open_page, in_production, photo):
    page = open_page()
    page.goto("/restore/")
    page.set_input_files("input[type=file]", photo)
    assert page.get_by_text("Grandmother.jpg, 0.0 MB").is_visible()
    page.get_by_role("button", name="Restore", exact=True).click()
    page.wait_for_selector("#progress")
    assert page.get_by_text("Next in line.").or_(page.get_by_text("before this one")).is_visible()
    finish()
    page.wait_for_selector("photo-compare.ready", timeout=15_000)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="PNG of inpainted", exact=True).click()
    assert fetched.value.suggested_filename == "Grandmother.inpainted.png"


def test_dropping_files_on_the_page(open_page, transactional_db):
    page = open_page()
    page.goto("/restore/")
    transfer = page.evaluate_handle(
        "() => { const t = new DataTransfer(); t.items.add(new File(['x'], 'plate.tif')); return t; }"
    )
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": transfer})
    assert page.get_by_text("plate.tif").is_visible()


def test_a_bad_file_is_said_without_leaving_the_page(open_page, transactional_db, tmp_path):
    bad = tmp_path / "diary.jpg"
    bad.write_text("dear diary")
    page = open_page()
    page.goto("/restore/")
    page.set_input_files("input[type=file]", bad)
    page.get_by_role("button", name="Restore", exact=True).click()
    page.get_by_text("diary.jpg: This is not a JPEG").wait_for()
    page.errors.clear()  # the browser logs the 400 as an error


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
    assert "scale(1.5)" in page.locator("photo-compare .clip img").get_attribute("style")
    page.keyboard.press("0")
    assert "scale(1)" in page.locator("photo-compare .clip img").get_attribute("style")


def test_every_result_and_the_damage_can_be_shown(open_page, done):
    page = open_page()
    page.goto(done.get_absolute_url())
    page.get_by_label("Colourised", exact=True).check()
    shown = page.locator("photo-compare .clip img")
    assert shown.get_attribute("src").endswith("/colorized.preview")
    page.get_by_label("Damage found").check()
    assert page.locator("photo-compare .over img").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_pages_are_accessible_and_fit(open_page, accessible, admin, done, scheme, width):
    page = open_page(admin, width=width, color_scheme=scheme)
    for path in ("/restore/", done.get_absolute_url(), "/restorations/"):
        page.goto(path)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
