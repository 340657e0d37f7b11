"""The first screen on an empty site, the operator's texts, and where staff land."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

from pipeline.services.progress.examples import EXAMPLES, FOLDER
from tests.conftest import person

pytestmark = pytest.mark.django_db


def test_an_empty_site_shows_before_and_after_with_the_drop_zone(client):
    page = client.get("/").text
    assert "data-drop" in page and "photo-compare" in page
    for name in ("Repaired", "Repaired in colour", "Original in colour"):
        assert f'data-name="{name}"' in page
    assert "It costs nothing." in page and "deleted after 30 days" in page
    assert "photographs wait for a mask" not in page


def test_what_ships_is_there_small_and_named_with_its_source():
    credits = Path(finders.find(f"{FOLDER}/CREDITS.txt")).read_text()
    for example in EXAMPLES:
        assert example.name in credits
        for path in (example.before, *(path for _, path in example.after)):
            with Image.open(finders.find(path)) as picture:
                assert picture.size == (example.width, example.height)
                assert max(picture.size) <= 1000


@pytest.mark.parametrize(
    ("roles", "where"),
    [
        (["assessor"], "/annotate/"),
        (["assessor", "reviewer"], "/annotate/reviews/"),
        (["voter"], "/studies/"),
        (["admin"], "/loop/"),
        ([], "/restore/"),
    ],
)
def test_staff_land_on_their_work(client, roles, where):
    client.force_login(person("ada", *roles))
    assert client.get("/work/").headers["Location"] == where


def test_the_loop_is_for_staff(client):
    assert "/account/login/" in client.get("/loop/").headers["Location"]
    client.force_login(person("ada", "assessor"))
    assert "photographs wait for a mask" in client.get("/loop/").text


def test_the_defaults_state_retention_and_that_nothing_leaves(client, settings):
    settings.RESTORATION_DAYS = 9
    page = client.get("/privacy/").text
    assert "deleted after 9 days" in page and "Nothing leaves this host" in page
    assert "OPERATOR_NAME" in client.get("/imprint/").text


def test_the_operators_own_texts_take_their_place(client, settings, tmp_path):
    path = tmp_path / "privacy.txt"
    path.write_text("We keep <nothing>.\n\nAsk us\nanything.\n")
    settings.PRIVACY_FILE, settings.OPERATOR_NAME = str(path), "The Lab"
    settings.OPERATOR_CONTACT = "lab@example.org"
    page = client.get("/privacy/").text
    assert "<p>We keep &lt;nothing&gt;.</p>" in page and "<p>Ask us anything.</p>" in page
    assert "Nothing leaves" not in page and 'href="mailto:lab@example.org"' in page
    assert "Run by The Lab." in page
