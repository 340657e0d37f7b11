"""What a process starts ends with it, also when it dies before the kernel was asked for that."""

import signal
import subprocess
import sys

from jobs import die_with_parent


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
    line = [sys.executable, "-m", "jobs.die_with_parent", str(gone.pid), "echo", "here"]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode and not done.stdout
