"""The Celery tasks: look at a job's row and do what it says; sweep; routine upkeep."""

import logging
import time
import traceback
from collections.abc import Collection
from functools import partial
from typing import Any
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from config.errors import Refused
from config.web.logging import of_job
from config.web.outages import is_full
from config.words.said import Said, Words, read, reason_of, said
from jobs import aside, claiming, services
from jobs.job_context import Cancelled, HandBack, LeaseLost, TryAgain, Work
from jobs.job_functions import is_aside, job_of, routine_of
from jobs.models import Job, JobLine
from jobs.monitoring import worker_heartbeat

__all__ = ["worker_heartbeat"]  # loaded with the tasks, so that every worker says that it is there
log = logging.getLogger(__name__)
NO_ROOM = said("job.no-room")
ROOM_PAUSE_SECONDS = 60.0
NO_MEMORY = said("job.no-memory")


@shared_task(name=services.RUN, bind=True)
def run(task: Any, job_id: str) -> None:
    """A hint: a worker claims the first job of its queues, which need not be the one named.

    A hint too many finds nothing to claim and returns. Called as a function it runs this job.
    """
    job = Job.objects.filter(pk=UUID(job_id)).first()
    if job is None:
        return
    if task.request.called_directly:
        if claimed := claiming.claim(job):
            _run(claimed)
        return
    queues = {job.queue, *worker_heartbeat.queues_of(task.app)}
    if claimed := claiming.claim_first(queues):
        _begin(claimed, queues)


def _begin(claimed: claiming.Claimed, queues: Collection[str]) -> None:
    """Here and now, or in a thread beside for what only waits for somebody else's computer."""
    job = claimed.job
    if not is_aside(job.kind):
        _run(claimed, queues)
    elif not aside.begin(job.created_by_id, partial(_run, claimed)) and job.hand_back(
        claimed.token, delay=aside.PAUSE_SECONDS
    ):
        job.give_attempt_back()


def _run(claimed: claiming.Claimed, queues: Collection[str] = ()) -> None:
    job = claimed.job
    work = Work(job, claimed.token, partial(give_way, job, queues) if queues else None)
    with of_job(str(job.pk), job.request_id), work.heartbeat():
        log.info("%s: attempt %d", job.kind, job.attempt)
        _attempt(work)


def give_way(job: Job, queues: Collection[str]) -> None:
    """Between two tiles of a job: what is due of higher classes is done before it goes on."""
    while claimed := claiming.claim_above(queues, claiming.precedence_of(job.kind)):
        log.info("%s gives way to %s", job.kind, claimed.job.kind)
        _begin(claimed, queues)


def _attempt(work: Work) -> None:
    job = work.job
    try:
        job_of(job.kind)(work, **job.params)
        if not work.ended:
            job.succeed(work.token)
    except LeaseLost:
        log.warning("job %s: the lease is lost, nothing more is written", job.pk)
    except Cancelled:
        job.mark_cancelled(work.token)
    except HandBack as reason:
        if job.hand_back(work.token, reason=_said(reason)):
            job.give_attempt_back()
    except TryAgain as reason:
        job.hand_back(work.token, reason=_said(reason), delay=reason.pause)
    except Refused as reason:
        job.fail(work.token, reason.said)  # a rule said no: another attempt would hear the same
    except (OSError, DatabaseError, InterfaceError) as error:
        if is_full(error):
            _wait_for_room(work, error)
        elif isinstance(error, OSError) or connection.is_usable():
            _give_up_or_wait(work, error)
        else:
            _wait_for_database(work, error)
    except Exception as error:
        _give_up_or_wait(work, error)


def _said(reason: HandBack | TryAgain) -> Words:
    return read(reason.args[0]) if reason.args else ""


def _wait_for_room(work: Work, error: Exception) -> None:
    """The disk is full; the database may lie on the same one, and write nothing before there is
    room."""
    log.error("job %s: the disk is full; it waits for room: %s", work.job.pk, error)
    _hand_back_unharmed(work, reason=NO_ROOM, delay=ROOM_PAUSE_SECONDS)


def _wait_for_database(work: Work, error: Exception) -> None:
    """The database went away under the job."""
    log.warning("job %s: the database went away: %s", work.job.pk, error)
    connection.close()
    _hand_back_unharmed(work, reason=said("job.database-away"), delay=1.0)


def _hand_back_unharmed(work: Work, *, reason: Words, delay: float) -> None:
    """No fault of the job: it comes back without having used up an attempt.

    It is tried for a lease's time while nothing can be written; then the sweep finds the job.
    """
    until = time.monotonic() + settings.JOB_LEASE_SECONDS
    while time.monotonic() < until:
        try:
            if work.job.hand_back(work.token, reason=reason, delay=delay):
                work.job.give_attempt_back()
            return
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.5)


def _give_up_or_wait(work: Work, error: Exception) -> None:
    """Tries again after a growing pause until the attempts are used up."""
    job = work.job
    log.error("job %s (%s) failed", job.pk, job.kind, exc_info=error)
    try:
        JobLine.objects.create(job=job, text="".join(traceback.format_exception(error, limit=20)))
        _fail_or_wait(work, error)
    except (OperationalError, InterfaceError) as away:
        _wait_for_database(work, away)


def _fail_or_wait(work: Work, error: Exception) -> None:
    job = work.job
    reason = NO_MEMORY if _is_about_memory(error) else _reason_of(error)
    if job.attempt >= job.max_attempts:
        job.fail(work.token, reason)
    else:
        job.hand_back(work.token, reason=reason, delay=2.0**job.attempt)


def _reason_of(error: Exception) -> Words:
    """What it was raised to say, or the words of a program with their kind."""
    words = reason_of(error)
    return words if isinstance(words, Said) else f"{type(error).__name__}: {error}"


def _is_about_memory(error: Exception) -> bool:
    """Python's own error, or what torch, OpenCV and libvips say in its place."""
    text = str(error).lower()
    words = ("out of memory", "not enough memory", "insufficient memory", "can't allocate memory")
    return isinstance(error, MemoryError) or any(word in text for word in words)


@shared_task(name="jobs.tasks.sweep")
def sweep() -> None:
    """What beat of the release before asks for; workers sweep by themselves."""
    services.sweep()


@shared_task(name="jobs.tasks.routine")
def routine(kind: str) -> None:
    """Upkeep that needs no row: repeated, quick and harmless when it runs twice."""
    routine_of(kind)()
