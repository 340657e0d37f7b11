"""What a handler holds while it works: progress, log lines, cancellation, the final write."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from config.words.said import Words, read
from jobs.models import Job, JobLine

log = logging.getLogger(__name__)


def machine() -> str:
    """Where a process id means something: the host and, on Linux, its process namespace."""
    space = Path("/proc/self/ns/pid")
    return f"{socket.gethostname()[:60]}/{str(space.readlink())[5:-1] if space.exists() else 0}"


def worker_name() -> str:
    """Who holds a lease: machine and process, so that anybody there can tell who is gone."""
    return f"{machine()}:{os.getpid()}"


def process_exists(pid: int) -> bool:
    """Alive on this host; a zombie that nobody has buried yet does not count."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


class Cancelled(Exception):
    """Somebody asked this job to stop."""


class LeaseLost(Exception):
    """Another worker holds the job now: stop at once and write nothing."""


class HandBack(Exception):
    """The handler wants the job queued again (a worker that is told to stop)."""


class TryAgain(Exception):
    """It did not work this time; another attempt after a pause, while there are attempts left."""

    def __init__(self, sentence: Words, pause: float) -> None:
        super().__init__(sentence)
        self.pause = pause


class Work:
    """A claimed job. Every write carries the lease's token, so a late worker changes nothing."""

    def __init__(self, job: Job, token: UUID, between: Callable[[], None] | None = None) -> None:
        self.job = job
        self.token = token
        self._between = between  # called between tiles: what may go before this job
        self.lost = threading.Event()
        self.cancelled = threading.Event()
        self.ended = False
        self._reported = 0.0

    def check(self) -> None:
        """Call between tiles or batches: raises when the job must stop."""
        if self.lost.is_set():
            raise LeaseLost
        if self.cancelled.is_set():
            raise Cancelled

    def progress(self, share: float, message: Words | Mapping[str, Any] = "") -> None:
        """Reports 0..1 and what is said of it; at most once a second reaches the database."""
        self.check()
        message = read(message)
        now = time.monotonic()
        if now - self._reported < 1.0 and share < 1.0 and message == self.job.message:
            return
        self._reported = now
        self.job.message = message
        if not self.job.report(self.token, progress=share, message=message):
            self.lost.set()
            raise LeaseLost
        self._look_for_cancel()
        if self._between is not None and not connection.in_atomic_block:
            self._between()
            self.check()

    def log(self, text: Words) -> None:
        JobLine.objects.create(job=self.job, text=text)

    @contextmanager
    def finished(self) -> Iterator[None]:
        """One transaction for the job's success and the rows it made."""
        self.check()
        with transaction.atomic():
            if not self.job.succeed(self.token):
                self.lost.set()
                raise LeaseLost
            yield
        self.ended = True

    @contextmanager
    def fenced(self) -> Iterator[None]:
        """A transaction that only commits while the lease is ours (partial results)."""
        with transaction.atomic():
            if not self.job.renew(self.token):
                self.lost.set()
                raise LeaseLost
            yield

    def _look_for_cancel(self) -> None:
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            self.cancelled.set()
            raise Cancelled

    @contextmanager
    def heartbeat(self) -> Iterator[None]:
        """Renews the lease from a thread with its own connection until the block ends."""
        stop = threading.Event()

        def beat() -> None:
            while not stop.wait(settings.JOB_HEARTBEAT_SECONDS) and not self.lost.is_set():
                try:
                    self._beat()
                except DatabaseError as error:  # it may be back at the next beat
                    log.warning("job %s: no heartbeat: %s", self.job.pk, error)
                    connection.close()
            connection.close()

        thread = threading.Thread(target=beat, name=f"heartbeat-{self.job.pk}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(timeout=5)

    def _beat(self) -> None:
        if not self.job.renew(self.token):
            self.lost.set()
        elif Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            self.cancelled.set()


class Precedence(IntEnum):
    """The class of a kind of job: what is claimed first, and what long work gives way to."""

    VISITOR = 0  # somebody looks at a page that waits for it
    PREVIEW = 1  # somebody will be glad of it: a painter, a program
    IMPORT = 2  # somebody brought files and watches a page of its own
    STUDY = 3
    UPKEEP = 4
