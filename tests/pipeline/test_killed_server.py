"""A web server killed in the middle of a piece: the upload goes on from what had arrived."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest

from tests.benchmarks.site import free_port
from tests.pipeline.builders import upload

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
PIECE = 8 << 20
SCAN = upload(np.random.default_rng(1).integers(0, 255, (2000, 2200, 3), np.uint8), kind="TIFF")


class Site:
    """gunicorn on a database and folder of its own."""

    def __init__(self, folder):
        self.port = free_port()
        self.environment = os.environ | {
            "HEIRLOOM_VAR": str(folder),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": "",
            "BROKER_URL": "memory://",
            "LOG_LEVEL": "ERROR",
        }
        self.run("manage.py", "migrate", "-v0")
        self.process = None

    def run(self, *arguments):
        subprocess.run([sys.executable, *arguments], cwd=ROOT, env=self.environment, check=True)

    def start(self):
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--worker-class", "gthread"]
        command += ["--threads", "4", "--bind", f"127.0.0.1:{self.port}", "--log-level", "error"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, start_new_session=True
        )
        until = time.monotonic() + 240
        while time.monotonic() < until:
            try:
                return self.ask("OPTIONS", "/api/v1/uploads/")
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the site did not start")

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask(self, method, path, body=None, **headers):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request(method, path, body, {"Tus-Resumable": "1.0.0", **named})
        answer = line.getresponse()
        answer.read()
        line.close()
        return answer

    def send_some(self, path, content, announced):
        """The head of a PATCH and a part of its body."""
        line = socket.create_connection(("127.0.0.1", self.port))
        line.sendall(
            f"PATCH {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nTus-Resumable: 1.0.0\r\n"
            "Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n"
            f"Content-Length: {announced}\r\n\r\n".encode()
        )
        line.sendall(content)
        return line

    def offset(self, path):
        return int(self.ask("HEAD", path).headers["Upload-Offset"])


@pytest.fixture
def site(tmp_path):
    one = Site(tmp_path)
    one.start()
    yield one
    one.kill()


def test_a_killed_server_costs_one_piece_at_most(site):
    begun = site.ask("POST", "/api/v1/uploads/", Upload_Length=str(len(SCAN)))
    path = urlsplit(begun.headers["Location"]).path
    line = site.send_some(path, SCAN[: PIECE + 2_000_000], len(SCAN))
    until = time.monotonic() + 240
    while site.offset(path) < PIECE and time.monotonic() < until:
        time.sleep(0.05)
    site.kill()
    line.close()
    site.start()
    assert site.offset(path) == PIECE
    kind = "application/offset+octet-stream"
    last = site.ask("PATCH", path, SCAN[PIECE:], Upload_Offset=str(PIECE), Content_Type=kind)
    assert (last.status, last.headers["Upload-Offset"]) == (204, str(len(SCAN)))
    found = urlsplit(last.headers["Upload-Restoration"]).path
    assert site.ask("GET", found).status == 200
