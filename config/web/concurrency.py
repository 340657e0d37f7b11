"""How many requests of one web process compute at once."""

import io
from collections import deque
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

AT_ONCE = 3
SOON = "/strokes/"  # saves of a painter: short, many, and somebody waits with brush in hand
SMALL = 100_000  # bytes of a body that is read before the turn

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Turns:
    """A WSGI application whose requests wait for one of `AT_ONCE` turns.

    Threads are many because some wait long: for a slow visitor's upload or download, or for news
    to stream. Were all of them to compute at once, they would fight over the one interpreter lock:
    in a rush the slowest twentieth took twice as long with eight as with three. Nobody holds a
    turn while he sends or is sent something; what is too large to keep is read without a turn.
    A painter's saves come before all else; they take so little that nobody else waits for long.
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        self.lock, self.free = Lock(), AT_ONCE
        self.soon: deque[Lock] = deque()
        self.later: deque[Lock] = deque()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > SMALL or environ.get("HTTP_TRANSFER_ENCODING"):
            return self.application(environ, start_response)
        if length:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
        self.take(soon=environ.get("PATH_INFO", "").endswith(SOON))
        try:
            return self.application(environ, start_response)
        finally:
            self.give_on()

    def take(self, *, soon: bool) -> None:
        """Wait for a turn: those who are served soon before all others, else as they came."""
        with self.lock:
            if self.free:
                self.free -= 1
                return
            ticket = Lock()
            ticket.acquire()
            (self.soon if soon else self.later).append(ticket)
        ticket.acquire()

    def give_on(self) -> None:
        """End a turn: it goes to whoever is next."""
        with self.lock:
            if line := self.soon or self.later:
                line.popleft().release()
            else:
                self.free += 1
