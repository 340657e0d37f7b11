"""The labelling queue over HTTP: saves, next photos and submits that one site answers.

A real server as `manage.py up` starts it, SQLite, four clients in a process of their own.
"""

import http.client
import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from tests.benchmarks.painter.scan import HEIGHT, WIDTH, thin_mask
from tests.benchmarks.site import free_port, site

CLIENTS, PHOTOS = 4, 500
SECONDS = 6.0
SUBMITS = 5
SAVE_BYTES = 9_000
HOLD = {"saves/s": 30, "next/s": 50, "submit ms": 300}


def lay_out() -> list[str]:
    """500 photos that wait and as many people; gives their session keys."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command
    from django.test import Client

    from photos.models import Photo

    call_command("migrate", verbosity=0)
    facts = {"width": WIDTH, "height": HEIGHT, "wants_mask": True, "state": Photo.State.READY}
    Photo.objects.bulk_create(Photo(title=f"Bench {n}", **facts) for n in range(PHOTOS))
    group = Group.objects.get_or_create(name="assessor")[0]
    keys = []
    for number in range(PHOTOS):
        user = User.objects.create_user(f"bench{number}")
        user.groups.add(group)
        client = Client()
        client.force_login(user)
        keys.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return keys


class Painter:
    """One signed-in person with a kept-alive connection, as a browser has it."""

    def __init__(self, address: str, key: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self.become(key)
        self.assignment = ""
        self.revision = 0
        self.seq = 0
        self.name = secrets.token_hex(8)

    def become(self, key: str) -> None:
        """The person of this session."""
        token = secrets.token_hex(16)
        self.headers = {"Cookie": f"sessionid={key}; csrftoken={token}", "X-CSRFToken": token}

    def post(self, path: str, body: bytes = b"", **headers: object) -> tuple[int, Any, str]:
        more = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        try:
            self.connection.request("POST", path, body, {**self.headers, **more})
            answer = self.connection.getresponse()
        except ConnectionError:  # the server closes what was silent for two seconds
            self.connection.close()
            self.connection.request("POST", path, body, {**self.headers, **more})
            answer = self.connection.getresponse()
        said = answer.read()
        kind = answer.headers.get("Content-Type", "")
        content = json.loads(said) if kind.startswith("application/json") else said
        return answer.status, content, answer.headers.get("Location", "")

    def claim(self) -> None:
        status, _, location = self.post("/annotate/claim/")
        if status != 302 or "/assignments/" not in location:
            raise RuntimeError(f"claim: {status} {location}")
        self.assignment = location.removesuffix("paint/")
        self.revision = 0

    def hand_back(self) -> None:
        self.expect(self.post(f"{self.assignment}release/", b'{"keep": false}'))

    def save(self, body: bytes) -> None:
        self.seq += 1
        said = self.expect(
            self.post(
                f"{self.assignment}strokes/", body, Content_Type="application/octet-stream",
                X_Base_Revision=self.revision, X_Client=self.name,
                X_First_Seq=self.seq, X_Last_Seq=self.seq, X_Active_Seconds=3 * self.seq,
            )
        )  # fmt: skip
        self.revision = said["revision"]

    def submit(self, digest: str) -> None:
        said = {"revision": self.revision, "digest": digest, "active_seconds": 60}
        self.expect(self.post(f"{self.assignment}submit/", json.dumps(said).encode()))

    @staticmethod
    def expect(answer: tuple[int, Any, str]) -> Any:
        if answer[0] != 200:
            raise RuntimeError(f"{answer[0]}: {answer[1]!r}")
        return answer[1]


@dataclass(frozen=True)
class Load:
    """Acts a second, milliseconds of each, and the server's processor milliseconds for one."""

    rate: float
    times: list[float]
    processor: float


def processor_seconds(server: int) -> float:
    """Of the server and its workers, so far; 0 where there is no /proc."""
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "stat").read_text()
        except OSError:
            continue
        fields = text.rpartition(")")[2].split()
        if int(folder.name) == server or int(fields[1]) == server:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def at_once(
    server: int, painters: list[Painter], act: Callable[[Painter], None], most: int = 10_000
) -> Load:
    """Every painter repeats the act for some seconds."""
    until = time.perf_counter() + SECONDS
    ready = threading.Barrier(len(painters))

    def repeat(painter: Painter) -> list[float]:
        ready.wait()
        times: list[float] = []
        while (start := time.perf_counter()) < until and len(times) < most:
            act(painter)
            times.append((time.perf_counter() - start) * 1000)
        return times

    start, used = time.perf_counter(), processor_seconds(server)
    with ThreadPoolExecutor(len(painters)) as pool:
        times = [value for own in pool.map(repeat, painters) for value in own]
    rate = len(times) / (time.perf_counter() - start)
    return Load(rate, times, 1000 * (processor_seconds(server) - used) / len(times))


def line(name: str, found: Load, hold: float) -> None:
    ordered = sorted(found.times)
    p50, p95 = statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))]
    word = "holds" if found.rate >= hold else "MISSES"
    print(
        f"{name:36}{found.rate:6.1f} /s  p50 {p50:6.1f}  p95 {p95:6.1f} ms  "
        f"processor {found.processor:5.1f} ms  {word} {hold}/s"
    )


def drive(address: str, server: int, keys: list[str]) -> None:
    """The client's side; runs in a process of its own, so that it takes no time from the server."""
    from photos.masks.arrays import digest
    from photos.masks.tiles import encode_tiles, split_tiles

    painters = [Painter(address, key) for key in keys[:CLIENTS]]
    mask = thin_mask(np.random.default_rng(1))
    tiles = split_tiles(mask)
    one = encode_tiles(some(tiles))
    whole = encode_tiles(tiles)
    print(f"a save {len(one):,} bytes, a whole mask {len(whole):,} bytes")

    for painter in painters:
        painter.claim()
    others = iter(keys[CLIENTS:])

    def next_photo(painter: Painter) -> None:
        painter.become(next(others))
        painter.claim()

    at_the_door = [Painter(address, keys[0]) for _ in range(CLIENTS)]
    found = at_once(server, at_the_door, next_photo, most=(PHOTOS - CLIENTS) // CLIENTS - 2)
    line("next photo, 4 clients", found, HOLD["next/s"])
    found = at_once(server, painters, lambda painter: painter.save(one))
    line("saves, 4 clients", found, HOLD["saves/s"])
    for painter in painters:
        painter.hand_back()
    submit_all(server, painters[0], whole, one, digest(mask))


def some(tiles: dict[Any, Any]) -> dict[Any, Any]:
    """As many tiles as make a save of about nine kilobytes."""
    from photos.masks.tiles import encode_tiles

    chosen: dict[Any, Any] = {}
    for place in sorted(tiles):
        chosen[place] = tiles[place]
        if len(encode_tiles(chosen)) > SAVE_BYTES:
            break
    return chosen


def submit_all(server: int, painter: Painter, whole: bytes, one: bytes, digest: str) -> None:
    """Submits of a 12-megapixel mask with 30 saves on top of it, alone."""
    times, used = [], 0.0
    for _ in range(SUBMITS):
        painter.claim()
        painter.save(whole)
        for _ in range(30):
            painter.save(one)
        start, before = time.perf_counter(), processor_seconds(server)
        painter.submit(digest)
        times.append((time.perf_counter() - start) * 1000)
        used += processor_seconds(server) - before
    word = "holds" if statistics.median(times) <= HOLD["submit ms"] else "MISSES"
    print(
        f"submit of 12 megapixels, alone                 p50 {statistics.median(times):6.1f}  "
        f"max {max(times):6.1f} ms  processor {1000 * used / SUBMITS:5.1f} ms  "
        f"{word} {HOLD['submit ms']} ms"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            HEIRLOOM_VAR=folder, DJANGO_SETTINGS_MODULE="config.settings", DATABASE_URL="",
            LOG_LEVEL="ERROR",
        )  # fmt: skip
        keys = lay_out()
        print(f"host load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        with site(free_port()) as (address, server):
            code = f"from tests.benchmarks.queue import drive; drive({address!r}, {server}, input().split())"
            subprocess.run(
                [sys.executable, "-c", code], input=" ".join(keys), text=True, check=True
            )
