"""`manage.py up` as a person uses it: starts, mends, stops, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.jobs.fair_time import FairTime
from tests.jobs.running import ROOT, Up, alive, running_up, until

pytestmark = [pytest.mark.slow, pytest.mark.alone]


@pytest.fixture(scope="module")
def up(begun):
    with running_up(begun()) as running:
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
def brief(begun):
    """One that the test itself ends."""
    with running_up(begun()) as running:
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
def test_workers_that_are_still_starting_go_as_well(begun, seconds):
    """Among other things while they fork their pools."""
    with running_up(begun(), awaited=Up.family) as running:
        time.sleep(seconds)
        family = set(running.family())
        fair = FairTime(running.process.pid, family)
        running.process.kill()
        running.process.wait()
        assert fair.within(20, lambda: not [pid for pid in family if alive(pid)])
