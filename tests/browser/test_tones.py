"""The tones' slider in a real browser: live on the picture, then as a download."""

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from skimage import data

from pipeline.models import Restoration
from tests.browser.test_restore import finish
from tests.browser.waiting import until
from tests.harm.tones import Fade
from tests.pipeline.builders import production as install
from tests.pipeline.builders import upload

pytestmark = pytest.mark.django_db(transaction=True)
FADED = Fade(45, 170, 1.0, (6.0, 0.0, -6.0)).of(np.ascontiguousarray(data.astronaut()[::2, ::2]))
SEPIA = np.clip(data.camera()[::2, ::2, None] + np.array([14.0, 0, -24]), 0, 255).astype(np.uint8)


def restored(tmp_path, pixels):
    from pipeline.services import restore_later

    install(tmp_path)
    row = restore_later(file=_file(tmp_path, pixels), name="Grandmother.png")
    finish()
    return Restoration.objects.get(pk=row.pk)


def _file(folder, pixels):
    path = folder / "Grandmother.png"
    path.write_bytes(upload(pixels))
    return path.open("rb")


def slide(page, value):
    page.locator("#tones").fill(str(value))
    page.wait_for_selector(f"canvas[data-toned='{value}']")


def seen(page):
    """Pixels of the live look, H x W x 4."""
    found = page.evaluate(
        """() => { const c = document.querySelector('canvas[data-toned]');
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        return [c.width, c.height, Array.from(d)]; }"""
    )
    return np.array(found[2], np.uint8).reshape(found[1], found[0], 4)[..., :3]


def blocks(difference):
    """The mean size of 8 x 8 px means."""
    height, width = (side // 8 * 8 for side in difference.shape[:2])
    parts = difference[:height, :width].reshape(height // 8, 8, width // 8, 8, 3)
    return np.abs(parts.mean(axis=(1, 3))).mean()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_slider_is_live_and_its_tones_are_in_the_download(
    open_page, transactional_db, tmp_path, width, accessible
):
    row = restored(tmp_path, FADED)
    page = open_page(width=width)
    page.goto(row.get_absolute_url())
    page.wait_for_selector("photo-compare.ready")
    expect(page.get_by_text("This photograph looks faded.")).to_be_visible()
    assert page.locator("canvas[data-toned]").is_hidden()
    slide(page, 0.5)
    half = seen(page)
    slide(page, 1)
    live = seen(page)
    assert live.std() > half.std() > FADED.std()
    accessible(page)
    page.get_by_role("button", name="Make downloads with tones").click()
    page.wait_for_selector("#progress")
    finish()
    page.wait_for_selector("canvas[data-toned='1']")  # the new version shows them at once
    with page.expect_download() as fetched:
        page.get_by_role("link", name="PNG of repaired, with tones", exact=True).click()
    assert fetched.value.suggested_filename == "Grandmother.repaired_with_tones.png"
    made = np.asarray(Image.open(fetched.value.path()))
    assert blocks(made - live.astype(float)) < 2  # the look is of a JPEG, whose noise is averaged
    assert blocks(made - FADED.astype(float)) > 10
    with page.expect_download() as fetched:
        page.get_by_role("link", name="PNG of repaired", exact=True).click()
    untouched = np.asarray(Image.open(fetched.value.path()))
    assert np.abs(untouched.astype(float) - FADED).mean() < 3


def test_sepia_is_kept_on_wish_and_back_at_nothing_the_look_goes(
    open_page, transactional_db, tmp_path
):
    row = restored(tmp_path, SEPIA)
    page = open_page()
    page.goto(row.get_absolute_url())
    slide(page, 1)
    grey = np.ptp(seen(page).astype(float), axis=2).mean()
    page.get_by_label("Keep its tint").check()
    until(
        page,
        """() => { const c = document.querySelector('canvas[data-toned]');
        const d = c.getContext('2d').getImageData(c.width >> 1, c.height >> 1, 1, 1).data;
        return d[0] - d[2] > 20; }""",
    )
    assert np.ptp(seen(page).astype(float), axis=2).mean() > 2 * grey
    page.locator("#tones").fill("0")
    assert page.locator("canvas[data-toned]").is_hidden()
    expect(page.get_by_text("As it is: no further downloads.")).to_be_visible()


def test_another_result_in_view_is_drawn_too(open_page, transactional_db, tmp_path):
    row = restored(tmp_path, SEPIA)
    page = open_page()
    page.goto(row.get_absolute_url())
    slide(page, 1)
    page.get_by_label("Repaired in colour").check()
    until(page, "() => document.querySelector('photo-compare .clip img').src.includes('colorized')")
    until(
        page,
        """() => { const c = document.querySelector('canvas[data-toned]');
        return c.dataset.of?.includes('inpainted_colorized'); }""",
    )


def test_a_worker_that_does_not_start_is_told_and_asked_again(
    open_page, transactional_db, tmp_path
):
    row = restored(tmp_path, FADED)
    page = open_page()
    page.route("**/tones/worker*.js", lambda route: route.abort())
    page.goto(row.get_absolute_url())
    said = page.locator("form:has(#tones) [data-said]")
    page.locator("#tones").fill("0.5")
    expect(said).to_contain_text("could not show the tones", timeout=20_000)
    expect(page.locator("canvas[data-toned]")).to_be_hidden()
    page.unroute("**/tones/worker*.js")
    page.locator("#tones").fill("0.6")
    page.locator("#tones").fill("0.7")
    page.wait_for_selector("canvas[data-toned='0.7']")
    page.errors.clear()
