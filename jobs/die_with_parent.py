"""Runs a command that ends with its starter: ``python -m jobs.die_with_parent CMD``.

On Linux the kernel is asked for a signal at the parent's death, so that a supervisor or worker
killed with ``kill -9`` leaves nothing behind. Elsewhere the command simply runs.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def ask_for_parent_death_signal(number: int = signal.SIGTERM) -> None:
    """Effective for this process image and the next exec; a no-op outside Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)


if __name__ == "__main__":
    # SIGQUIT, not SIGTERM: with the supervisor gone nobody follows up, and a worker that is asked
    # politely first finishes its job, however long, beside those of the next `up`.
    ask_for_parent_death_signal(signal.SIGQUIT)
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606
