"""Slow strangers: sockets that send half a request, byte by byte, or never read the answer.

`python -m tests.attack.slow [ours gthread waitress granian ...]` prints for each server how long the sign-in
page took while 100 silent sockets, 50 slow bodies and 50 dripped heads from several addresses were
held open for half a minute. Bounded, and on loopback only.
"""

import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.attack.servers import answers, served

ADDRESSES = tuple(f"127.0.0.{number}" for number in range(2, 10))
SECONDS = 30.0
HALF = b"GET /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Part: "
TUS = (
    b"Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n"
)


def body_of(length: int, path: str = "/account/login/", method: str = "POST") -> bytes:
    """The head of a request whose body will never be whole."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n"
    kind = TUS if method == "PATCH" else b"Content-Type: application/x-www-form-urlencoded\r\n"
    return head.encode() + kind + b"\r\n"


Attack = Callable[[int], tuple[bytes, bytes]]  # number of the socket -> (first bytes, then each)
ATTACKS: dict[str, tuple[int, Attack]] = {
    "silent": (100, lambda number: (HALF if number % 2 else b"", b"")),
    "slow bodies": (50, lambda number: (body_of(500_000) + b"a=", b"x")),
    "slow large bodies": (50, lambda number: (body_of(50_000_000) + b"x" * 400_000, b"x")),
    "slow heads": (50, lambda number: (HALF, b"y")),
}


@contextmanager
def held(port: int, name: str) -> Iterator[list[socket.socket]]:
    """The attack's sockets, kept open and fed a byte a second; those hung up on come again."""
    count, attack = ATTACKS[name]
    stop, lines = threading.Event(), [None] * count
    feeder = threading.Thread(target=_feed, args=(port, attack, lines, stop), daemon=True)
    feeder.start()
    time.sleep(1.5)
    try:
        yield [line for line in lines if line is not None]
    finally:
        stop.set()
        feeder.join(30)
        for line in lines:
            if line is not None:
                line.close()


def _feed(
    port: int, attack: Attack, lines: "list[socket.socket | None]", stop: threading.Event
) -> None:
    while not stop.is_set():
        for number, line in enumerate(lines):
            first, each = attack(number)
            try:
                if line is None:
                    lines[number] = _connect(port, ADDRESSES[number % len(ADDRESSES)], first)
                elif each:
                    line.send(each)
            except OSError:
                with suppress(AttributeError):
                    line.close()
                lines[number] = None
        stop.wait(1)


def _connect(port: int, source: str, first: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), 5, source_address=(source, 0))
    line.settimeout(0.05)  # who does not read in time is asked no more than that
    with suppress(TimeoutError):
        line.sendall(first)
    return line


def slowest(port: int, name: str, seconds: float = SECONDS) -> tuple[float, int]:
    """(slowest page in seconds, pages) of a visitor from elsewhere during the attack."""
    worst, pages, until = 0.0, 0, time.monotonic() + seconds
    with held(port, name):
        while time.monotonic() < until:
            try:
                worst = max(worst, answers(port, timeout=seconds))
            except OSError:
                return seconds, pages
            pages += 1
            time.sleep(0.3)
    return worst, pages


def main(names: Sequence[str]) -> int:
    missed = False
    for server in names or ["ours"]:
        with tempfile.TemporaryDirectory() as folder, served(server, Path(folder)) as port:
            for name in ATTACKS:
                worst, pages = slowest(port, name)
                missed |= server == "ours" and worst >= 1
                print(f"{server:10}{name:20}slowest page {worst:6.2f} s of {pages}", flush=True)
    print("MISSES: a page took a second or more" if missed else "holds: every page under 1 s")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
