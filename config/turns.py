"""How many requests of one web process compute at once."""

import io
from collections.abc import Callable, Iterable
from threading import Semaphore
from typing import Any

AT_ONCE = 3
SMALL = 100_000  # bytes of a body that is read before the turn

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Turns:
    """A WSGI application whose requests wait for one of `AT_ONCE` turns.

    Threads are many because some wait long: for a slow visitor's upload or download, or for news
    to stream. Were all of them to compute at once, they would fight over the one interpreter lock:
    in a rush the slowest twentieth took twice as long with eight as with three. Nobody holds a
    turn while he sends or is sent something; what is too large to keep is read without a turn.
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        self.turns = Semaphore(AT_ONCE)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > SMALL or environ.get("HTTP_TRANSFER_ENCODING"):
            return self.application(environ, start_response)
        if length:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
        with self.turns:
            return self.application(environ, start_response)
