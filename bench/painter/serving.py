"""The site under the bench: one scan to paint, many small ones to hand out, and load on both."""

import http.client
import json
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from urllib.request import urlopen

import numpy as np

from bench.painter.scan import scan

CLIENTS = 4
SECONDS = 6.0
SMALL = 96  # photographs waiting for the queue's measure


def lay_out() -> tuple[str, str]:
    """A person with a claimed scan; gives the session's key and the painter's address."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.urls import reverse

    from annotate import blobs, scans, services
    from annotate.models import Photo
    from jobs.first_run import collect_static

    call_command("migrate", verbosity=0)
    collect_static(lambda text: None)
    original = blobs.put(scans.write_png(scan(np.random.default_rng(1))), "image/png")
    photo = Photo.objects.create(original=original, title="Bench", wants_mask=True)
    services.prepare_photo(photo)
    user, key = person("bench")
    assignment = services.claim_assignment(assessor=user)
    if assignment is None:
        raise RuntimeError("nothing to paint")
    return key, reverse("annotate_paint", args=[assignment.pk])


def person(name: str):  # type: ignore[no-untyped-def]
    """An assessor and the key of a session of hers."""
    from django.conf import settings
    from django.contrib.auth.models import Group, User
    from django.test import Client

    user = User.objects.create_user(name)
    user.groups.add(Group.objects.get_or_create(name="assessor")[0])
    client = Client()
    client.force_login(user)
    return user, client.cookies[settings.SESSION_COOKIE_NAME].value


@contextmanager
def site() -> Iterator[str]:
    """The server that `manage.py up` starts, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--threads", "8", "--log-level", "error"]
    server = subprocess.Popen([sys.executable, *command])
    try:
        for _ in range(300):
            try:
                urlopen(f"http://127.0.0.1:{port}/health/live").close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def load(address: str) -> dict[str, float]:
    """Requests a second with four people at once: saves of a stroke, and next tasks."""
    from annotate import services
    from annotate.models import Photo

    ready = Photo.objects.get()
    facts = {"width": 400, "height": 300, "state": "ready", "wants_mask": True}
    for number in range(SMALL):
        Photo.objects.create(title=str(number), display=ready.thumbnail, **facts)
    people = [person(f"bench{number}") for number in range(CLIENTS)]
    claims = [services.claim_assignment(assessor=user) for user, _ in people]
    saves = [saver(address, key, claim) for (_, key), claim in zip(people, claims, strict=True)]
    nexts = [claimer(address, key) for _, key in people]
    return {"saves": rate(saves), "nexts": rate(nexts)}


def rate(calls: list[Callable[[], None]]) -> float:
    """Calls a second when each runs over and over in a thread of its own."""
    stop = time.perf_counter() + SECONDS
    counts = [0] * len(calls)

    def repeat(place: int) -> None:
        while time.perf_counter() < stop:
            calls[place]()
            counts[place] += 1

    threads = [threading.Thread(target=repeat, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def saver(address: str, key: str, claim):  # type: ignore[no-untyped-def]
    """Sends one stroke's tile on the revision before it, as the painter does."""
    post = poster(address, key)
    rng = np.random.default_rng(claim.photo.title.encode()[0])
    plane = np.packbits(rng.random((256, 256)) < 0.004).tobytes()
    deflate = zlib.compressobj(wbits=-15)
    record = b"\0\0\0\0\x01" + plane
    body = b"HMT1" + (1).to_bytes(4, "little") + deflate.compress(record) + deflate.flush()
    state = {"revision": claim.mask.revision, "seq": 0}

    def save() -> None:
        state["seq"] += 1
        said = post(
            f"/annotate/assignments/{claim.pk}/strokes/",
            body,
            {
                "X-Base-Revision": str(state["revision"]),
                "X-Client": key[:16],
                "X-First-Seq": str(state["seq"]),
                "X-Last-Seq": str(state["seq"]),
            },
        )
        state["revision"] = json.loads(said)["revision"]

    return save


def claimer(address: str, key: str) -> Callable[[], None]:
    """Asks for the next task; one's own open one is the answer, as after a reload."""
    post = poster(address, key)
    return lambda: void(post("/annotate/claim/", b"", {}))


def void(_: object) -> None:
    """Nothing."""


def poster(address: str, key: str) -> Callable[[str, bytes, dict[str, str]], bytes]:
    """A connection of one person's own that stays open."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port)
    token = "a" * 32
    cookie = f"sessionid={key}; csrftoken={token}"

    def post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
        sent = {"Cookie": cookie, "X-CSRFToken": token, "Referer": address, **headers}
        connection.request("POST", path, body, sent)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{path} answered {answer.status}: {text[:200]!r}")
        return text

    return post
