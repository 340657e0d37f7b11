"""Each part of a restoration beside the same part of an earlier commit, in the same run.

`BEFORE=COMMIT SCAN=FILE THREADS=1 python -m tests.benchmarks parts`: both checkouts take turns, part by
part, and the least of ROUNDS counts, so that a busy moment of the machine meets both. Seconds are the
processor's, which others on the same machine hardly change. EXPORTS names a folder of network exports that
the earlier checkout reads instead of today's: those that it made itself, where exporting has changed since.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from config.env import VAR
from pipeline.engine.segmentation import classify, find_defects, thresholds
from tests.benchmarks.pipeline import WEIGHTS, open_all, picture

ROOT = Path(__file__).parents[2]
PIXELS = 2_000_000
ROUNDS = int(os.environ.get("ROUNDS", "5"))
BEFORE = os.environ.get("BEFORE", "411a6bc")  # the last commit without guards
# What each part may cost, as a share of the second part before.
TARGETS = {
    "finding": ("finding", 1.0),
    "guards": ("finding", 0.25),
    "completion": ("finding", None),
    "filling": ("filling", 0.5),
    "colour": ("colour", None),
    "chain": ("chain", 0.85),
    "careful finding": ("careful finding", 0.4),
    "careful chain": ("careful chain", None),
}


class Runner:
    """A checkout's engine in a process of its own."""

    def __init__(self, checkout: Path, pictures: Path, threads: int, exports: Path) -> None:
        given = [str(each) for each in (checkout, pictures, WEIGHTS, exports, threads)]
        self.process = subprocess.Popen(
            # -P: `queue.py` beside the runner would hide the standard library's.
            [sys.executable, "-P", str(Path(__file__).with_name("parts_runner.py")), *given],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=checkout,
            env=os.environ | {"OMP_NUM_THREADS": str(threads), "PYTHONPATH": str(checkout)},
        )  # fmt: skip
        self.parts = {name.replace("_", " ") for name in self._line().split()[1:]}

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline()

    def seconds(self, part: str) -> float:
        assert self.process.stdin
        self.process.stdin.write(part.replace(" ", "_") + "\n")
        self.process.stdin.flush()
        return float(self._line())


@contextlib.contextmanager
def checkout(commit: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "before"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--detach", "-q", str(place), commit], check=True)
        try:
            yield place
        finally:
            subprocess.run([*git, "remove", "--force", str(place)], check=True)


def scan() -> np.ndarray:
    """The picture of SCAN at two megapixels, or a packaged one with synthetic damage, grey."""
    if not (name := os.environ.get("SCAN")):
        damaged = picture()[0]
        return damaged if damaged.ndim == 2 else cv2.cvtColor(damaged, cv2.COLOR_RGB2GRAY)
    grey = cv2.imread(name, cv2.IMREAD_GRAYSCALE)
    if grey is None:
        raise SystemExit(f"{name} is no picture.")
    scale = (PIXELS / grey.size) ** 0.5
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=method)


def main() -> None:
    image, finder = scan(), open_all("onnx")["segmentation"]
    cuts = thresholds(finder.card)
    bits = np.concatenate([classify(band, cuts) for band in find_defects(image, finder)])
    threads = int(os.environ.get("THREADS", "1"))
    print(
        f"{image.shape[1]} x {image.shape[0]} px, {100 * (bits > 0).mean():.1f} % marked", end=", "
    )
    print(f"{threads} threads, load {os.getloadavg()[0]:.1f}, least of {ROUNDS}; before: {BEFORE}")
    with tempfile.TemporaryDirectory() as folder, checkout(BEFORE) as before:
        pictures = Path(folder) / "given.npz"
        np.savez(pictures, image=image, bits=bits)
        exports = VAR / "exports"
        earlier = Path(os.environ.get("EXPORTS", exports))
        now = Runner(ROOT, pictures, threads, exports)
        table(now, Runner(before, pictures, threads, earlier))


def table(now: Runner, before: Runner) -> None:
    least: dict[tuple[str, bool], float] = {}
    names = os.environ.get("PARTS", "").split(",") if os.environ.get("PARTS") else list(TARGETS)
    for _ in range(ROUNDS):
        for name in names:
            for runner in (now, before):
                if name in runner.parts:
                    key = (name, runner is now)
                    least[key] = min(least.get(key, np.inf), runner.seconds(name))
    print(f"{'part':18}{'now, s':>9}{'before, s':>11}{'ratio':>8}{'target':>8}")
    for name in names:
        yardstick, target = TARGETS[name]
        old = least.get((yardstick, False), np.nan)
        print(
            f"{name:18}{least[name, True]:9.3f}{old:11.3f}{least[name, True] / old:8.2f}"
            f"{target or '':>8}{'' if name == yardstick else '  of ' + yardstick}"
        )
