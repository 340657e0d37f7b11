"""Web servers to be attacked, each with a database and folder of its own."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from config.server.command import web_command
from tests.benchmarks.site import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240.0  # seconds for a start beside busy neighbours
THREADS = "8"
STATIC = "from jobs.operations.first_run import collect_static as c; c(lambda text: None)"


def candidates(port: int) -> dict[str, list[str]]:
    """Servers to choose between; those that are not installed cannot be asked for."""
    python = [sys.executable, "-m"]
    gunicorn = [*python, "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--threads"]
    return {
        "ours": web_command("127.0.0.1", port, workers=1, as_json=False),
        "gthread": [*gunicorn, THREADS, "--worker-class", "gthread", "--log-level", "warning"],
        "gevent": [*gunicorn, THREADS, "--worker-class", "gevent", "--log-level", "warning"],
        "waitress": [
            *python, "waitress", f"--listen=127.0.0.1:{port}", f"--threads={THREADS}",
            "--channel-timeout=10", "--connection-limit=500", "config.wsgi:application",
        ],
        "granian": [
            *python, "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--blocking-threads", THREADS, "--http1-header-read-timeout", "10000",
            "config.wsgi:application",
        ],
    }  # fmt: skip


def environment(folder: Path, **variables: str) -> dict[str, str]:
    return os.environ | {
        "HEIRLOOM_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": "",
        "BROKER_URL": "memory://",
        "LOG_LEVEL": "ERROR",
        **variables,
    }


def answers(port: int, *, source: str = "127.0.0.1", timeout: float = 30.0) -> float:
    """Seconds until the sign-in page is there, on a connection of its own."""
    began = time.monotonic()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout, source_address=(source, 0))
    try:
        line.request("GET", "/account/login/")
        answer = line.getresponse()
        answer.read()
        if answer.status != 200:
            raise OSError(f"status {answer.status}")
    finally:
        line.close()
    return time.monotonic() - began


@contextmanager
def served(name: str, folder: Path, **variables: str) -> Iterator[int]:
    """A site behind the named server; its port."""
    port, surroundings = free_port(), environment(folder, **variables)
    command = candidates(port)[name]
    for prepare in (["migrate", "-v0"], ["shell", "-c", STATIC]):
        run([sys.executable, "manage.py", *prepare], surroundings)
    log = (folder / "server.log").open("ab")
    process = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=log, stderr=log)
    try:
        wait(port, process)
        yield port
    finally:
        process.kill() if name == "waitress" else process.terminate()
        process.wait(60)


def run(command: Sequence[str], surroundings: dict[str, str]) -> None:
    subprocess.run(command, cwd=ROOT, env=surroundings, check=True, stdout=subprocess.DEVNULL)


def wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            answers(port)
        except OSError:
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with {process.returncode}") from None
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the server did not answer in time")
