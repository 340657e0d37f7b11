"""`manage.py about` tells what the site is made of, and no secret."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from config.version import VERSION

pytestmark = pytest.mark.django_db


def test_about_says_what_the_site_runs_on(production, settings, capsys):
    settings.EMBEDDED = False
    settings.CELERY_BROKER_URL = "redis://:hunter2@broker.example:6379/0"
    call_command("about")
    said = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert said["Heirloom"] == VERSION
    assert re.fullmatch(r"(SQLite|PostgreSQL) [\d.]+", said["database"])
    assert said["broker"] == "redis on broker.example"
    for stage, version in production.items():
        assert said[stage].startswith(f"{version.name}, ")
        assert said[stage].endswith(f"sha256 {version.weights_sha256}")


def test_about_says_that_nothing_is_in_production(capsys):
    call_command("about")
    assert capsys.readouterr().out.count("nothing in production") == 3


def test_about_says_that_the_database_is_away(monkeypatch):
    def away():
        raise OperationalError("connection refused")

    monkeypatch.setattr("pipeline.services.about.lines", away)
    with pytest.raises(CommandError, match="does not answer"):
        call_command("about")
