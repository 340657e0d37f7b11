"""Fair seconds are seconds where there are cores, and fewer where a process waits for one."""

import os
import subprocess
import sys
import time

import pytest

from tests.jobs.fair_time import FairTime, waited

SPIN = "import time\nwhile True: pass"


@pytest.fixture
def spinning():
    """Two processes on one core, in sessions of their own: each waits half of the time."""
    core = {min(os.sched_getaffinity(0))}
    made = [
        subprocess.Popen(
            [sys.executable, "-c", SPIN],
            start_new_session=True,
            preexec_fn=lambda: os.sched_setaffinity(0, core),
        )
        for _ in range(2)
    ]
    yield [process.pid for process in made]
    for process in made:
        process.kill()
        process.wait()


def sleeper():
    return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)


@pytest.mark.skipif(not waited(os.getpid()), reason="this kernel does not say who waits")
def test_waiting_for_a_core_is_not_counted(spinning):
    first, second = spinning
    fair = FairTime(first, [second])
    time.sleep(2)
    assert fair.passed() < 1.2  # of two seconds, each had one


def test_a_process_that_wants_no_core_is_given_no_time(spinning):
    with sleeper() as idle:
        fair = FairTime(idle.pid, [])
        begun = time.monotonic()
        assert not fair.within(1, lambda: False)
        assert time.monotonic() - begun < 2
        idle.communicate(b"\n")


def test_what_comes_true_in_time_is_seen(spinning):
    fair = FairTime(os.getpid(), [])
    end = time.monotonic() + 0.3
    assert fair.within(30, lambda: time.monotonic() > end)
