"""What a process starts ends with it, also when it dies before the kernel was asked for that."""

import signal
import subprocess
import sys
import time

from jobs.operations import die_with_parent
from tests.jobs.test_up import alive, until


def test_the_command_runs_while_its_starter_lives():
    done = subprocess.run(die_with_parent.command("echo", "here"), capture_output=True, text=True)
    assert done.stdout == "here\n"


def test_what_runs_in_the_background_hears_of_it_too():
    """There a shell's script has SIGQUIT ignored, which a command inherits."""
    code = "import signal; print(signal.getsignal(signal.SIGQUIT).name)"
    done = subprocess.run(
        die_with_parent.command(sys.executable, "-c", code), capture_output=True, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGQUIT, signal.SIG_IGN),
    )  # fmt: skip
    assert done.stdout == "SIG_DFL\n"


def test_nothing_is_started_for_a_starter_that_is_gone():
    gone = subprocess.Popen(["true"])
    gone.wait()
    line = [sys.executable, "-m", "jobs.operations.die_with_parent", str(gone.pid), "echo", "here"]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode and not done.stdout


DEAF = """
import signal, time
from jobs.operations import die_with_parent
signal.signal(signal.SIGQUIT, signal.SIG_IGN)
die_with_parent.outlive_briefly(0.3)
print("here", flush=True)
time.sleep(60)
"""
STARTS = """
import subprocess, sys
from jobs.operations import die_with_parent
child = subprocess.Popen(die_with_parent.command(sys.executable, "-c", sys.argv[1]),
                         start_new_session=True)
print(child.pid, flush=True)
child.wait()
"""


def test_what_is_deaf_to_the_signal_is_killed():
    line = [sys.executable, "-c", STARTS, DEAF]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as starter:
        pid = int(starter.stdout.readline())
        assert starter.stdout.readline() == "here\n"
        time.sleep(0.5)
        assert alive(pid)  # as long as its starter is there
        starter.kill()
        until(lambda: not alive(pid))
