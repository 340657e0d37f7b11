"""Bodies that a thread reads while they arrive: paced, and without a seat while it waits.

A *seat* is the right to compute. There are fewer seats than threads: a thread that waits for bytes,
or sends an answer, gives its own away, so that pages go on while strangers are slow.
"""

import errno
import select
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from gunicorn.http.unreader import SocketUnreader

from config.server.reception import GRACE_SECONDS, SLOWEST

Application = Callable[[Any, Any], Iterable[bytes]]


class Seats:
    """As many threads compute at once as there are seats."""

    def __init__(self, count: int) -> None:
        self._free = threading.Semaphore(count)
        self._mine = threading.local()

    def take(self) -> None:
        self._free.acquire()
        self._mine.held = True

    def give_back(self) -> bool:
        """Whether this thread had one."""
        if not getattr(self._mine, "held", False):
            return False
        self._mine.held = False
        self._free.release()
        return True


class Seated:
    """The application, called by whoever has a seat; answers are sent without one."""

    def __init__(self, application: Application, seats: Seats) -> None:
        self.application, self.seats = application, seats

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self.seats.take()
        try:
            return self.application(environ, start_response)
        finally:
            self.seats.give_back()


class PacedUnreader(SocketUnreader):
    """Reads a socket whose other end must come on: SLOWEST bytes a second, after GRACE_SECONDS.

    Time counts only while this waits. What arrives fast earns no more than the grace, so nobody
    can send much at first and a byte a minute afterwards.
    """

    def __init__(self, sock: Any, seats: Seats) -> None:
        super().__init__(sock)
        self.seats, self.credit = seats, GRACE_SECONDS

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Raises ConnectionResetError for a sender that is too slow, as for one that has gone."""
        if not self._readable(0):
            self._wait()
        data: bytes = super().chunk(size_hint)
        self.credit = min(GRACE_SECONDS, self.credit + len(data) / SLOWEST)
        return data

    def _wait(self) -> None:
        seated, began = self.seats.give_back(), time.monotonic()
        try:
            came = self._readable(max(self.credit, 0.001))
        finally:
            if seated:
                self.seats.take()
        self.credit -= time.monotonic() - began
        if not came:
            raise ConnectionResetError(errno.ECONNRESET, "the sender was too slow")

    def _readable(self, seconds: float) -> bool:
        poll = select.poll()  # unlike select() it knows no highest file number
        poll.register(self.sock, select.POLLIN)
        return bool(poll.poll(int(1000 * seconds)))
