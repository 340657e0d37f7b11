"""Work that only waits for somebody else's computer: in threads beside the worker's own work.

A receiver that takes a request and says nothing would hold the process that restores. So a job
marked `aside` runs in a thread of a small pool, of which one person has no more than a part.
"""

import threading
from collections import Counter
from collections.abc import Callable

from django.db import connection

MOST = 4  # at once in a worker's process
MOST_OF_ONE = 2  # for one person
PAUSE_SECONDS = 3.0  # before a job that found no place is due again

_lock = threading.Lock()
_running: Counter[int | None] = Counter()


def begin(person: int | None, work: Callable[[], None]) -> bool:
    """Starts the work in a thread of its own; False where the pool or the person's part is full."""
    with _lock:
        if _running.total() >= MOST or _running[person] >= MOST_OF_ONE:
            return False
        _running[person] += 1
    threading.Thread(target=_run, args=(person, work), name="aside", daemon=True).start()
    return True


def _run(person: int | None, work: Callable[[], None]) -> None:
    try:
        work()
    finally:
        connection.close()
        with _lock:
            _running[person] -= 1
            if not _running[person]:
                del _running[person]
