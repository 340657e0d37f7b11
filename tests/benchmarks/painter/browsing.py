"""One run in a real Chromium: open, paint, undo, zoom, kill, reload, submit."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.painter.probe import BLANK, LOADED, PROBE, SCRIBBLE, TWO_FRAMES
from tests.benchmarks.painter.scan import thin_mask
from tests.benchmarks.painter.table import high, middle

NAMES = ("chromium", "google-chrome", "chromium-headless-shell")
STROKES = int(os.environ.get("BENCH_STROKES", "200"))
FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --window-size=1600,1000 --remote-debugging-port=0"
)


class Chromium:
    """A browser with a profile that outlives its process, so that it can be killed."""

    def __init__(self, profile: str) -> None:
        self.profile = Path(profile)
        self.profile.mkdir(exist_ok=True)
        for name in ("DevToolsActivePort", "SingletonLock"):
            (self.profile / name).unlink(missing_ok=True)
        path = next(filter(None, map(shutil.which, NAMES)), NAMES[0])
        self.process = subprocess.Popen(
            [path, *FLAGS.split(), f"--user-data-dir={profile}", "about:blank"],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def address(self) -> str:
        port = self.profile / "DevToolsActivePort"
        for _ in range(600):
            if port.exists() and port.read_text().strip():
                return f"http://127.0.0.1:{port.read_text().splitlines()[0]}"
            time.sleep(0.1)
        raise RuntimeError("the browser did not start")

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def drive(address: str, key: str, profile: str) -> dict[str, float]:
    from playwright.sync_api import sync_playwright

    found: dict[str, float] = {}
    with sync_playwright() as playwright:
        chromium = Chromium(profile)
        try:
            page = visit(playwright, chromium, address, key)
            found |= opening(page, address) | painting(page) | stepping(page)
            found["memory"] = tab_memory(chromium.process.pid)
            page.mouse.move(700, 500)
            page.mouse.down()
            page.mouse.move(760, 540, steps=4)
        finally:
            chromium.kill()
        chromium = Chromium(profile)
        try:
            page = visit(playwright, chromium, address, key)
            found |= returning(page, address) | submitting(page)
        finally:
            chromium.kill()
    return found


def visit(playwright: Any, chromium: Chromium, address: str, key: str) -> Any:
    context = playwright.chromium.connect_over_cdp(chromium.address()).contexts[0]
    host = "/".join(address.split("/")[:3])
    context.add_cookies([{"name": "sessionid", "value": key, "url": host}])
    context.add_init_script(PROBE)
    page = context.new_page()
    page.set_viewport_size({"width": 1600, "height": 1000})
    return page


def opening(page: Any, address: str) -> dict[str, float]:
    page.goto("about:blank")
    page.set_content(BLANK)
    page.evaluate(PROBE)
    page.evaluate(SCRIBBLE)
    drag(page, np.random.default_rng(3), 60)
    blank = page.evaluate("() => bench.moves")
    keys = pressing(page, "Control+z")
    page.context.request.get(address)  # a server that has just started imports first
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("#painter[data-ready]", timeout=120_000)
    opened = (time.perf_counter() - start) * 1000
    page.wait_for_selector("#painter[data-full]", timeout=120_000)
    loaded = page.evaluate(LOADED) / 1e6
    page.wait_for_selector("#painter[data-traceable]", timeout=120_000)
    page.wait_for_timeout(1000)
    facts = {"opened": opened, "loaded": loaded}
    return facts | {"blank50": middle(blank), "blank95": high(blank), "blankkey": keys}


def painting(page: Any) -> dict[str, float]:
    """Two hundred strokes by hand, then eight hundred short ones, then fifty by hand again."""
    rng = np.random.default_rng(2)
    page.evaluate("() => { bench.moves = []; bench.releases = []; bench.long = []; }")
    last = max(1, STROKES - 50)
    for number in range(STROKES):
        if number == last:
            page.evaluate("() => { bench.long = []; }")
        drag(page, rng, 20)
        page.evaluate(TWO_FRAMES)
    found = page.evaluate("() => bench")
    for _ in range(4 * STROKES):
        drag(page, rng, 2)
    page.evaluate("() => { bench.moves = []; }")
    for _ in range(max(5, STROKES // 8)):
        drag(page, rng, 20)
    after = page.evaluate("() => bench.moves")
    p50 = middle(found["moves"])
    return {
        "move50": p50,
        "move95": high(found["moves"]),
        "growth": max(0.0, 100 * (middle(after) / p50 - 1)),
        "early": middle(found["releases"][1:10]),
        "late": middle(found["releases"][last:]),
        "long": len(found["long"]),
    }


def drag(page: Any, rng: np.random.Generator, moves: int) -> None:
    x, y = rng.uniform([150, 120], [1000, 800])
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + rng.uniform(-120, 120), y + rng.uniform(-90, 90), steps=moves)
    page.mouse.up()


def stepping(page: Any) -> dict[str, float]:
    found = {}
    for name, key in {"undo": "Control+z", "redo": "Control+Shift+Z", "zoom": "+"}.items():
        found[name] = pressing(page, key)
    page.keyboard.press("Control+0")
    page.wait_for_selector('#save-state[data-state="saved"]', timeout=60_000)
    return found


def pressing(page: Any, key: str) -> float:
    """Milliseconds until two frames after a key, the median of eight."""
    page.evaluate("() => { bench.keys = []; }")
    for _ in range(8):
        page.keyboard.press(key)
        page.evaluate(TWO_FRAMES)
    page.wait_for_timeout(100)
    # Holding Control and Shift are key events of their own, and change nothing.
    return middle(sorted(page.evaluate("() => bench.keys"))[-8:])


def returning(page: Any, address: str) -> dict[str, float]:
    """After the kill: what the browser's own store still has, and how soon."""
    page.goto(address, wait_until="commit")
    page.wait_for_selector("#painter[data-ready]", timeout=120_000)
    start = time.perf_counter()
    page.reload(wait_until="commit")
    page.wait_for_selector("#painter[data-ready]", timeout=120_000)
    reloaded = (time.perf_counter() - start) * 1000
    kept = page.evaluate("""() => new Promise((done) => {
      const open = indexedDB.open('heirloom-painter');
      open.onsuccess = () => {
        const keys = open.result.transaction('ops').objectStore('ops').getAllKeys();
        keys.onsuccess = () => done(Math.max(...keys.result.map((key) => key[1])));
      };
    })""")
    # Every stroke, undo and redo is one operation; the one in progress is not.
    made = STROKES + 4 * STROKES + max(5, STROKES // 8) + 8 + 8
    return {"reloaded": reloaded, "killed": made - kept}


def submitting(page: Any) -> dict[str, float]:
    page.wait_for_selector("#painter[data-full]", timeout=120_000)
    page.wait_for_timeout(1500)
    size = page.evaluate("""async () => {
      const at = document.querySelector('#painter').dataset.maskUrl;
      return (await (await fetch(at)).arrayBuffer()).byteLength;
    }""")
    page.focus("#stage")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#submit-yes")
    start = time.perf_counter()
    with page.expect_response("**/submit/", timeout=60_000) as answer:
        page.click("#submit-yes")
    taken = (time.perf_counter() - start) * 1000
    if not answer.value.ok:
        raise RuntimeError(f"not submitted: {answer.value.status}")
    return {"submit": taken, "scribble": size / 1000, "body": thin_body() / 1000}


def thin_body() -> int:
    """Bytes of the 14 cracks and 260 specks of the bench's own scan, as the painter sends tiles."""
    from photos.masks.tiles import encode_tiles, split_tiles

    return len(encode_tiles(split_tiles(thin_mask(np.random.default_rng(1)))))


def tab_memory(browser: int) -> float:
    """Megabytes of the largest renderer of this browser, its share of shared pages included."""
    most = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            if b"--type=renderer" not in command or group(folder) != browser:
                continue
            lines = (folder / "smaps_rollup").read_text().splitlines()
            most = max(most, *(int(line.split()[1]) for line in lines if line.startswith("Pss:")))
        except OSError:
            continue
    return most / 1024


def group(folder: Path) -> int:
    """The process group, field 5 of stat; the name before it may hold spaces."""
    return int((folder / "stat").read_text().rpartition(")")[2].split()[2])
