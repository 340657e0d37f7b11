"""Job handlers for tests with real workers (kinds ``tests.*``)."""

import time
from pathlib import Path

from jobs.work import handles


def note(path: str, text: str) -> None:
    with Path(path).open("a") as file:
        file.write(text + "\n")


@handles
def wait(work, path, seconds):
    """Works for a while, notes when it starts and when its result counts."""
    note(path, "started")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        work.check()
        time.sleep(0.05)
    with work.finished():
        note(path, "finished")
