"""The page *Correct the mask*: the painter's tools, a look at each stroke's filling, a mask file."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from skimage import data

from pipeline.models import Restoration, Stroke
from tests.browser.test_restore import done, finish, in_production  # noqa: F401
from tests.pipeline.builders import upload

pytestmark = pytest.mark.django_db(transaction=True)


SPECK = 40, 150, 4  # x, y, radius


@pytest.fixture
def photo(tmp_path):
    """A portrait with a white speck."""
    pixels = data.astronaut()[:300, 60:320].copy()
    y, x = np.mgrid[:300, :260]
    pixels[np.hypot(x - SPECK[0], y - SPECK[1]) <= SPECK[2]] = 255
    path = tmp_path / "Grandmother.png"
    path.write_bytes(upload(pixels))
    return path


def opened(open_page, row, **options):
    page = open_page(**options)
    page.goto(f"{row.get_absolute_url()}mask/")
    page.wait_for_selector("#painter[data-ready]")
    return page


def place(page, x, y):
    """Where a part of the stage lies on the screen; x, y from 0 to 1."""
    box = page.locator("#stage").bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def on_photo(page, row, x, y):
    """Where a pixel of the whole photo lies on the screen."""
    box = page.locator("#stage").bounding_box()
    width, height = row.photo.width, row.photo.height
    scale = 0.96 * min((box["width"] - 4) / width, (box["height"] - 4) / height)
    left, top = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    return left + (x - width / 2) * scale, top + (y - height / 2) * scale


def stroke(page, start, end):
    page.mouse.move(*place(page, *start))
    page.mouse.down()
    page.mouse.move(*place(page, *end), steps=4)
    page.mouse.up()


def asked(page, act):
    """What the site answers to the look that an action asks for."""
    with page.expect_response(lambda answer: answer.url.endswith("/mask/stroke/")) as found:
        act()
    assert found.value.status == 202


def filled(page):
    """Runs the look, as a worker would, and waits until it shows."""
    finish()
    page.wait_for_selector("#said[data-state=filled]")


def drawn(page):
    """How many pixels of fillings and guides lie over the photo."""
    page.evaluate("() => new Promise(requestAnimationFrame)")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    return page.locator("#guide-canvas").evaluate(
        "c => c.hidden ? 0 : c.getContext('2d').getImageData(0, 0, c.width, c.height)"
        ".data.filter((v, k) => k % 4 == 3 && v).length"
    )


def test_a_stroke_is_filled_in_its_place_and_undo_takes_it_back(open_page, done):  # noqa: F811
    page = opened(open_page, done)
    asked(page, lambda: stroke(page, (0.5, 0.5), (0.55, 0.5)))
    assert "Filling around" in page.locator("#live").inner_text()
    filled(page)
    shown = drawn(page)
    assert shown > 200
    made = Stroke.objects.get()
    x, _, width, height = made.box
    assert x > 0
    assert width * height < done.photo.width * done.photo.height / 4
    page.keyboard.press("Control+z")
    assert drawn(page) == 0
    asked(page, lambda: page.keyboard.press("Control+Shift+z"))
    filled(page)
    assert drawn(page) == shown
    page.keyboard.down("h")
    assert drawn(page) == 0
    page.keyboard.up("h")
    assert drawn(page) == shown
    page.keyboard.press("q")
    assert not page.get_by_label("Fill each stroke as I go").is_checked()
    assert drawn(page) == 0


def test_tracer_and_speck_tool_mark_and_undo(open_page, done):  # noqa: F811
    page = opened(open_page, done)
    page.wait_for_selector("#painter[data-traceable]")
    page.keyboard.press("q")  # marks alone
    undo = page.get_by_role("button", name="Undo")
    page.keyboard.press("l")
    for x in (0.45, 0.55):
        page.mouse.click(*place(page, x, 0.4))
    finish_line = page.get_by_role("button", name="Finish")
    finish_line.click()
    page.get_by_text("Line of 1 segment painted.").wait_for()
    page.keyboard.press("Control+z")
    assert undo.is_disabled()
    page.get_by_role("button", name="Speck").click()
    expect(finish_line).to_be_hidden()
    page.mouse.click(*on_photo(page, done, *SPECK[:2]))
    page.wait_for_selector("#undo:enabled")
    page.keyboard.press("Control+z")
    assert undo.is_disabled()


def test_by_keyboard_alone_from_stroke_to_restoration(open_page, done):  # noqa: F811
    page = opened(open_page, done)
    page.locator("#stage").focus()
    page.keyboard.press("3")
    page.keyboard.press("ArrowRight")
    page.keyboard.down("Space")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    asked(page, lambda: page.keyboard.up("Space"))
    filled(page)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.tool") == "brush"
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#progress")
    expect(page.get_by_text("Below is the earlier version.")).to_be_visible()
    finish()
    page.get_by_text("A person's mask decides").wait_for()
    row = Restoration.objects.exclude(pk=done.pk).get()
    assert row.mask.report["covered"] > done.mask.report["covered"]
    assert row.mask.report["shares"]["hole"] > done.mask.report["shares"]["hole"]


def test_a_mask_file_takes_the_place_of_the_marks(open_page, done, tmp_path):  # noqa: F811
    pixels = np.zeros((done.photo.height, done.photo.width), np.uint8)
    pixels[20:30, 40:90] = 255
    good, bad = tmp_path / "mine.tif", tmp_path / "small.png"
    Image.fromarray(pixels).save(good)
    Image.fromarray(pixels[:-1]).save(bad)
    page = opened(open_page, done)
    page.get_by_label("Stain or scuff").check()
    page.set_input_files("#mask-file", good)
    page.get_by_text("The file's marks are in place").wait_for()
    page.get_by_role("button", name="Restore with this mask").click()
    page.wait_for_selector("#progress")
    finish()
    row = Restoration.objects.exclude(pk=done.pk).get()
    assert row.mask.report["shares"]["scuff"] == 500 / pixels.size
    page = opened(open_page, done)
    page.errors.clear()
    page.set_input_files("#mask-file", bad)
    page.get_by_text("a mask has the photo's size").wait_for()
    assert page.get_by_role("button", name="Undo").is_disabled()
    page.errors.clear()  # the browser's own note of the 400
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#banner")).to_be_hidden()


@pytest.mark.parametrize(
    ("width", "height", "scheme"), [(1440, 900, "light"), (390, 844, "dark"), (1024, 700, "dark")]
)
def test_all_of_it_lies_in_one_viewport(
    open_page,
    accessible,
    done,  # noqa: F811
    width,
    height,
    scheme,
):
    small = width < 400
    page = opened(open_page, done, width=width, height=height, color_scheme=scheme, has_touch=small)
    accessible(page)
    if small:
        page.get_by_role("button", name="Settings").click()
        page.locator("#panel.open").wait_for()
        accessible(page)
    room = "document.documentElement"
    assert page.evaluate(f"{room}.scrollWidth <= innerWidth && {room}.scrollHeight <= innerHeight")
    targets = page.locator(".painter-bar :is(a, button), .painter-rail button, #banner-close")
    for left, top, right, bottom in targets.evaluate_all(
        "all => all.filter(e => e.offsetParent).map(e => e.getBoundingClientRect())"
        ".map(r => [r.left, r.top, r.right, r.bottom])"
    ):
        assert left >= 0
        assert top >= 0
        assert right <= width
        assert bottom <= height
        assert min(right - left, bottom - top) >= 24


def test_on_a_phone_a_tap_paints_and_finish_is_in_reach(open_page, done):  # noqa: F811
    page = opened(open_page, done, width=390, height=844, has_touch=True)
    page.wait_for_selector("#painter[data-traceable]")
    page.get_by_role("button", name="Trace").tap()
    for x in (0.4, 0.6):
        page.touchscreen.tap(*place(page, x, 0.5))
    asked(page, lambda: page.get_by_role("button", name="Finish").tap())
    filled(page)
    assert page.get_by_role("button", name="Undo").is_enabled()


def test_without_a_mask_file_the_png_of_a_result_goes_back_in(open_page, done, tmp_path):  # noqa: F811
    out = io.BytesIO(open_page().request.get(f"{done.get_absolute_url()}mask.png").body())
    path = tmp_path / "mask.png"
    path.write_bytes(out.getvalue())
    page = opened(open_page, done)
    page.set_input_files("#mask-file", path)
    page.get_by_text("The file marks just what is marked").wait_for()
    assert page.get_by_role("button", name="Undo").is_disabled()
