"""A worker's main process says that it is there, and sweeps, however busy its child is.

Health and metrics see no processes, only these rows. A sweep that was a task would wait behind
the work of its queue, and what it is there to free would wait with it.
"""

import logging
import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from celery import current_app
from celery.signals import worker_init, worker_process_init, worker_ready, worker_shutdown
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from config.registry import warm_up_step
from jobs import services
from jobs.job_context import worker_name
from jobs.models import WORKER_BEAT_SECONDS, Queue, Worker
from jobs.operations import die_with_parent

log = logging.getLogger(__name__)
_stop = threading.Event()
AUTOGROUP = Path("/proc/self/autogroup")


@worker_init.connect
def give_way(**kwargs: Any) -> None:
    """Before the pool is made, so that its children and what they start do the same.

    Linux weighs sessions against each other before it looks at who is nice within one, and the
    supervisor gives each part a session of its own: so the session steps back as well.
    """
    os.nice(settings.WORKER_NICE)
    if os.getsid(0) == os.getpid():
        with suppress(OSError):  # not Linux, or without such groups
            AUTOGROUP.write_text(str(settings.WORKER_NICE))


@worker_init.connect
def end_with_starter(**kwargs: Any) -> None:
    die_with_parent.outlive_briefly()


@worker_ready.connect
def arrive(sender: Any, **kwargs: Any) -> None:
    """Called by Celery in a worker's main process once it listens to its queues."""
    queues = queues_of(sender.app)
    threading.Thread(target=_beat, args=(queues,), name="presence", daemon=True).start()


def queues_of(app: Any) -> list[str]:
    """What a worker, or its pool child, listens to."""
    return sorted(app.amqp.queues.consume_from)


@worker_process_init.connect
def warm_up(**kwargs: Any) -> None:
    """The quick worker's child opens what its work needs before somebody waits for it.

    In a thread: a child that does not report soon counts as dead.
    """
    if queues_of(current_app) == [Queue.QUICK]:
        threading.Thread(target=_warm, name="warm-up", daemon=True).start()


def _warm() -> None:
    for step in warm_up_step.all():
        _write(step)


@worker_shutdown.connect
def leave(**kwargs: Any) -> None:
    _stop.set()
    _write(lambda: Worker.objects.filter(name=worker_name()).delete())


def be_seen(queues: list[str]) -> None:
    """Writes this process's row."""
    seen = {"seen_at": Now(), "queues": queues}
    Worker.objects.update_or_create(name=worker_name(), defaults=seen)


def _beat(queues: list[str]) -> None:
    while not _stop.is_set():
        _write(lambda: be_seen(queues))
        _write(services.sweep)
        _stop.wait(WORKER_BEAT_SECONDS)


def _write(write: Any) -> None:
    """With a connection of the moment: one that lives on would be shared by a fork."""
    try:
        write()
    except Exception as error:  # the database may be away for a while
        log.warning("this worker could not warm up, say that it is there, or sweep: %s", error)
    finally:
        connection.close()
