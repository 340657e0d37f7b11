"""Processes that restore batch side by side, the cores divided among them.

A worker that dies costs its own photo: the next one is given to a fresh process. Nothing that
computes is imported here, nor any Django app: a spawned process reads this module first.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any, cast

from jobs.operations.die_with_parent import ask_for_parent_death_signal
from pipeline.batch import machine
from pipeline.batch.written import Written

if TYPE_CHECKING:
    from pipeline.batch.items import BatchItem, Choices

log = logging.getLogger(__name__)
MEMORY_EACH = 2 * 2**30  # what a worker may need for a scan of 100 megapixels
PATIENCE = 5.0  # seconds in which a worker may clear up
DIED = "The process that restored it died, perhaps for want of memory."


@dataclass(frozen=True)
class Order:
    """How the workers are to work."""

    choices: Choices
    engine: str
    shipped: str
    threads: int
    written: Written = field(default_factory=Written)


def cores() -> int:
    return machine.processors()


def how_many(asked: int, photos: int) -> int:
    """As many as asked for; else one a core while memory lasts; never more than photos."""
    return max(1, min(photos, asked or min(cores(), _memory() // MEMORY_EACH)))


def _memory() -> int:
    """Bytes that are to be had, where the system tells."""
    found = machine.available_memory()
    return MEMORY_EACH * cores() if found is None else found


@dataclass
class Worker:
    process: BaseProcess
    line: Connection
    item: BatchItem | None = None


def run(
    batch: Sequence[BatchItem], order: Order, workers: int
) -> Iterator[tuple[BatchItem, dict[str, Any] | str]]:
    """Facts or the reason of a failure for each item, as they end."""
    left = deque(batch)
    busy: list[Worker] = []
    try:
        with _environment(order.threads):
            busy += [_started(order) for _ in range(workers)]
        for worker in busy:
            _give(worker, left)
        while any(worker.item for worker in busy):
            for line in wait([worker.line for worker in busy if worker.item]):
                place = next(k for k, worker in enumerate(busy) if worker.line is line)
                yield _answered(busy[place])
                if not busy[place].process.is_alive() and left:
                    with _environment(order.threads):
                        busy[place] = _started(order)
                _give(busy[place], left)
    finally:
        _end(busy)


def _end(workers: Sequence[Worker]) -> None:
    """Each ends its decoder and clears up behind itself; asked twice, as a library's callback
    that runs just then swallows what the signal raises."""
    for patience in (PATIENCE / 5, PATIENCE):
        for worker in workers:
            worker.process.terminate()
        until = time.monotonic() + patience
        for worker in workers:
            worker.process.join(max(0.0, until - time.monotonic()))
    for worker in workers:
        worker.process.kill()  # files are renamed when whole, so nothing is half written
        worker.process.join()


def _started(order: Order) -> Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, order), daemon=True)
    process.start()
    theirs.close()
    return Worker(process, ours)


def _give(worker: Worker, left: deque[BatchItem]) -> None:
    worker.item = left.popleft() if left else None
    if worker.item:
        with suppress(OSError):  # it died meanwhile: reading its line tells
            worker.line.send(worker.item)


def _answered(worker: Worker) -> tuple[BatchItem, dict[str, Any] | str]:
    item, worker.item = cast("BatchItem", worker.item), None
    try:
        return item, worker.line.recv()
    except (EOFError, OSError):
        worker.process.join()
        return item, Failure(DIED)


@contextmanager
def _environment(threads: int) -> Iterator[None]:
    """Children read how many threads they have before they import what uses them."""
    names = ("TORCH_THREADS", "OMP_NUM_THREADS", "VIPS_CONCURRENCY", "OPENBLAS_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, str(threads)))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def work(line: Connection, order: Order) -> None:
    """The child: restores what comes down the line until it is closed or told to stop."""
    import signal

    import django

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C and ends this process
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    ask_for_parent_death_signal(signal.SIGKILL)  # none writes on beside those of the next call
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what is open is closed and removed
    django.setup()
    import cv2

    from pipeline.batch.files import restore
    from pipeline.batch.networks import opened_all

    cv2.setNumThreads(order.threads)
    networks = opened_all(order.engine, order.shipped)
    while True:
        try:
            item = line.recv()
        except EOFError:
            return
        line.send(answer(partial(restore, item, networks, order.choices, order.written)))


class Failure(str):
    """Why a photo was not restored that is not to blame for it."""

    __slots__ = ()


class PassedOver(str):
    """Why there is no photograph to be restored: it belongs to another one."""

    __slots__ = ()


def answer(restored: Any) -> dict[str, Any] | str:
    """Facts, or the sentence why not; a bug is a sentence too, its traceback in a debug log."""
    from config.errors import Refused
    from config.words.said import said
    from photos.decoding.scans import RefusedScan

    try:
        facts: dict[str, Any] = restored()
    except RefusedScan as reason:
        if reason.is_other_page:
            return PassedOver(reason)
        return Failure(reason) if reason.is_ours else str(reason)
    except Refused as reason:
        return str(reason)
    except OSError as reason:
        return Failure(reason.strerror or str(reason))
    except Exception as error:
        log.debug("a photo was not restored", exc_info=True)
        return Failure(said("batch.our-fault", error=f"{type(error).__name__}: {error}"))
    return facts
