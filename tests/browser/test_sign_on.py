"""Through a provider and back in a real browser, whose content policy watches every step."""

import pytest


@pytest.mark.parametrize("width", [1440, 390])
def test_in_through_the_provider_refused_and_linked(
    open_page,
    accessible,
    live_server,
    assessor,
    provider,
    width,
    tmp_path,
):
    def look(page, name):
        accessible(page)
        page.screenshot(path=tmp_path / f"{name}-{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name

    page = open_page(width=width)
    page.goto("/account/login/?next=/annotate/photos/")
    look(page, "login")
    page.get_by_role("link", name="Sign in with the lab's account").click()
    page.wait_for_url(f"{live_server.url}/annotate/photos/")
    provider.says["roles"] = []
    page = open_page(width=width)
    page.goto("/account/login/")
    page.get_by_role("link", name="Sign in with the lab's account").click()
    page.get_by_text("has no role on this site").wait_for()
    look(page, "refused")
    assert len(page.errors) == 1 and "403" in page.errors.pop()  # the browser's note of it
    provider.says |= {"sub": "another", "roles": ["heads"]}
    ada = open_page(assessor, width=width)
    ada.goto("/account/sign-on/")
    ada.get_by_role("heading", name="Link your account").wait_for()
    look(ada, "link")
    ada.get_by_role("button", name="Link novak to ada").click()
    ada.get_by_text("Linked: next time").wait_for()
