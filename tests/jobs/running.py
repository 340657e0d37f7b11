"""`manage.py up` with a var/ of its own, for tests that start, kill and attack it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.benchmarks.site import free_port

ROOT = Path(__file__).resolve().parents[2]


def until(condition, seconds=240):
    """For what has no time of its own: only a machine that hangs is too slow."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.2)
    raise AssertionError("it did not happen in time")


def alive(pid):
    """Not so a zombie: an orphan's end is noticed by the machine's init when it finds the time."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Up:
    """A running product on a var/ of its own."""

    def __init__(self, var):
        self.port, self.var = free_port(), var
        self.environment = {
            "HEIRLOOM_VAR": str(var),
            "PATH": os.environ["PATH"],
            "PYTHONUNBUFFERED": "1",
        }
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--no-demo", "--port", str(self.port)],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )

    def ready(self):
        """Pages are served, and every queue has a worker that listens."""
        address = f"http://127.0.0.1:{self.port}/health/ready"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return json.load(answer)["degraded"] is False
        except OSError:
            return False

    def family(self):
        """The supervised main processes, by command line."""
        found = {}
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = status.read_text().rpartition(")")[2].split()
                if int(fields[1]) == self.process.pid and fields[0] != "Z":
                    line = (status.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    found[int(status.parent.name)] = line
            except (OSError, ValueError):
                continue
        return found


@contextlib.contextmanager
def running_up(var, awaited=Up.ready):
    """Whatever happens, nothing is left running."""
    running = Up(var)
    try:
        until(lambda: awaited(running), 240)  # a first start checks the shipped networks
        until(lambda: len(running.family()) == 5)
        yield running
    finally:
        if running.process.poll() is None:
            running.process.send_signal(signal.SIGINT)
            running.process.wait(60)
