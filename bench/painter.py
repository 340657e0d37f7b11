"""The mask painter on a 12-megapixel scan in a real Chromium: what a person waits for."""

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import urlopen

import numpy as np

WIDTH, HEIGHT = 4000, 3000
STROKES = 200
FLAGS = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking"

# Each move counts from its event to a message after the next frame; a release two frames on.
PROBE = """
window.bench = {moves: [], releases: [], long: [], frames: []};
addEventListener('pointermove', (event) => {
  const at = event.timeStamp;
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => bench.moves.push(performance.now() - at);
    channel.port2.postMessage(0);
  });
}, true);
addEventListener('pointerup', (event) => {
  const painted = () => bench.releases.push(performance.now() - event.timeStamp);
  requestAnimationFrame(() => requestAnimationFrame(painted));
}, true);
new PerformanceObserver((list) => bench.long.push(...list.getEntries().map((e) => e.duration)))
  .observe({entryTypes: ['longtask']});
"""
TWO_FRAMES = "() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))"
LOADED = """() => {
  const all = ['resource', 'navigation'].flatMap((kind) => performance.getEntriesByType(kind));
  return [all.length, all.reduce((sum, e) => sum + (e.transferSize || 0), 0)];
}"""


def scan(rng: np.random.Generator) -> np.ndarray:
    """Soft ground, grain, 14 bright cracks of 3 to 9 px and 260 specks; uint8 H x W x 3."""
    import cv2

    ground = cv2.resize(rng.normal(0, 1, (24, 32)), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    damage = np.zeros((HEIGHT, WIDTH), np.uint8)
    for _ in range(14):
        at, angle = rng.uniform(0, [WIDTH, HEIGHT]), rng.uniform(0, 6.28)
        for _ in range(90):
            angle += rng.normal(0, 0.22)
            to = at + 14 * np.array([np.cos(angle), np.sin(angle)])
            cv2.line(damage, at.astype(int).tolist(), to.astype(int).tolist(), 255, 5)
            at = to
    for _ in range(260):
        centre = rng.uniform(0, [WIDTH, HEIGHT]).astype(int).tolist()
        cv2.circle(damage, centre, int(rng.integers(2, 9)), 255, -1)
    grey = 120 + 30 * ground + rng.normal(0, 7, (HEIGHT, WIDTH)) + damage * 0.27
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def lay_out() -> tuple[str, str]:
    """A person with a claimed scan; gives the session's key and the painter's address."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse

    from annotate import blobs, scans, services
    from annotate.models import Photo

    call_command("migrate", verbosity=0)
    user = User.objects.create_user("bench")
    user.groups.add(Group.objects.get_or_create(name="assessor")[0])
    original = blobs.put(scans.write_png(scan(np.random.default_rng(1))), "image/png")
    photo = Photo.objects.create(original=original, title="Bench", wants_mask=True)
    services.prepare_photo(photo)
    assignment = services.claim_assignment(assessor=user)
    if assignment is None:
        raise RuntimeError("nothing to paint")
    client = Client()
    client.force_login(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    return key, reverse("annotate_paint", args=[assignment.pk])


@contextmanager
def site() -> Iterator[str]:
    """The development server on a free port, with this process's settings and var/."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["-m", "django", "runserver", "--insecure", "--noreload", f"127.0.0.1:{port}"]
    server = subprocess.Popen([sys.executable, *command], stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                urlopen(f"http://127.0.0.1:{port}/account/login/").close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def quantiles(values: list[float]) -> str:
    ordered = sorted(values)
    middle, high = statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))]
    return f"p50 {middle:6.1f}  p95 {high:6.1f}  max {ordered[-1]:6.1f} ms"


def timed(page: Any, act: Callable[[], object]) -> float:
    """Milliseconds until two frames after the act, as a driver sees it."""
    start = time.perf_counter()
    act()
    page.evaluate(TWO_FRAMES)
    return (time.perf_counter() - start) * 1000


def drag(page: Any, rng: np.random.Generator, moves: int) -> None:
    x, y = rng.uniform([150, 120], [1000, 800])
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + rng.uniform(-120, 120), y + rng.uniform(-90, 90), steps=moves)
    page.mouse.up()


def drive(page: Any, address: str) -> None:
    rng = np.random.default_rng(2)
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("#painter[data-ready]")
    print(f"navigation to paintable      {(time.perf_counter() - start) * 1000:8.0f} ms")
    page.wait_for_selector("#painter[data-full]")
    print(f"navigation to full pixels    {(time.perf_counter() - start) * 1000:8.0f} ms")
    count, size = page.evaluate(LOADED)
    print(f"first load                   {size / 1e6:8.2f} MB in {count} requests")
    page.wait_for_timeout(2000)
    for _ in range(STROKES):
        drag(page, rng, 20)
        page.evaluate(TWO_FRAMES)
    found = page.evaluate("() => bench")
    page.evaluate("() => { bench.moves = []; }")
    drag(page, rng, 200)
    page.evaluate(TWO_FRAMES)
    late = page.evaluate("() => bench.moves")
    print("move to painted, strokes 1-50   ", quantiles(found["moves"][: 50 * 20]))
    print("move to painted, strokes 151-200", quantiles(found["moves"][150 * 20 :]))
    print("move to painted, 200-move stroke", quantiles(late))
    print("release to painted, 2-10        ", quantiles(found["releases"][1:10]))
    print("release to painted, 151-200     ", quantiles(found["releases"][150:200]))
    print(
        f"long tasks over 50 ms        {len(found['long']):8d}, {sum(found['long']):.0f} ms in all"
    )
    steps = {"undo": "Control+z", "redo": "Control+Shift+Z", "zoom step": "+"}
    for name, key in steps.items():
        times = [timed(page, lambda key=key: page.keyboard.press(key)) for _ in range(6)]
        print(f"{name:32}", quantiles(times))
    start = time.perf_counter()
    page.reload(wait_until="commit")
    page.wait_for_selector("#painter[data-ready]")
    print(f"reload to paintable          {(time.perf_counter() - start) * 1000:8.0f} ms")
    heap = page.evaluate("() => performance.memory ? performance.memory.usedJSHeapSize : 0")
    print(f"script heap                  {heap / 1e6:8.1f} MB")
    page.focus("#stage")
    page.keyboard.press("Control+Enter")
    start = time.perf_counter()
    with page.expect_response("**/submit/") as answer:
        page.click("#submit-yes")
    print(f"submit to answer             {(time.perf_counter() - start) * 1000:8.0f} ms")
    print("submitted" if answer.value.ok else json.dumps(answer.value.json()))


def main() -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            HEIRLOOM_VAR=folder, DJANGO_SETTINGS_MODULE="tests.settings", DATABASE_URL="",
            DJANGO_ALLOW_ASYNC_UNSAFE="true",
        )  # fmt: skip
        key, path = lay_out()
        print(f"host load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        with site() as address, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=FLAGS.split()
            )
            context = chromium.new_context(viewport={"width": 1600, "height": 1000})
            context.add_cookies([{"name": "sessionid", "value": key, "url": address}])
            context.add_init_script(PROBE)
            drive(context.new_page(), f"{address}{path}")
            chromium.close()
