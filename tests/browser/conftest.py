"""A real Chromium. A test fails on any page error, console error or policy violation."""

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import sync_playwright

from tests.accounts.made_provider import provider, server  # noqa: F401

# The shell is the same engine without windows, menus and their processes.
NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


def installed():
    """The path of a browser on this machine; None leaves the choice to Playwright."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        yield running
        running.close()


def unexpected(line):
    """Not the browser's own note of a 409 to strokes: a page that went while it sent asks again,
    and "stale" is then the protocol's answer, upon which both sides' strokes are joined."""
    joined = "409" in line.text and line.location["url"].rstrip("/").endswith("strokes")
    return line.type == "error" and not joined


@pytest.fixture
def open_page(chromium, live_server, transactional_db):
    """``open_page(user, width=1440)`` gives a page signed in as the user (None: a visitor)."""
    contexts, errors = [], []

    def open_one(user=None, width=1440, height=900, **options):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, base_url=live_server.url, **options
        )
        context.set_default_timeout(90_000)  # other tests keep the machine busy
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies(
                [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
            )
        page = context.new_page()
        page.errors = errors
        page.on("pageerror", lambda error: errors.append(f"page error: {error}"))
        page.on(
            "console",
            lambda line: (
                errors.append(f"console: {line.text} {line.location['url']}")
                if unexpected(line)
                else None
            ),
        )
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not errors, errors


@pytest.fixture
def accessible():
    """``accessible(page)`` fails with axe's own words on any violation."""

    def check(page):
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    return check
