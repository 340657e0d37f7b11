"""The first screen, where a thumb and a small laptop see it; a list that keeps itself up to date."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_restore import finish, in_production, photo  # noqa: F401
from tests.browser.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 650)])
def test_the_primary_action_and_the_picture_are_on_the_first_screen(open_page, width, height):
    page = open_page(width=width, height=height)
    page.goto("/")
    page.wait_for_selector("photo-compare.ready")
    button = page.locator("label[for=id_photos]").bounding_box()
    assert button["y"] + button["height"] <= height and button["height"] >= 40
    assert button["x"] >= 0 and button["x"] + button["width"] <= width
    shown = page.locator("photo-compare .stage").bounding_box()
    assert shown["y"] + shown["height"] / 2 <= height
    assert page.locator("photo-compare .clip img").evaluate("image => image.naturalWidth") == 600
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_why_a_file_is_refused_has_room_on_a_phone(open_page, tmp_path):
    diary = tmp_path / "diary.jpg"
    diary.write_text("no picture")
    page = open_page(width=390)
    page.goto("/")
    page.set_input_files("#id_photos", diary)
    page.locator(".restore-form .button.primary").click()
    row = page.locator(".chosen[data-state=refused]")
    expect(row).to_contain_text("not a JPEG")
    words, actions = (row.locator(each).bounding_box() for each in (".words", ".row-actions"))
    assert actions["y"] >= words["y"] + words["height"]
    assert words["width"] >= 180
    page.errors.clear()  # the browser logs the 415 as an error


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
@pytest.mark.parametrize("path", ["/", "/privacy/", "/imprint/"])
def test_it_is_accessible(open_page, accessible, path, width, scheme):
    page = open_page(width=width, color_scheme=scheme)
    page.goto(path)
    accessible(page)


def test_staff_find_the_loop(open_page, accessible, admin):
    page = open_page(admin, width=390)
    page.goto("/work/")
    expect(page.get_by_role("heading", name="The loop today")).to_be_visible()
    accessible(page)


def test_the_title_says_how_many_are_ready_and_the_picture_is_the_result(
    open_page,
    in_production,  # noqa: F811
    photo,  # noqa: F811
    tmp_path,
):
    other = tmp_path / "Grandfather.jpg"
    other.write_bytes(photo.read_bytes() + b"\0")
    page = open_page(width=390, height=844)
    page.goto("/")
    page.set_input_files("#id_photos", [photo, other])
    send = page.get_by_role("button", name="Restore 2 photographs")
    expect(send).to_be_in_viewport(ratio=1)  # below the window before anything was chosen
    send.click()
    page.locator("#sent .card").nth(1).wait_for()
    until(page, "document.title.startsWith('0 of 2 ready')")
    assert page.locator(".chosen").count() == 0
    finish()
    page.locator("#sent").get_by_text("2 of 2 ready").wait_for()
    until(page, "document.title.startsWith('2 of 2 ready')")
    expect(page.locator("#sent .card").first).to_be_in_viewport()
    shown = page.locator("#sent .thumb img").evaluate_all("all => all.map((each) => each.src)")
    assert len(shown) == 2 and all(src.endswith("/best.preview") for src in shown)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="All results as one ZIP").click()
    assert fetched.value.suggested_filename == "photographs.zip"
