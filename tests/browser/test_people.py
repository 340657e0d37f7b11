"""Invited, in by a password of her own, and what admins see of people."""

import pytest
from playwright.sync_api import expect

from accounts.mail.notices import News, tell
from accounts.models import NoticeKind
from tests.conftest import person

PAGES = ["/account/people/", "/account/people/invite/", "/account/people/audit/", "/account/inbox/", "/account/second-factor/"]  # fmt: skip
GOOD = "a long and good pass phrase"


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_of_people_are_accessible_and_never_scroll_sideways(open_page, accessible, admin, width, tmp_path):  # fmt: skip
    vera = person("vera", "voter")
    tell(News(admin.pk, NoticeKind.RUN_ENDED, "The training run ended: done.", "a", "/training/runs/"))  # fmt: skip
    page = open_page(admin, width=width)
    for at in [*PAGES, f"/account/people/{vera.pk}/"]:
        page.goto(at)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), at
        page.screenshot(path=tmp_path / f"{at.strip('/').replace('/', '-')}-{width}.png", full_page=True)  # fmt: skip


def test_invited_with_a_password_and_in(open_page, accessible, admin, live_server, settings):
    settings.PUBLIC_URL = live_server.url
    boss = open_page(admin)
    boss.goto("/account/people/invite/")
    boss.fill("#id_name", "nina")
    boss.get_by_label("voter: votes in blind studies").check()
    boss.get_by_role("button", name="Make the link").click()
    link = boss.locator("[data-secret]").inner_text()
    nina = open_page()
    nina.goto(link)
    accessible(nina)
    nina.fill("#id_new_password1", GOOD)
    nina.fill("#id_new_password2", GOOD)
    nina.get_by_role("button", name="Make my account").click()
    nina.wait_for_url("**/account/login/")
    nina.fill("#id_username", "nina")
    nina.fill("#id_password", GOOD)
    nina.get_by_role("button", name="Sign in").click()
    nina.wait_for_url(lambda url: "/account/" not in url)  # to the work of her roles
    expect(nina.get_by_role("link", name="Studies")).to_be_visible()
