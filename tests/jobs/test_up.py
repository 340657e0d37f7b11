"""`manage.py up` as a person uses it: starts, mends, stops, and leaves nothing behind."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.benchmarks.site import free_port
from tests.jobs.fair_time import FairTime

pytestmark = [pytest.mark.slow, pytest.mark.alone]
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
def running_up(var, begun=Up.ready):
    """Whatever happens, nothing is left running."""
    running = Up(var)
    try:
        until(lambda: begun(running), 240)  # a first start checks the shipped networks
        until(lambda: len(running.family()) == 5)
        yield running
    finally:
        if running.process.poll() is None:
            running.process.send_signal(signal.SIGINT)
            running.process.wait(60)


@pytest.fixture(scope="module")
def up(tmp_path_factory):
    with running_up(tmp_path_factory.mktemp("up")) as running:
        yield running


def test_a_second_up_on_the_same_folder_is_refused(up):
    second = subprocess.run(
        [sys.executable, "manage.py", "up", "--no-demo"],
        cwd=ROOT,
        env=up.environment,
        capture_output=True,
        text=True,
    )
    assert second.returncode != 0
    assert "already running" in second.stderr


@pytest.mark.parametrize("name", ["gunicorn", "interactive@", "quick@", "train@", " beat "])
def test_each_child_that_is_killed_comes_back(up, name):
    pid = until(lambda: next((pid for pid, line in up.family().items() if name in line), None))
    os.kill(pid, signal.SIGKILL)
    until(lambda: any(name in line and other != pid for other, line in up.family().items()))
    until(up.ready)


def test_hashed_files_are_served(up):
    page = urllib.request.urlopen(f"http://127.0.0.1:{up.port}/", timeout=5).read().decode()
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    with urllib.request.urlopen(f"http://127.0.0.1:{up.port}{address}", timeout=5) as answer:
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.fixture
def folder(up, tmp_path):
    """For one that the test itself ends; its static files need no compressing again."""
    shutil.copytree(up.var / "static", tmp_path / "static")
    shutil.copy(up.var / "static.digest", tmp_path)
    return tmp_path


@pytest.fixture
def brief(folder):
    with running_up(folder) as running:
        yield running


def test_ctrl_c_stops_everything_within_ten_seconds(brief):
    family = set(brief.family())
    fair = FairTime(brief.process.pid, family)
    brief.process.send_signal(signal.SIGINT)
    assert fair.within(10, lambda: brief.process.poll() is not None)
    assert not [pid for pid in family if alive(pid)]


def test_killing_the_supervisor_takes_its_children_along(brief):
    family = set(brief.family())
    fair = FairTime(brief.process.pid, family)
    brief.process.kill()
    brief.process.wait()
    assert fair.within(20, lambda: not [pid for pid in family if alive(pid)])


@pytest.mark.long
@pytest.mark.parametrize("seconds", [0, 2])
def test_workers_that_are_still_starting_go_as_well(folder, seconds):
    """Among other things while they fork their pools."""
    with running_up(folder, begun=Up.family) as running:
        time.sleep(seconds)
        family = set(running.family())
        fair = FairTime(running.process.pid, family)
        running.process.kill()
        running.process.wait()
        assert fair.within(20, lambda: not [pid for pid in family if alive(pid)])
