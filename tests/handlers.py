"""Job handlers for tests with real workers (kinds ``tests.*``)."""

import os
import resource
import signal
import time
from pathlib import Path

from jobs.job_context import Precedence
from jobs.job_functions import job


def note(path: str, text: str) -> None:
    with Path(path).open("a") as file:
        file.write(text + "\n")


@job(Precedence.VISITOR)
def wait(work, path, seconds, word="started"):
    """Works for a while, notes when it starts and when its result counts."""
    note(path, word)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        work.progress(0.5, "waiting")
        time.sleep(0.05)
    with work.finished():
        note(path, "finished")


@job(Precedence.UPKEEP)
def upkeep(work, path, seconds, word="started"):
    wait(work, path, seconds, word)


@job(Precedence.VISITOR)
def poison(work, path):
    """Takes its worker's process along, as the kernel does when memory runs out."""
    note(path, "started")
    os.kill(os.getpid(), signal.SIGKILL)


@job(Precedence.VISITOR)
def greedy(work, path):
    """More memory than the process may have."""
    note(path, "started")
    resource.setrlimit(resource.RLIMIT_AS, (1 << 31, resource.getrlimit(resource.RLIMIT_AS)[1]))
    bytearray(1 << 32)
