"""A restoration's progress as server-sent events, for clients that would rather not poll.

A stream occupies one thread of the web server, so it ends by itself after a while and the client
comes back with Last-Event-ID; when too many are open, a stream is one event and a pause.
"""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

SECONDS = 25.0
EVERY = 1.0
SLOTS = threading.BoundedSemaphore(3)  # of the eight threads of a web process
RETRY, RETRY_FULL = 1000, 4000  # ms after which a client comes back
QUIET = 10  # looks without news between two signs of life

Look = Callable[[], "tuple[str, dict[str, Any]] | None"]


def tag(body: Any) -> str:
    """Names a state; the same state has the same tag in every process."""
    text = json.dumps(body, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def events(
    look: Look, last: str = "", *, seconds: float = SECONDS, every: float = EVERY
) -> Iterator[str]:
    """`look` gives (kind, state), "end" being the last kind, or None when it is gone."""
    has_slot = SLOTS.acquire(blocking=False)
    try:
        yield f"retry: {RETRY if has_slot else RETRY_FULL}\n\n"
        yield from _changes(look, last, seconds if has_slot else 0.0, every)
    finally:
        if has_slot:
            SLOTS.release()


def _changes(look: Look, last: str, seconds: float, every: float) -> Iterator[str]:
    until, quiet = time.monotonic() + seconds, 0
    while True:
        found = look()
        if found is None:
            yield _event("gone", "gone", {})
            return
        kind, state = found
        name = tag(state)
        quiet += 1
        if name != last:
            last, quiet = name, 0
            yield _event(kind, name, state)
        elif quiet >= QUIET:
            quiet = 0
            yield ": still here\n\n"
        if kind == "end" or time.monotonic() + every > until:
            return
        time.sleep(every)


def _event(kind: str, name: str, state: dict[str, Any]) -> str:
    data = json.dumps(state, default=str)
    return f"id: {name}\nevent: {kind}\ndata: {data}\n\n"
