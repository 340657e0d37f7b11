"""gunicorn's threaded worker, in which no thread waits for a request that has not arrived.

Measured by `python -m tests.attack.slow`: docs/security.md has the figures.
"""

import socket
import struct
import time
from collections import Counter
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any

from django.conf import settings
from gunicorn.workers.gthread import TConn, ThreadWorker

from config.server.command import THREADS_PER_SEAT
from config.server.pace import PacedUnreader, Seated, Seats
from config.server.reception import Arrival, Verdict
from config.web.client_address import behind_proxies, neighbourhood

CONNECTIONS = 500  # then the one that has waited longest makes room for the next
ARRIVING_PER_ADDRESS = 32  # requests on their way in; idle connections do not count
RUNNING_SHARE = 2 / 3  # of the threads that one address may have at once
LEAVE_SECONDS = 3.0  # so long what is still being sent to a finished connection is thrown away
SEND_SECONDS = 20  # in which the other end must take what a send hands over
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
REFUSALS = {
    408: "408 Request Timeout",
    429: "429 Too Many Requests",
    431: "431 Request Header Fields Too Large",
    503: "503 Service Unavailable",
}


def refusal(status: int) -> bytes:
    """A whole answer without a body; the connection ends with it."""
    line = f"HTTP/1.1 {REFUSALS[status]}\r\nRetry-After: 10\r\n"
    return f"{line}Content-Length: 0\r\nConnection: close\r\n\r\n".encode()


class PatientWorker(ThreadWorker):
    """Heads and short bodies arrive here in the loop; a thread is taken when they are whole."""

    wsgi: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.worker_connections = CONNECTIONS + 1  # never stop accepting: the oldest makes room
        self.proxies = 0  # the settings say how many, once they are loaded
        self.seats = Seats(max(1, self.cfg.threads // THREADS_PER_SEAT))
        self.most_running = max(1, int(RUNNING_SHARE * self.cfg.threads))
        self.arriving: dict[Any, Arrival] = {}
        self.counted: dict[Any, str] = {}
        self.arriving_from: Counter[str] = Counter()
        self.running_from: Counter[str] = Counter()
        self.queued: dict[str, list[Any]] = {}
        self.leaving: dict[Any, float] = {}

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.proxies = settings.PROXY_COUNT
        self.wsgi = Seated(self.wsgi, self.seats)

    # --- in: called by gunicorn's loop -----------------------------------------------------------

    def enqueue_req(self, conn: TConn) -> None:
        """Every connection that has something to say comes through here, new or kept alive."""
        held = b""
        if not conn.initialized:
            self._prepare(conn)
        else:
            held = conn.parser.unreader.take_buffered()
        if self.nr_conns > CONNECTIONS:
            self._make_room()
        arrival = Arrival.at(time.monotonic())
        self.arriving[conn] = arrival
        self._count(conn)
        if self.arriving_from[self.counted[conn]] > ARRIVING_PER_ADDRESS and not self.proxies:
            self._refuse(conn, 429, registered=False)
            return
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, EVENT_READ, partial(self._readable, conn))
        if held:
            self._judge(conn, arrival.take(held, time.monotonic()))

    def _prepare(self, conn: TConn) -> None:
        conn.init()
        conn.parser.unreader = PacedUnreader(conn.sock, self.seats)
        timeout = struct.pack("ll", SEND_SECONDS, 0)
        with suppress(OSError):
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeout)

    def _readable(self, conn: TConn, _: Any) -> None:
        try:
            data = conn.sock.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._forget(conn)
            self._hang_up(conn)
            return
        self._judge(conn, self.arriving[conn].take(data, time.monotonic()))

    def _judge(self, conn: TConn, verdict: Verdict) -> None:
        arrival = self.arriving[conn]
        if verdict is Verdict.TOO_LARGE:
            self._refuse(conn, 431)
        elif verdict is Verdict.READY:
            self._admit(conn, self._forget(conn))
        elif arrival.waits_to_be_asked:
            with suppress(OSError):
                conn.sock.send(CONTINUE)

    # --- to the threads and back -----------------------------------------------------------------

    def _admit(self, conn: TConn, arrival: Arrival) -> None:
        conn.parser.unreader.unread(bytes(arrival.received))
        conn.parser.unreader.credit = arrival.deadline - time.monotonic()
        who = neighbourhood(behind_proxies(_peer(conn), arrival.forwarded_for, self.proxies))
        if self.running_from[who] >= self.most_running:
            self.queued.setdefault(who, []).append(conn)
        else:
            self._run(conn, who)

    def _run(self, conn: TConn, who: str) -> None:
        self.running_from[who] += 1
        future = self.tpool.submit(self.handle, conn)
        future.add_done_callback(lambda done: self.method_queue.defer(self._ran, conn, who, done))

    def _ran(self, conn: TConn, who: str, done: Any) -> None:
        self.running_from[who] -= 1
        if waiting := self.queued.get(who):
            self._run(waiting.pop(0), who)
        else:
            self.queued.pop(who, None)
            self.running_from += Counter()  # forgets those at zero
        if done.cancelled() or done.exception() is not None or not done.result():
            self._see_out(conn)
        else:
            self.finish_request(conn, done)

    def _keepalive_after(self, conn: TConn, keepalive: bool) -> bool:
        """A body that nobody read is not waited for: such a connection ends with its answer."""
        conn.parser.unreader.credit = 0.0
        try:
            return bool(super()._keepalive_after(conn, keepalive))
        except ConnectionResetError:
            return False

    # --- out -------------------------------------------------------------------------------------

    def murder_pending(self) -> None:
        """gunicorn's loop calls this every second: the late are told so, and go."""
        super().murder_pending()
        now = time.monotonic()
        late = [conn for conn, arrival in self.arriving.items() if arrival.deadline < now]
        for conn in late:
            self._refuse(conn, 408)
        for conn in [conn for conn, until in self.leaving.items() if until < now]:
            self._gone(conn)
        if not self.alive:
            for conn in [conn for conn, arrival in self.arriving.items() if not arrival.received]:
                self._refuse(conn, 503)

    def _see_out(self, conn: TConn) -> None:
        """The other end reads its answer before it learns that nobody listens any more.

        gunicorn waits for that in its loop, two seconds for each connection and for all others.
        """
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, EVENT_READ, partial(self._drop, conn))
        except (OSError, ValueError):
            self._hang_up(conn)
            return
        self.leaving[conn] = time.monotonic() + LEAVE_SECONDS

    def _drop(self, conn: TConn, _: Any) -> None:
        try:
            if conn.sock.recv(1 << 16):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._gone(conn)

    def _gone(self, conn: TConn) -> None:
        del self.leaving[conn]
        with suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)
        self._hang_up(conn)

    def _make_room(self) -> None:
        """Those that are done go first, then the idle, then what has been arriving for longest."""
        if self.leaving:
            self._gone(next(iter(self.leaving)))
        elif self.keepalived_conns:
            conn = self.keepalived_conns.popleft()
            self.poller.unregister(conn.sock)
            self._hang_up(conn)
        elif self.arriving:
            self._refuse(next(iter(self.arriving)), 503)

    def _count(self, conn: TConn) -> None:
        self.counted[conn] = neighbourhood(behind_proxies(_peer(conn), "", 0))
        self.arriving_from[self.counted[conn]] += 1

    def _forget(self, conn: TConn, *, registered: bool = True) -> Arrival:
        who = self.counted.pop(conn)
        self.arriving_from[who] -= 1
        if not self.arriving_from[who]:
            del self.arriving_from[who]
        if registered:
            with suppress(OSError, KeyError, ValueError):
                self.poller.unregister(conn.sock)
        return self.arriving.pop(conn)

    def _refuse(self, conn: TConn, status: int, *, registered: bool = True) -> None:
        arrival = self._forget(conn, registered=registered)
        if arrival.received or status == 429:
            with suppress(OSError):
                conn.sock.send(refusal(status))
        self._see_out(conn)

    def _hang_up(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()


def _peer(conn: TConn) -> str:
    return str(conn.client[0]) if isinstance(conn.client, tuple) else ""
