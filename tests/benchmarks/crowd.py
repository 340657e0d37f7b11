"""A crowd at the door: 200 photographs posted by 20 clients at once, and everybody else's pages.

The site as `manage.py up` starts it, on PostgreSQL and Redis of its own, with two interactive
workers. Asked: is each restored once, in the order in which it came, and does the site still
answer meanwhile? CROWD_CLIENTS and CROWD_EACH change the numbers.
"""

import contextlib
import http.client
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from tests.benchmarks.servers import Missing, postgresql, redis
from tests.benchmarks.site import free_port, site

CLIENTS = int(os.environ.get("CROWD_CLIENTS", "20"))
EACH = int(os.environ.get("CROWD_EACH", "10"))
WORKERS = 2
WEB_P95_MS = 300
PATIENCE = 1800.0  # seconds until every restoration has to be done
PAGES = ("/", "/restore/", "/health/live", "/account/login/")


def photograph(number: int) -> bytes:
    """A small JPEG, another for each number: two alike would be one blob."""
    from PIL import Image

    rng = np.random.default_rng(number)
    y, x = np.mgrid[0:240, 0:320]
    plane = 110 + 60 * np.sin(x / (20 + number % 17)) + 40 * np.cos(y / 31)
    plane += rng.normal(0, 6, plane.shape)
    out = io.BytesIO()
    Image.fromarray(plane.clip(0, 255).astype(np.uint8)).save(out, "JPEG", quality=88)
    return out.getvalue()


# --- the clients, in a process of their own --------------------------------------------------


class Client:
    """One connection that speaks to the site and counts milliseconds."""

    def __init__(self, address: str) -> None:
        self.line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, bytes, float]:
        began = time.perf_counter()
        self.line.request(method, path, body or None, headers)
        answer = self.line.getresponse()
        content = answer.read()
        return answer.status, content, 1000 * (time.perf_counter() - began)

    def send(self, number: int) -> tuple[int, bytes, float]:
        """As a form, with a key: sent again it would be the same restoration."""
        edge = uuid.uuid4().hex
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="photo"; '
            f'filename="{number}.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        )
        body = head.encode() + photograph(number) + f"\r\n--{edge}--\r\n".encode()
        kind = f"multipart/form-data; boundary={edge}"
        key = f"crowd-{number}"
        return self.ask(
            "POST", "/api/v1/restorations/", body, **{"Content-Type": kind, "Idempotency-Key": key}
        )


def drive(address: str) -> None:
    """Posts everything, then looks at pages until a line on standard input says that it is over."""
    barrier = threading.Barrier(CLIENTS)

    def post(client_number: int) -> list[tuple[int, float]]:
        client = Client(address)
        barrier.wait()
        found = []
        for index in range(EACH):
            status, _, took = client.send(client_number * EACH + index)
            found.append((status, took))
        return found

    over, pages = threading.Event(), []
    looker = threading.Thread(target=look_around, args=(address, over, pages))
    looker.start()
    with ThreadPoolExecutor(CLIENTS) as pool:
        posts = [each for own in pool.map(post, range(CLIENTS)) for each in own]
    print(json.dumps({"posts": posts}), flush=True)
    sys.stdin.readline()
    over.set()
    looker.join()
    print(json.dumps({"pages": pages}), flush=True)


def look_around(address: str, over: threading.Event, found: list[tuple[int, float]]) -> None:
    client, number = Client(address), 0
    while not over.is_set():
        status, _, took = client.ask("GET", PAGES[number % len(PAGES)])
        found.append((status, took))
        number += 1
        time.sleep(0.1)


# --- the site --------------------------------------------------------------------------------


@contextmanager
def workers(count: int) -> Iterator[None]:
    """As many interactive workers as asked, and beat, as `up` starts them."""
    from jobs.management.commands.up import children

    interactive = children(["workers"], "", 0)[0]
    (beat,) = children(["beat"], "", 0)
    commands = [
        [part.replace("interactive@", f"interactive{number}@") for part in interactive.command]
        for number in range(count)
    ]
    environment = {**os.environ, **interactive.environment}
    started = [
        subprocess.Popen(command, env=environment, start_new_session=True)
        for command in [*commands, list(beat.command)]
    ]
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()


def lay_out() -> None:
    """Tables, and the shipped weights in production."""
    code = (
        "import django; django.setup(); from django.core.management import call_command as call;"
        "call('migrate', verbosity=0); from jobs.operations.first_run import collect_static;"
        "collect_static(print); from training.services.shipped_weights import register; register()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def wait_for_all(total: int) -> float:
    """Seconds until every restoration has ended, counted from now."""
    from django.db import connection

    from jobs.models import FINAL
    from pipeline.models import Restoration

    began = time.perf_counter()
    while time.perf_counter() - began < PATIENCE:
        if Restoration.objects.filter(job__state__in=FINAL).count() >= total:
            break
        connection.close()
        time.sleep(1)
    return time.perf_counter() - began


def judge(total: int) -> list[tuple[str, bool]]:
    """(sentence, held) for each promise about the work."""
    from django.db.models import Count

    from jobs.models import Job
    from pipeline.models import Rendition, Restoration

    rows = list(Restoration.objects.select_related("job").order_by("job__created_at"))
    states = {state: sum(row.state == state for row in rows) for state in {r.state for r in rows}}
    again = Job.objects.filter(kind="pipeline.restore", attempt__gt=1).count()
    twice = Rendition.objects.values("photo", "kind").annotate(n=Count("pk")).filter(n__gt=1)
    pictures = Rendition.objects.count()
    lost = total - len(rows) + sum(row.state != "succeeded" for row in rows)
    return [
        (f"{len(rows)} restorations of {total}: {states}; lost {lost}", lost == 0),
        (
            f"{pictures} pictures, {4 * total} expected; attempts beyond the first {again}",
            pictures == 4 * total and not again and not twice.exists(),
        ),
        order([row.job for row in rows if row.job and row.job.started_at]),
    ]


def order(jobs: list[Any]) -> tuple[str, bool]:
    """Jobs in the order of their arrival: how far from it was the order of their starts?"""
    from scipy.stats import spearmanr

    ranks = np.argsort(np.argsort([job.started_at.timestamp() for job in jobs]))
    shifts = np.abs(ranks - np.arange(len(jobs)))
    waits = [(job.started_at - job.created_at).total_seconds() for job in jobs]
    rho = float(spearmanr(np.arange(len(jobs)), ranks).statistic)
    return (
        f"order: Spearman {rho:.4f}, places overtaken at most {shifts.max()}, mean "
        f"{shifts.mean():.2f}; wait median {statistics.median(waits):.1f} s, "
        f"longest {max(waits):.1f} s",
        rho > 0.99,
    )


def p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]


def latency(name: str, found: list[tuple[int, float]], allowed: float) -> tuple[str, bool]:
    times = [took for _, took in found]
    wrong = [status for status, _ in found if status >= 400]
    return (
        f"{name}: {len(times)} answers, {len(wrong)} errors, p50 {statistics.median(times):.0f}, "
        f"p95 {p95(times):.0f} ms, worst {max(times):.0f} ms",
        p95(times) <= allowed and not wrong,
    )


def run() -> bool:
    import django

    lay_out()
    django.setup()
    total, began = CLIENTS * EACH, time.perf_counter()
    code = "import sys; from tests.benchmarks.crowd import drive; drive(sys.argv[1])"
    with site(free_port()) as (address, _), workers(WORKERS):
        Client(address).ask("GET", "/restore/")  # the first page loads the site
        clients = subprocess.Popen(
            [sys.executable, "-c", code, address],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert clients.stdout is not None
        posts = json.loads(clients.stdout.readline())["posts"]
        sent = time.perf_counter() - began
        wait_for_all(total)
        done = time.perf_counter() - began
        pages = json.loads(clients.communicate("over\n", timeout=120)[0])["pages"]
    print(f"{total} posted by {CLIENTS} clients in {sent:.1f} s, all ended after {done:.1f} s")
    promises = [
        *judge(total),
        latency("posts", posts, float("inf")),
        latency("pages meanwhile", pages, WEB_P95_MS),
    ]
    for sentence, held in promises:
        print(f"{'holds ' if held else 'MISSES'}  {sentence}")
    return all(held for _, held in promises)


def main() -> None:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        try:
            database = stack.enter_context(postgresql())
            broker = stack.enter_context(redis())
        except Missing as reason:
            print(reason)
            return
        os.environ.update(
            HEIRLOOM_VAR=folder, DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="ERROR",
            DATABASE_URL=database.address, BROKER_URL=broker.address, TORCH_THREADS="1",
            CACHE_URL=broker.address.replace("redis://", "rediscache://").replace("/0", "/1"),
            UPLOADS_PER_HOUR="1000000", API_PER_MINUTE="1000000", SECRET_KEY="of a bench " * 5,
            ALLOWED_HOSTS="127.0.0.1",
        )  # fmt: skip
        print(f"host load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        run()
        print(f"host load {os.getloadavg()[0]:.1f} at the end")
