"""A backup holds the strokes of colour with everything else of a restoration."""

import json
import sqlite3

import pytest
from django.core.management import call_command
from django.db import connection

from jobs.operations import database_dump
from pipeline.models import Restoration
from tests.pipeline.builders import ready_photo

pytestmark = pytest.mark.django_db(transaction=True)
STROKES = [{"points": [[10.0, 12.0]], "width": 3.0, "colour": [160, 60, 50]}]


def test_a_backup_holds_the_strokes(settings, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("the dump of another database is no file to look into")
    settings.MEDIA_ROOT = tmp_path / "media"
    row = Restoration.objects.create(photo=ready_photo(origin="visitor"), colours=STROKES)
    call_command("backup", str(tmp_path / "monday"))
    dump = sqlite3.connect(tmp_path / "monday" / database_dump.NAMES["sqlite"])
    found = dump.execute("SELECT colours FROM pipeline_restoration WHERE token = ?", [row.token])
    assert json.loads(found.fetchone()[0]) == STROKES
