"""The choices' old words are read for one release: pages, API, pieces, command, result files."""

import hashlib
import json

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from pipeline.batch import files
from pipeline.batch.items import BatchItem, Choices
from pipeline.management.commands.restore import Command
from pipeline.models import Restoration
from pipeline.services import aliases
from pipeline.views.forms import VariantForm
from tests.pipeline import test_views
from tests.pipeline.api import test_restorations, test_tus


@pytest.fixture(autouse=True)
def no_counts():
    cache.clear()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "send",
    [
        lambda client: test_views.send(client, mirrors="on"),
        lambda client: test_restorations.send(APIClient(), mirrors="true"),
        lambda client: test_tus.patch(
            APIClient(),
            test_tus.path(test_tus.begin(APIClient(), filename="a.png", mirrors="true")),
            test_tus.SCAN,
        ),
    ],
    ids=["page", "api", "pieces"],
)
def test_the_old_word_asks_for_four_looks_and_todays_is_kept(client, send):
    send(client)
    settings = Restoration.objects.get().settings
    assert settings["careful"] is True
    assert "mirrors" not in settings


def test_another_version_is_asked_for_under_either_word():
    for word in ("mirrors", "careful"):
        form = VariantForm({word: "on"})
        assert form.is_valid()
        assert form.choices()["careful"] is True


def test_the_command_takes_either_word():
    parser = Command().create_parser("manage.py", "restore")
    for word in ("--mirrors", "--careful"):
        assert parser.parse_args(["a.png", "--out", "b", word]).careful is True


def test_results_that_carry_the_old_word_are_not_made_again(tmp_path):
    photo = tmp_path / "a.png"
    photo.write_bytes(b"bytes")
    item = BatchItem(photo, tmp_path / "out", "a")
    choices = Choices(careful=True)
    said = choices.said
    said["mirrors"] = said.pop("careful")
    facts = {
        "settings": said,
        "weights": {},
        "sha256": hashlib.sha256(b"bytes").hexdigest(),
        "guards": files.guards_named(),
        "fill": files.FILL,
        "colour": files.COLOUR,
    }
    item.folder.mkdir()
    for ending in files.AS_ALWAYS.must_have(facts):
        item.result(ending).write_text(json.dumps(facts))
    assert files.finished(item, choices, {}) == facts
    assert files.finished(item, Choices(), {}) is None


def test_where_both_words_stand_todays_decides_and_nothing_changes_in_place():
    given = {"mirrors": "on", "careful": ""}
    assert aliases.choices(given) == {"careful": ""}
    assert given == {"mirrors": "on", "careful": ""}
    assert aliases.choices([1]) == [1]
