"""PostgreSQL, Redis, RabbitMQ and an S3 server as throw-away children of this process.

Each is a context manager that gives an address on loopback, keeps its files in a folder of its
own, may be started by root, and ends with the block or with this process, whatever comes first.
A program that is not installed raises `Missing` with a sentence.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jobs.operations.die_with_parent import ask_for_parent_death_signal
from tests.benchmarks.site import free_port

PATIENCE = 60.0
# RabbitMQ waits half an hour for a hint to be acknowledged; a test must not.
IMPATIENT = "-rabbit consumer_timeout 5000 -rabbit channel_tick_interval 2000"


class Missing(Exception):
    """A program is not installed; the message says which, and what is left out without it."""


@dataclass
class Server:
    """One running server: its address for the settings, and the process to kill in a test."""

    address: str
    command: Sequence[str]
    alive: Callable[[], bool]
    folder: Path
    stop_signal: int = signal.SIGTERM
    variables: Mapping[str, str] = field(default_factory=dict)
    ours: bool = False  # runs out of the virtual environment, which nobody else may read
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Returns once the server answers."""
        out = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(
            self.command,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            cwd=self.folder,
            env={**os.environ, **self.variables},
            start_new_session=True,
            preexec_fn=ask_for_parent_death_signal,
            **({} if self.ours else as_nobody()),
        )
        out.close()
        until = time.monotonic() + PATIENCE
        while not self.alive():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{self.command[0]}:\n{(self.folder / 'log').read_text()}")
            time.sleep(0.05)

    def kill(self) -> None:
        """As the machine's kernel does it: no word to the server."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()


def as_nobody() -> dict[str, Any]:
    """Root starts servers as the postgres user, or as nobody: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    who = known.get("postgres") or known["nobody"]
    return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}


@contextmanager
def folder() -> Iterator[Path]:
    """A private folder that belongs to whoever runs the servers."""
    with tempfile.TemporaryDirectory(prefix="heirloom-server-") as name:
        if who := as_nobody():
            os.chown(name, who["user"], who["group"])
        yield Path(name)


def program(name: str, left_out: str) -> str:
    """The path of a program; Debian keeps PostgreSQL's out of everybody's way."""
    found = shutil.which(name)
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not (path := found or (str(kept[-1]) if kept else "")):
        raise Missing(f"{name} is not installed: {left_out} left out.")
    return path


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def postgresql(*, durable: bool = False) -> Iterator[Server]:
    """A fresh cluster with the database `heirloom`; `durable` confirms only what is on the disk."""
    # The real place, for the server's program lies beside it.
    initdb = str(Path(program("initdb", "the part on PostgreSQL is")).resolve())
    with folder() as place:
        data, port = place / "data", free_port()
        command = [initdb, "-D", str(data), "-U", "heirloom", "-A", "trust", "-E", "UTF8"]
        command += ["--no-sync", "--locale=C.UTF-8"]
        subprocess.run(command, check=True, capture_output=True, cwd=place, **as_nobody())
        quick = [] if durable else ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
        options = [f"port={port}", "listen_addresses=127.0.0.1", "max_connections=200", *quick]
        options.append(f"unix_socket_directories={place}")
        server = Server(
            address=f"postgres://heirloom@127.0.0.1:{port}/heirloom",
            command=[
                str(Path(initdb).with_name("postgres")), "-D", str(data),
                *(part for option in options for part in ("-c", option)),
            ],
            alive=lambda: open_to_queries(port),
            folder=place,
            stop_signal=signal.SIGINT,
        )  # fmt: skip
        with running(server):
            yield server


def open_to_queries(port: int) -> bool:
    """Also makes the database, the first time."""
    import psycopg2

    try:
        connection = psycopg2.connect(
            host="127.0.0.1", port=port, user="heirloom", dbname="postgres", connect_timeout=2
        )
    except psycopg2.OperationalError:
        return False
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'heirloom'")
            if cursor.fetchone() is None:
                cursor.execute("CREATE DATABASE heirloom")
    finally:
        connection.close()
    return True


@contextmanager
def redis(*, durable: bool = False) -> Iterator[Server]:
    path = program("redis-server", "the part on Redis is")
    with folder() as place:
        port = free_port()
        keep = ["--appendonly", "yes" if durable else "no", "--save", ""]
        server = Server(
            address=f"redis://127.0.0.1:{port}/0",
            command=[path, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(place), *keep],
            alive=lambda: answers(port),
            folder=place,
        )
        with running(server):
            yield server


@contextmanager
def rabbitmq() -> Iterator[Server]:
    path = program("rabbitmq-server", "the part on RabbitMQ is")
    if (own := Path("/usr/lib/rabbitmq/bin/rabbitmq-server")).exists():
        path = str(own)  # Debian's wrapper on the path serves the machine's own broker only
    with folder() as place, erlang_names(place) as names:
        port = free_port()
        server = Server(
            address=f"amqp://guest:guest@127.0.0.1:{port}//",
            command=[path],
            alive=lambda: answers(port),
            folder=place,
            variables={
                **names.variables,
                "HOME": str(place),
                "RABBITMQ_NODENAME": f"heirloom{port}@localhost",
                "RABBITMQ_NODE_PORT": str(port),
                "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
                # By itself it takes 20,000 more than the other, which the kernel may have lent out.
                "RABBITMQ_DIST_PORT": str(free_port()),
                "RABBITMQ_CONF_ENV_FILE": "/dev/null",
                "RABBITMQ_MNESIA_BASE": str(place / "mnesia"),
                "RABBITMQ_LOG_BASE": str(place / "log.d"),
                "RABBITMQ_ENABLED_PLUGINS_FILE": str(place / "plugins"),
                # The server in the place of its script: who ends the one ends the other.
                "RABBITMQ_ALLOW_INPUT": "true",
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-noinput {IMPATIENT}",
            },
        )
        with running(server):
            yield server


@contextmanager
def erlang_names(place: Path) -> Iterator[Server]:
    """The register of names that Erlang starts by itself and would leave behind."""
    port = free_port()
    server = Server(
        address=f"127.0.0.1:{port}",
        command=[program("epmd", "the part on RabbitMQ is")],
        alive=lambda: answers(port),
        folder=place,
        variables={"ERL_EPMD_PORT": str(port), "ERL_EPMD_ADDRESS": "127.0.0.1"},
    )
    with running(server):
        yield server


@contextmanager
def s3() -> Iterator[Server]:
    """moto's server; whoever uses it makes a bucket and may sign with any key."""
    try:
        import boto3  # noqa: F401
        import flask  # noqa: F401
        import moto  # noqa: F401
        import storages  # noqa: F401
    except ImportError as error:
        raise Missing(f"{error.name} is not installed: the part on S3 is left out.") from error
    with folder() as place:
        port = free_port()
        code = (
            "import time; from moto.server import ThreadedMotoServer as S;"
            f"S(ip_address='127.0.0.1', port={port}).start(); time.sleep(1e9)"
        )
        server = Server(
            address=f"http://127.0.0.1:{port}",
            command=[sys.executable, "-c", code],
            alive=lambda: answers(port),
            folder=place,
            ours=True,
        )
        with running(server):
            yield server
