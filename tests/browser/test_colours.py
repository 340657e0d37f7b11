"""Colours corrected on the result page: by finger on a phone and by keys, found in the download."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from pipeline.models import Restoration
from tests.browser.test_restore import finish, in_production  # noqa: F401
from tests.pipeline.builders import upload
from training.imaging import colour

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = 480, 600  # px, width and height
JACKET, WALL = (240, 500), (60, 60)
SCARLET = (0xC4, 0x1C, 0x22)


def portrait():
    """A head and a jacket before a wall, with grain."""
    grey = np.full(SIZE[::-1], 190, np.uint8)
    cv2.ellipse(grey, (240, 220), (80, 105), 0, 0, 360, 150, -1)
    cv2.ellipse(grey, (240, 590), (190, 230), 0, 0, 360, 70, -1)
    noise = np.random.default_rng(3).normal(0, 2, grey.shape)
    return np.clip(cv2.GaussianBlur(grey, (0, 0), 1) + noise, 0, 255).astype(np.uint8)


@pytest.fixture
def done(in_production, tmp_path):  # noqa: F811
    from django.core.files.base import ContentFile

    from pipeline.services import restore_later

    row = restore_later(file=ContentFile(upload(portrait())), name="Uncle Carl.png")
    finish()
    return Restoration.objects.get(pk=row.pk)


def begin(page, row, group="Uniforms", name="Scarlet"):
    page.goto(row.get_absolute_url())
    page.get_by_role("button", name="Paint colours").click()
    page.get_by_label("Palette").select_option(label=group)
    page.get_by_role("radio", name=name).check()
    told(page, "No strokes")


def start(page, row, sentence):
    """Begins to paint where something is missing, of which the page tells."""
    page.goto(row.get_absolute_url())
    page.get_by_role("button", name="Paint colours").click()
    told(page, sentence)


def told(page, sentence):
    page.locator("[data-told]", has_text=sentence).wait_for()


def without_page_errors(page):
    """What the browser itself says of requests that failed does not count."""
    assert not [line for line in page.errors if line.startswith("page error")]
    page.errors.clear()


def settled(page, count):
    page.locator(f"[data-colouring] [data-told]:has-text('{count} stroke')").wait_for()


def place(page, at):
    page.locator("photo-compare .stage").scroll_into_view_if_needed()
    box = page.locator("photo-compare .stage").bounding_box()
    scale = box["width"] / SIZE[0]
    return box["x"] + at[0] * scale, box["y"] + at[1] * scale


def shown(page, at):
    """(Cb, Cr) of the look at a place of the photo."""
    read = """(c, [x, y]) => [...c.getContext('2d').getImageData(
        Math.floor(x * c.width / 480), Math.floor(y * c.height / 600), 1, 1).data]"""
    pixel = page.locator("photo-compare .coloured canvas").evaluate(read, list(at))
    return colour.rgb_to_ycbcr(np.array(pixel[:3], np.float64))[1:] - 128


def is_scarlet(chroma):
    return chroma[1] > 25 and chroma[0] < 0


def test_a_jacket_is_corrected_on_a_phone_and_found_in_the_download(open_page, done):
    page = open_page(width=390, height=844, has_touch=True, is_mobile=True, device_scale_factor=2)
    begin(page, done)
    before = shown(page, JACKET), shown(page, WALL)
    page.touchscreen.tap(*place(page, JACKET))
    settled(page, 1)
    assert is_scarlet(shown(page, JACKET))
    assert is_scarlet(shown(page, (130, 540)))  # it spread
    np.testing.assert_array_equal(shown(page, WALL), before[1])
    page.get_by_role("button", name="Undo").click()
    told(page, "No strokes")
    np.testing.assert_array_equal(shown(page, JACKET), before[0])
    page.get_by_role("button", name="Redo").click()
    settled(page, 1)
    page.get_by_role("button", name="Keep these colours").click()
    page.wait_for_selector("#progress")
    finish()
    page.get_by_role("button", name="Paint colours").wait_for()
    expect(page.get_by_role("link", name="2: your colours")).to_be_visible()
    name = "PNG of repaired in colour"
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=False).first.click()
    kept = np.asarray(Image.open(io.BytesIO(waiting.value.path().read_bytes())))
    x, y = JACKET
    chroma = (
        colour.rgb_to_ycbcr(kept[y - 5 : y + 5, x - 5 : x + 5].astype(np.float64))[..., 1:] - 128
    )
    assert is_scarlet(chroma.mean(axis=(0, 1)))
    np.testing.assert_array_equal(colour.luma(kept)[:, 5:40], portrait()[:, 5:40])
    row = Restoration.objects.exclude(pk=done.pk).get()
    assert len(row.colours) == 1
    assert row.colours[0]["points"] != []


def test_keys_alone_draw_take_back_and_leave(open_page, done):
    page = open_page()
    begin(page, done)
    page.locator("photo-compare .stage").focus()
    for _ in range(14):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    settled(page, 1)
    page.keyboard.down("Shift")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.up("Shift")
    settled(page, 2)
    page.keyboard.press("Control+z")
    settled(page, 1)
    page.keyboard.press("Control+Shift+z")
    settled(page, 2)
    page.keyboard.press("Escape")
    assert page.get_by_role("button", name="Paint colours").evaluate(
        "e => e === document.activeElement"
    )
    expect(page.locator("[data-tools]")).to_be_hidden()
    assert page.locator("photo-compare[colouring]").count() == 0


def test_a_colour_comes_from_another_place_and_keep_keeps(open_page, done):
    page = open_page()
    begin(page, done)
    page.mouse.click(*place(page, JACKET))
    settled(page, 1)
    page.get_by_role("button", name="As there").click()
    page.mouse.click(*place(page, JACKET))
    page.locator("[data-named]", has_text="from the picture").wait_for()
    page.mouse.move(*place(page, (40, 60)))
    page.mouse.down()
    page.mouse.move(*place(page, (90, 60)), steps=5)
    page.mouse.up()
    settled(page, 2)
    assert is_scarlet(shown(page, WALL))
    page.get_by_label("Keep as it is").check()
    page.mouse.click(*place(page, (240, 220)))
    settled(page, 3)


def test_what_is_drawn_before_the_picture_is_open_is_kept(open_page, done):
    page, held = open_page(), []
    page.route("**/*.preview", lambda route: fetched(route, held.append))
    start(page, done, "Opening the picture")
    page.get_by_label("Palette").select_option(label="Uniforms")
    page.get_by_role("radio", name="Scarlet").check()
    page.mouse.click(*place(page, JACKET))
    page.get_by_role("radio", name="Navy blue").check()
    page.mouse.click(*place(page, WALL))
    page.mouse.click(*place(page, (420, 60)))
    assert page.locator(".colour-drawing .kept .line").count() == 3
    page.get_by_role("button", name="Undo").click()
    assert page.locator(".colour-drawing .kept .line").count() == 2
    held.pop().continue_()
    settled(page, 2)
    assert is_scarlet(shown(page, JACKET))
    assert not is_scarlet(shown(page, WALL))


def fetched(route, act):
    """The image element of the same address is let through."""
    if route.request.resource_type == "fetch":
        act(route)
    else:
        route.continue_()


def test_a_place_that_is_pressed_early_gives_its_colour(open_page, done):
    page, held = open_page(), []
    page.route("**/*.preview", lambda route: fetched(route, held.append))
    start(page, done, "Opening the picture")
    page.get_by_role("button", name="As there").click()
    page.mouse.click(*place(page, JACKET))
    page.mouse.click(*place(page, WALL))
    held.pop().continue_()
    settled(page, 1)
    page.locator("[data-named]", has_text="from the picture").wait_for()


def test_a_picture_that_did_not_open_is_asked_for_by_the_next_stroke(open_page, done):
    page = open_page()
    page.route("**/*.preview", lambda route: fetched(route, lambda each: each.abort()))
    start(page, done, "The picture did not open. What you draw is kept")
    with page.expect_event("requestfailed"):
        page.mouse.click(*place(page, JACKET))
    assert page.locator(".colour-drawing .kept .line").count() == 1
    page.unroute("**/*.preview")
    page.mouse.click(*place(page, WALL))
    settled(page, 2)
    without_page_errors(page)


def test_named_colours_that_did_not_load_are_said_and_asked_for_again(open_page, accessible, done):
    page = open_page()
    page.route("**/swatches.json", lambda route: route.fulfill(status=503))
    start(page, done, "No strokes")
    sentence = page.get_by_text("The named colours did not load.")
    sentence.wait_for()
    accessible(page)
    page.mouse.click(*place(page, JACKET))
    settled(page, 1)
    page.unroute("**/swatches.json")
    page.route("**/swatches.json", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Try again").click()
    page.get_by_role("button", name="Try again").and_(page.locator(":focus")).wait_for()
    assert sentence.is_visible()
    page.unroute("**/swatches.json")
    page.get_by_role("button", name="Try again").click()
    page.get_by_label("Palette").select_option(label="Uniforms")
    page.get_by_role("radio", name="Scarlet").check()
    assert sentence.is_hidden()
    without_page_errors(page)


DYING = """addEventListener("message", ({ data }) => {
  if (data.strokes?.length) throw new Error("gone");
  postMessage({ width: 1, height: 1, pixels: new Uint8ClampedArray(4), ms: 1 });
});"""


def test_strokes_outlive_the_worker_that_shows_them(open_page, done):
    page = open_page()
    page.route(
        "**/colour/worker*.js",
        lambda route: route.fulfill(content_type="text/javascript", body=DYING),
    )
    start(page, done, "No strokes")
    page.mouse.click(*place(page, JACKET))
    told(page, "could not show the strokes. They are kept")
    assert page.get_by_role("button", name="Keep these colours").is_enabled()
    page.unroute("**/colour/worker*.js")
    page.get_by_label("Palette").select_option(label="Uniforms")
    page.get_by_role("radio", name="Scarlet").check()
    page.mouse.click(*place(page, JACKET))
    settled(page, 2)
    assert is_scarlet(shown(page, JACKET))
    page.errors.clear()  # the worker's own


def test_a_site_that_is_out_of_reach_keeps_nothing_and_loses_nothing(open_page, done):
    page = open_page()
    begin(page, done)
    page.mouse.click(*place(page, JACKET))
    settled(page, 1)
    page.context.set_offline(True)
    page.get_by_role("button", name="Keep these colours").click()
    told(page, "Your strokes are still here")
    assert page.get_by_role("button", name="Keep these colours").is_enabled()
    without_page_errors(page)


def test_the_strokes_of_a_version_are_there_to_go_on_with(open_page, done):
    from pipeline.services.adjusting import colour_strokes

    dab = {"points": [[240.0, 500.0]], "width": 9.0, "colour": list(SCARLET)}
    row = colour_strokes.recolour_later(done, [dab])
    finish()
    page = open_page()
    page.goto(Restoration.objects.get(pk=row.pk).get_absolute_url())
    page.get_by_role("button", name="Paint colours").click()
    settled(page, 1)
    assert is_scarlet(shown(page, JACKET))
    page.get_by_role("button", name="Remove all").click()
    told(page, "No strokes")
    assert not is_scarlet(shown(page, JACKET))
    assert page.get_by_role("button", name="Keep these colours").is_enabled()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_painting_is_accessible_fits_and_is_large_enough(
    open_page, accessible, done, scheme, width
):
    page = open_page(width=width, color_scheme=scheme, has_touch=width < 400)
    begin(page, done)
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    targets = page.locator("[data-colouring] :is(button, input, select, label.plain):visible")
    for box in targets.evaluate_all(
        "all => all.filter(e => !e.closest('label') || e.matches('label')).map(e => [e.offsetWidth, e.offsetHeight])"
    ):
        assert min(box) >= 16
    page.mouse.click(*place(page, JACKET))
    settled(page, 1)


def test_a_stroke_waits_for_no_server(open_page, in_production):  # noqa: F811
    """At the size of a scan each is shown by the browser alone.

    `python -m tests.benchmarks strokes_shown` holds what is printed to what was promised.
    """
    from django.core.files.base import ContentFile

    from pipeline.services import restore_later

    large = cv2.resize(portrait(), (1920, 2400), interpolation=cv2.INTER_CUBIC)
    row = restore_later(file=ContentFile(upload(large)), name="Uncle Carl.png")
    finish()
    page = open_page()
    begin(page, Restoration.objects.get(pk=row.pk))
    page.context.set_offline(True)
    took = []
    names = ["Scarlet", "Navy blue", "Field grey", "Khaki drab", "Horizon blue", "Navy blue"]
    places = [JACKET, WALL, (240, 200), (420, 60), (120, 540), (400, 560)]
    for count, (name, at) in enumerate(zip(names, places, strict=True), 1):
        page.get_by_role("radio", name=name).check()
        before = shown(page, at)
        page.mouse.click(*place(page, at))
        settled(page, count)
        assert np.abs(shown(page, at) - before).max() > 3, name
        took.append(int(page.locator("[data-colouring]").get_attribute("data-ms")))
    assert is_scarlet(shown(page, JACKET))
    print(f"strokes shown after {took} ms")
