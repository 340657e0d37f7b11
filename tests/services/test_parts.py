"""Every command of compose.yaml, run without containers: the whole site, each part with its own var/."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import yaml

from tests.benchmarks.site import free_port
from tests.jobs.test_up import until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.services,
    pytest.mark.skipif(
        not {"TEST_REDIS_URL", "DATABASE_URL"} <= set(os.environ), reason="no PostgreSQL and Redis"
    ),
]
ROOT = Path(__file__).resolve().parents[2]
SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
COMMANDS = {
    name: of["command"]
    for name, of in SERVICES.items()
    if of["image"] == "heirloom" and name != "prepare"
}


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """``start(name)`` runs the command of a service; the hosts share no folder but var/runs."""
    port, running = free_port(), {}
    shared = tmp_path_factory.mktemp("runs")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONUNBUFFERED": "1",
        "SECRET_KEY": "a test of all parts",
        "DATABASE_URL": database_of_its_own(os.environ["DATABASE_URL"]),
        "BROKER_URL": os.environ["TEST_REDIS_URL"].replace("/0", "/2"),
        "CACHE_URL": os.environ["TEST_REDIS_URL"].replace("redis:", "rediscache:"),
        "LOG_FORMAT": "json",
        "WORKER_NICE": "0",  # the machine is busy with other tests
    }

    def run(name):
        var = tmp_path_factory.mktemp(name)
        (var / "runs").symlink_to(shared)
        words = [*SERVICES[name]["command"], *(["--port", str(port)] if name == "web" else [])]
        running[name] = subprocess.Popen(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env={**environment, "HEIRLOOM_VAR": str(var)}, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        return running[name]

    run.port = port
    yield run
    for process in running.values():
        process.send_signal(signal.SIGTERM)
    for process in running.values():
        process.wait(60)


def database_of_its_own(address):
    import psycopg2

    connection = psycopg2.connect(address)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS all_parts")
        cursor.execute("CREATE DATABASE all_parts")
    connection.close()
    return address.rpartition("/")[0] + "/all_parts"


def health(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
            return json.load(answer)
    except OSError:
        return {}


def test_the_commands_of_compose_are_a_whole_site(start):
    assert start("prepare").wait(400) == 0
    for name in COMMANDS:
        start(name)
    until(lambda: health(start.port).get("degraded") is False)
    assert health(start.port)["ready"]
