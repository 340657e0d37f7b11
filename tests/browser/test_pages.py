"""Pages that every role meets: they open, they are accessible, in light and dark, wide and narrow."""

import pytest
from playwright.sync_api import expect

PUBLIC = ["/", "/account/login/"]
ADMIN = ["/activity/", "/account/password/", "/account/tokens/"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages(open_page, accessible, path, scheme):
    page = open_page(color_scheme=scheme)
    page.goto(path)
    accessible(page)


@pytest.mark.parametrize("path", ADMIN)
def test_admin_pages(open_page, accessible, admin, path):
    page = open_page(admin, width=390)
    page.goto(path)
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
        "it scrolls sideways"
    )


def test_signing_in_with_the_keyboard(open_page, live_server, assessor):
    page = open_page()
    page.goto("/account/login/")
    page.keyboard.press("Tab")
    page.fill("#id_username", "ada")
    page.fill("#id_password", "correct horse")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/annotate/")
    expect(page.get_by_text("ada")).to_be_visible()
