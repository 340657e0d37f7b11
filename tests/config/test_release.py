"""One number names the release, wherever it is asked for."""

import re
from pathlib import Path

import pytest

from config.version import VERSION

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_changelog_begins_with_this_release():
    releases = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert VERSION in releases[:2]
    assert releases[0] in (VERSION, "Unreleased")
    assert len(set(releases)) == len(releases)


@pytest.mark.django_db
def test_pages_and_api_name_the_release(client):
    assert f"Release {VERSION}" in client.get("/").text
    assert client.get("/health/live").json() == {"alive": True, "version": VERSION}
    assert f"version: {VERSION}\n" in client.get("/api/schema/").text
