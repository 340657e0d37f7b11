"""Mutated image files through the whole door: upload, reading in a worker's process, opening.

`python -m tests.benchmarks hostile`: 2,200 files (HOSTILE_FILES says otherwise) of JPEG, PNG, TIFF, WebP and
HEIC, by seed. Every one has to end in a refusal with a sentence or in a picture of its size.
"""

import os
import resource
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from photos import services as photos
from tests.benchmarks.mutants import FORMATS, mutant, samples

FILES = int(os.environ.get("HOSTILE_FILES", "2200"))
SEED = int(os.environ.get("HOSTILE_SEED", "1"))
COLUMNS = ("posted", "at the door", "refused", "stopped", "read", "failed")
STOPPED = "The decoder stopped"


@dataclass
class Tally:
    """What became of the files of one format."""

    counts: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)

    def count(self, outcome: str, name: str, seconds: float, sentence: str = "") -> None:
        self.counts["posted"] += 1
        self.counts[outcome] += 1
        self.slowest = max(self.slowest, seconds)
        if outcome in ("failed", "stopped"):
            self.failures.append(f"{name}: {sentence}")


def one(client: Any, name: str, data: bytes) -> tuple[str, str]:
    """(outcome, sentence) of one file; whatever is raised here is a failure."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from photos.decoding import scans
    from pipeline.models import Restoration

    posted = client.post("/api/v1/restorations/", {"photo": SimpleUploadedFile(name, data)})
    if posted.status_code in (400, 413, 415):
        return "at the door", str(posted.json())
    if posted.status_code != 201:
        return "failed", f"status {posted.status_code}"
    photo = Restoration.objects.select_related("photo").get(token=posted.json()["token"]).photo
    photos.read_photo(photo)
    photo.refresh_from_db()
    if photo.state == photo.State.REFUSED and photo.reason.startswith(STOPPED):
        return "stopped", photo.reason
    if photo.state == photo.State.REFUSED:
        clear = photo.reason.endswith(".") and tempfile.gettempdir() not in photo.reason
        return ("refused" if clear else "failed"), photo.reason
    pixels = scans.read_working(photo.working)
    fits = pixels.shape[:2] == (photo.height, photo.width)
    polled = client.get(posted.json()["url"].partition("testserver")[2])
    return ("read", "") if fits and polled.status_code == 200 else ("failed", "another size")


def run(files: int, seed: int) -> dict[str, Tally]:
    from django.test import Client

    client = Client(raise_request_exception=False)
    tallies = {kind: Tally() for kind in FORMATS}
    for kind, tally in tallies.items():
        sound = [("sound", data) for data in samples(kind)]
        mutants = (mutant(kind, number, seed=seed) for number in range(files // len(FORMATS)))
        for number, (how, data) in enumerate([*sound, *mutants]):
            name, began = f"{how}-{number - len(sound)}.{kind}", time.perf_counter()
            try:
                outcome, sentence = one(client, name, data)
            except Exception as error:
                outcome, sentence = "failed", f"{type(error).__name__}: {error}"
            if how == "sound" and outcome != "read":
                outcome = "failed"
            tally.count(outcome, name, time.perf_counter() - began, sentence)
    return tallies


def report(tallies: dict[str, Tally]) -> bool:
    print(f"{'':8}" + "".join(f"{column:>13}" for column in COLUMNS) + f"{'slowest s':>13}")
    for kind, tally in tallies.items():
        counts = "".join(f"{tally.counts[column]:13}" for column in COLUMNS)
        print(f"{kind:8}{counts}{tally.slowest:13.1f}")
    for tally in tallies.values():
        for line in tally.failures:
            print(" ", line)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    total = sum(tally.counts["posted"] for tally in tallies.values())
    bad = sum(tally.counts["failed"] + tally.counts["stopped"] for tally in tallies.values())
    print(f"{total} files; largest decoder {peak:.0f} MB, the site's process {own:.0f} MB")
    print("holds: every file ended in a refusal or a result" if not bad else f"MISSES: {bad} files")
    return not bad


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            HEIRLOOM_VAR=folder, DJANGO_SETTINGS_MODULE="config.settings", DATABASE_URL="",
            BROKER_URL="memory://", LOG_LEVEL="CRITICAL", UPLOADS_PER_HOUR="1000000",
            API_PER_MINUTE="1000000", ALLOWED_HOSTS="testserver",
        )  # fmt: skip
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        print(f"host load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors, seed {SEED}")
        report(run(FILES, SEED))
