"""Starts the whole product under one supervisor: `manage.py up`."""

import fcntl
import logging
import os
import sys
import threading
import time
import urllib.request
from argparse import ArgumentParser
from logging.handlers import RotatingFileHandler
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import var_folder
from config.env import VAR
from config.server.command import web_command
from config.web.logging import child_line
from jobs import services
from jobs.operations import first_run
from jobs.operations.supervisor import Child, Supervisor

CELERY = [sys.executable, "-m", "celery", "-A", "config", "--quiet"]
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING"]
PARTS = ("web", "workers", "interactive", "quick", "train", "beat")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Command(BaseCommand):
    help = "Start web server, workers and beat; prepare the first run when there was none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--only", choices=PARTS, action="append")
        parser.add_argument(
            "--prepare-only", action="store_true", help="tables and first content, then end"
        )
        parser.add_argument(
            "--no-prepare", action="store_true", help="another host has prepared the tables"
        )
        parser.add_argument("--no-demo", action="store_true", help="start with an empty site")
        parser.add_argument("--demo", action="store_true", help="demo content on a public address")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        os.umask(var_folder.SERVERS_UMASK)
        var_folder.tighten(VAR)
        var_folder.check_rights(VAR)
        var_folder.check_database(VAR / "heirloom.sqlite3")
        lock = hold_lock()
        logger = log_to_console_and_file()
        host, port = options["host"], options["port"]
        demo = settings.DEMO and not options["no_demo"]
        if demo and host not in LOOPBACK and not options["demo"]:
            raise CommandError("Demo accounts on a public address: add --demo to allow it.")
        parts = options["only"] or ["web", "workers", "beat"]
        if not options["no_prepare"]:
            first_run.prepare(demo=demo, say=lambda text: logger.info(said(text)))
        elif "web" in parts:
            first_run.collect_static(lambda text: logger.info(said(text)))
        if options["prepare_only"]:
            return
        services.free_orphans(attempts_back=False)
        supervisor = Supervisor(children(parts, host, port), logger, as_json=as_json())
        if "web" in parts:
            greet = threading.Thread(target=announce, args=(host, port, began, supervisor))
            greet.daemon = True
            greet.start()
        supervisor.run()
        services.free_orphans(attempts_back=True)
        lock.close()


def hold_lock() -> Any:
    """One `up` for each var/: two would fight over the same port, queue and database."""
    VAR.mkdir(parents=True, exist_ok=True)
    lock = (VAR / "up.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise CommandError(f"Heirloom is already running on {VAR}.", returncode=2) from None
    return lock


def log_to_console_and_file() -> logging.Logger:
    (VAR / "log").mkdir(exist_ok=True)
    logger = logging.getLogger("heirloom.up")
    logger.propagate = False
    handlers: list[logging.Handler] = [
        logging.StreamHandler(sys.stdout),
        RotatingFileHandler(VAR / "log" / "heirloom.log", maxBytes=10_000_000, backupCount=5),
    ]
    for handler in handlers:
        form = "%(message)s" if as_json() else "%(asctime)s %(message)s"
        handler.setFormatter(logging.Formatter(form, datefmt="%H:%M:%S"))
        logger.addHandler(handler)
    return logger


def said(text: str) -> str:
    return child_line("up", text) if as_json() else f"up | {text}"


def as_json() -> bool:
    return bool(settings.LOG_FORMAT == "json")


def children(parts: list[str], host: str, port: int) -> list[Child]:
    threads = str(settings.TORCH_THREADS or "")
    # Celery warns root at every start; containers run as root on purpose.
    limits = {"PYTHONWARNINGS": "ignore:You're running the worker"}
    limits |= {"OMP_NUM_THREADS": threads} if threads else {}
    web = web_command(host, port, workers=settings.WEB_WORKERS, as_json=as_json())
    interactive = [*CELERY, "worker", "-n", "interactive@%h", "-P", "prefork", "-c", "1"]
    # Small answers too: nobody waits for a quick worker that is busy, or dead.
    interactive += ["-Q", "interactive,maintenance,quick", *QUIET]
    quick = [*CELERY, "worker", "-n", "quick@%h", "-P", "prefork", "-c", "1", "-Q", "quick", *QUIET]
    if settings.WORKER_MEMORY_MEGABYTES:
        most = ["--max-memory-per-child", str(1000 * settings.WORKER_MEMORY_MEGABYTES)]
        interactive, quick = [*interactive, *most], [*quick, *most]
    train = [*CELERY, "worker", "-n", "train@%h", "-P", "prefork", "-c", "1"]
    train += ["-Q", "train", "--max-tasks-per-child", "1", *QUIET]
    beat = [*CELERY, "beat", "-s", str(VAR / "beat-schedule"), "--pidfile=", "-l", "WARNING"]
    every: dict[str, list[Child]] = {
        "web": [Child("web", web)],
        "interactive": [Child("interactive", interactive, limits)],
        # Without torch: a second copy of it would cost more memory than all else it keeps warm.
        "quick": [Child("quick", quick, {**limits, "ENGINE": "onnx"})],
        "train": [Child("train", train, limits)],
        "beat": [Child("beat", beat)],
    }
    every["workers"] = every["interactive"] + every["quick"] + every["train"]
    found = [child for part in PARTS if part in parts for child in every[part]]
    return list({child.name: child for child in found}.values())


def announce(host: str, port: int, began: float, supervisor: Supervisor) -> None:
    """Prints the address once the site answers, with the demo accounts where there are any."""
    address = f"http://{'localhost' if host in LOOPBACK else host}:{port}/"
    while not supervisor.stopping.wait(0.3):
        try:
            with urllib.request.urlopen(f"{address}health/ready", timeout=2) as answer:  # noqa: S310
                if answer.status == 200:
                    break
        except OSError:
            continue
    supervisor.line("up", f"Heirloom is ready at {address} after {time.monotonic() - began:.1f} s")
    logins = VAR / "demo-logins.txt"
    if logins.exists():
        for text in logins.read_text().splitlines():
            supervisor.line("up", text)
    supervisor.line("up", "Ctrl-C stops everything")
