"""The frame on the scan in a real browser: by keys, mouse and finger, then as a result."""

import numpy as np
import pytest

from pipeline.models import Restoration
from tests.browser.test_restore import finish
from tests.browser.test_tones import restored
from tests.photos.test_negatives import on_the_bed

pytestmark = pytest.mark.django_db(transaction=True)
SCAN = np.repeat(on_the_bed(2.5)[0][..., None], 3, 2)


def numbers(page):
    names = ("angle", "x", "y", "width", "height")
    return {name: float(page.locator(f"#id_{name}").input_value()) for name in names}


def drag(page, name, dx, dy):
    box = page.get_by_role("button", name=name, exact=True).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 2)
    page.mouse.move(x + dx, y + dy)
    page.mouse.up()


def touched(page, name, dx, dy):
    """The same by a finger."""
    box = page.get_by_role("button", name=name, exact=True).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    line = page.context.new_cdp_session(page)
    for kind, points in (
        ("touchStart", [{"x": x, "y": y}]),
        ("touchMove", [{"x": x + dx / 2, "y": y + dy / 2}]),
        ("touchMove", [{"x": x + dx, "y": y + dy}]),
        ("touchEnd", []),
    ):
        line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.mark.parametrize("width", [1440, 390])
def test_the_frame_is_moved_and_the_result_is_cut_to_it(
    open_page, transactional_db, tmp_path, width, accessible
):
    row = restored(tmp_path, SCAN)
    page = open_page(width=width)
    page.goto(row.get_absolute_url())
    page.get_by_role("link", name="Straighten and crop").click()
    page.wait_for_selector(".framing-stage.ready")
    accessible(page)
    proposed = numbers(page)
    assert proposed["angle"] == pytest.approx(2.5, abs=0.4)
    page.screenshot(path=str(tmp_path / f"frame-{width}.png"), full_page=True)

    page.get_by_role("button", name="Left edge", exact=True).focus()
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert numbers(page)["width"] < proposed["width"] - 1
    right = (numbers(page)["x"] + numbers(page)["width"], proposed["x"] + proposed["width"])
    assert right[0] == pytest.approx(right[1], abs=0.3)
    page.get_by_role("button", name="Turn", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    assert numbers(page)["angle"] == pytest.approx(proposed["angle"] - 0.1, abs=0.011)

    before = numbers(page)
    drag(page, "Bottom right corner", -20, -20)
    assert numbers(page)["height"] < before["height"] - 1
    before = numbers(page)
    touched(page, "Top edge", 0, 12)
    assert numbers(page)["height"] < before["height"] - 0.5
    page.get_by_role("button", name="By the print's edges").click()
    assert numbers(page) == proposed

    page.locator("#id_height").fill("20")
    asked = numbers(page)
    page.get_by_role("button", name="Restore inside the frame").click()
    page.wait_for_selector("#progress")
    finish()
    page.wait_for_selector("photo-compare.ready")
    made = Restoration.objects.exclude(pk=row.pk).get()
    assert made.photo.width == pytest.approx(asked["width"] * 7, abs=2)
    assert made.photo.height == pytest.approx(100, abs=2)
    row.photo.refresh_from_db()
    assert (row.photo.width, row.photo.height) == (700, 500)
