"""Runs a command that ends with its starter: ``-m jobs.operations.die_with_parent STARTER CMD``.

On Linux the kernel is asked for a signal at the parent's death, so that a supervisor or worker
killed with ``kill -9`` leaves nothing behind. Elsewhere the command simply runs. A parent that
died before the kernel was asked is known by STARTER, its process id: then nothing is started.
"""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1
STARTER = "HEIRLOOM_STARTER"


def ask_for_parent_death_signal(number: int = signal.SIGTERM) -> None:
    """Effective for this process image and the next exec; a no-op outside Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def command(*words: str) -> Sequence[str]:
    """The words as a command that ends with the process that starts it, which is this one."""
    return [sys.executable, "-m", "jobs.operations.die_with_parent", str(os.getpid()), *words]


def outlive_briefly(seconds: float = 5.0) -> None:
    """Kills this process's group when it is still there so long after its starter's death.

    For a program that answers the kernel's signal in its own way: a Celery worker that hears it
    while it forks its pool may wait for the new child for ever. A thread looks once a second;
    without a starter of our own there is nothing to look for.
    """
    if starter := os.environ.get(STARTER):
        given = {"starter": int(starter), "seconds": seconds}
        threading.Thread(target=_follow, kwargs=given, name="starter", daemon=True).start()


def _follow(starter: int, seconds: float) -> None:
    while os.getppid() == starter:
        time.sleep(1)
    time.sleep(seconds)
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    # SIGQUIT, not SIGTERM: with the supervisor gone nobody follows up, and a worker that is asked
    # politely first finishes its job, however long, beside those of the next `up`.
    ask_for_parent_death_signal(signal.SIGQUIT)
    # What a shell's script starts in the background ignores it, and so does what that starts.
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    if os.getppid() != int(sys.argv[1]):
        sys.exit("The process that started this one is gone.")
    os.environ[STARTER] = sys.argv[1]
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606
