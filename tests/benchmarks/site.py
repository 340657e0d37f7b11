"""The web server as `manage.py up` starts it, for benches that speak HTTP to it."""

import http.client
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def free_port() -> int:
    """A port that nothing listens on, below those that the kernel lends to whoever connects:
    of these one may be gone again before the server has started."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port := 10_000 + secrets.randbelow(20_000)))
            return port


@contextmanager
def site(port: int) -> Iterator[tuple[str, int]]:
    """The web server that `up` starts, with this process's settings and var/."""
    from jobs.management.commands.up import children

    (web,) = children(["web"], "127.0.0.1", port)
    log = os.environ.get("SITE_LOG")  # where somebody wants to read why the server said no
    with open(log or os.devnull, "ab") as out:
        server = subprocess.Popen(web.command, stdout=out, stderr=out)
    try:
        for _ in range(300):
            try:
                http.client.HTTPConnection("127.0.0.1", port).request("GET", "/account/login/")
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}", server.pid
    finally:
        server.terminate()
        server.wait()
