"""Kill the browser's process in the middle of work: every finished stroke is there afterwards."""

import os
import signal
import subprocess
import time

import numpy as np
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.browser.conftest import FLAGS, installed
from tests.browser.test_painter import HEIGHT, assignment, media, ready, saved, stored, stroke

__all__ = ["assignment", "media"]  # fixtures


class Chromium:
    """A browser with a profile that outlives its process."""

    def __init__(self, profile, path):
        self.profile = profile
        profile.mkdir(exist_ok=True)
        (profile / "DevToolsActivePort").unlink(missing_ok=True)
        (profile / "SingletonLock").unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [
                path,
                *FLAGS,
                f"--user-data-dir={profile}",
                "--remote-debugging-port=0",
                "about:blank",
            ],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def address(self):
        port = self.profile / "DevToolsActivePort"
        for _ in range(300):
            if port.exists() and port.read_text().strip():
                return f"http://127.0.0.1:{port.read_text().splitlines()[0]}"
            time.sleep(0.1)
        raise AssertionError("the browser did not start")

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def path_of(chromium):
    return installed() or chromium.browser_type.executable_path


def visit(chromium, browser, user, live_server, path):
    context = chromium.browser_type.connect_over_cdp(browser.address()).contexts[0]
    client = Client()
    client.force_login(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": key.key, "value": key.value, "url": live_server.url}])
    page = context.new_page()
    page.set_viewport_size({"width": 1200, "height": 800})
    page.goto(f"{live_server.url}{path}")
    ready(page)
    return page


def test_a_killed_browser_loses_no_finished_stroke(
    chromium, tmp_path, live_server, assessor, assignment
):
    path = reverse("annotate_paint", args=[assignment.pk])
    browser = Chromium(tmp_path / "profile", path_of(chromium))
    try:
        page = visit(chromium, browser, assessor, live_server, path)
        page.route("**/strokes/", lambda route: route.abort())  # nothing reaches the server
        for row in (20, 40, 60, 80):
            stroke(page, (20, row), (60, row))
        page.wait_for_timeout(200)
        page.mouse.down()
    finally:
        browser.kill()
    assert not stored(assignment).any()
    again = Chromium(tmp_path / "profile", path_of(chromium))
    try:
        page = visit(chromium, again, assessor, live_server, path)
        saved(page)
        found = set(np.flatnonzero(stored(assignment).any(axis=1)) * 100 // HEIGHT)
        assert {20, 40, 60, 80} <= found
        page.keyboard.press("Control+z")
        saved(page)
        assert 80 not in np.flatnonzero(stored(assignment).any(axis=1)) * 100 // HEIGHT
    finally:
        again.kill()
