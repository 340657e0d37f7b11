"""The throw-away servers of the service tests: they end with whoever started them."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks import servers
from tests.jobs.test_up import alive, until

ROOT = Path(__file__).resolve().parents[2]
STARTER = """
import signal
from tests.benchmarks.servers import redis
signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite in the background ignores it
with redis() as server:
    print(server.process.pid, flush=True)
    input()
"""


def test_a_program_that_is_missing_is_named_in_a_sentence():
    with pytest.raises(servers.Missing, match=r"no-such is not installed: the part on it is left"):
        servers.program("no-such", "the part on it is")


@pytest.mark.skipif(not shutil.which("redis-server"), reason="Redis is not installed")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_server_ends_with_its_starter(number):
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER], cwd=ROOT, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    server = int(starter.stdout.readline())
    assert alive(server)
    os.kill(starter.pid, number)
    starter.wait(60)
    until(lambda: not alive(server))
