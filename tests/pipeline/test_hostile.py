"""Hostile files: a refusal with a sentence or a picture; no 5xx, no crash, no path told.

`python -m tests.benchmarks hostile` does it for thousands, through the whole door.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from config.words.said import from_text
from photos import services as photos
from photos.models import Photo
from tests.benchmarks.mutants import FORMATS, mutant, samples

ROOT = Path(__file__).resolve().parents[2]
EACH = 6
# Files that once ended in something else than a clear refusal.
KNOWN = [("heic", 1), ("heic", 56), ("heic", 280), ("tiff", 7), ("png", 39)]


@pytest.fixture(scope="module")
def decoded(tmp_path_factory):
    """What a confined decoder made of sound files and mutants: rows by file name."""
    folder = tmp_path_factory.mktemp("mutants")
    for kind in FORMATS:
        for number, data in enumerate(samples(kind)):
            (folder / f"{kind}-sound-{number}").write_bytes(data)
        for number in range(EACH):
            name, data = mutant(kind, number, seed=3)
            (folder / f"{kind}-{name}-{number}").write_bytes(data)
    for kind, number in KNOWN:
        (folder / f"{kind}-known-{number}").write_bytes(mutant(kind, number, seed=1)[1])
    command = [sys.executable, "-m", "tests.benchmarks.decoding_batch", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_sound_files_of_every_format_are_read(decoded):
    sound = [row for row in decoded if "sound" in row["name"]]
    assert len(sound) == sum(len(samples(kind)) for kind in FORMATS)
    assert not [row for row in sound if row["status"] != 0]


def test_every_mutant_is_read_or_refused_with_a_sentence(decoded):
    assert len(decoded) > EACH * len(FORMATS)
    assert not [row for row in decoded if row["status"] not in (0, 3)]
    said = [str(from_text(row["said"])) for row in decoded if row["status"] == 3]
    assert said
    assert not [text for text in said if not text.endswith(".") or "/" in text]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["png", "tiff"])
def test_through_the_door_as_well(client, kind):
    data = mutant(kind, 3, seed=3)[1]
    answer = client.post("/api/v1/restorations/", {"photo": SimpleUploadedFile("x", data)})
    assert answer.status_code in (201, 415)
    for photo in Photo.objects.all():
        photos.read_photo(photo)
        assert photo.state in (Photo.State.READY, Photo.State.REFUSED)


def test_a_mutant_can_be_made_again():
    assert mutant("png", 17, seed=7) == mutant("png", 17, seed=7)
    assert len({mutant("webp", number)[1] for number in range(50)}) > 45
