"""A question in a dialog, by keyboard and at the sizes of a phone and of a small laptop."""

import pytest
from playwright.sync_api import expect

from pipeline.models import Order, Restoration
from tests.browser.test_restore import done, finish, in_production, photo  # noqa: F401
from tests.pipeline.builders import ready_photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 650)])
def test_delete_now_asks_and_keeping_is_the_first_choice(
    open_page, accessible, done, width, height  # noqa: F811
):  # fmt: skip
    page = open_page(width=width, height=height)
    page.goto(done.get_absolute_url())
    page.get_by_role("button", name="Delete now").click()
    dialog = page.get_by_role("dialog")
    assert "Grandmother" in dialog.inner_text()
    box = dialog.get_by_role("button", name="Delete now").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width and box["y"] + box["height"] <= height
    accessible(page)
    page.keyboard.press("Enter")  # the focus is on "Keep it"
    dialog.wait_for(state="detached")
    assert Restoration.objects.exists()
    page.get_by_role("button", name="Delete now").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete now").click()
    page.get_by_text("everything made of it are deleted").wait_for()
    assert not Restoration.objects.exists()
    page.errors.clear()  # pictures of the page that was left, which came too late


def test_without_script_the_question_is_a_page(chromium, live_server, done):  # noqa: F811
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(done.get_absolute_url())
    page.get_by_role("button", name="Delete now").click()
    page.get_by_role("link", name="Keep it").click()
    assert page.url.endswith(done.get_absolute_url())
    page.get_by_role("button", name="Delete now").click()
    page.get_by_role("button", name="Delete now").click()
    expect(page.get_by_text("everything made of it are deleted")).to_be_visible()
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_orders_and_what_is_handed_over(
    open_page, accessible, reviewer, in_production, width, scheme  # noqa: F811
):  # fmt: skip
    from pipeline.services import restore_later

    restore_later(photo=ready_photo(title="Ida", album="Meyer", origin="import"))
    finish()
    page = open_page(reviewer, width=width, color_scheme=scheme)
    page.goto("/restorations/orders/")
    accessible(page)
    page.get_by_label("Album").fill("Meyer")
    page.get_by_label("Customer").fill("Frau Meyer")
    page.get_by_role("button", name="Add the order").click()
    page.get_by_label("Last day").fill("2099-05-01")
    page.get_by_role("button", name="Open the link").click()
    link = page.locator("a.hash").get_attribute("href")
    accessible(page)
    customer = open_page(width=width, color_scheme=scheme)
    customer.goto(link)
    expect(customer.get_by_text("open until 1 May 2099")).to_be_visible()
    button = customer.get_by_role("link", name="All as one ZIP")
    assert button.bounding_box()["y"] < 600
    with customer.expect_download() as fetched:
        button.click()
    assert fetched.value.suggested_filename == "photographs.zip"
    accessible(customer)
    assert customer.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Order.objects.get().created_by == reviewer
