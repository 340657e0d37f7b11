"""Queue work, send hints, cancel, sweep. The row is written first; the hint may get lost."""

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now

from config.errors import Refused
from config.web.logging import request_id
from config.words.said import Words, said
from jobs.job_context import machine, process_exists
from jobs.models import Job, Queue, State, Worker, lease_end

log = logging.getLogger(__name__)
RUN = "jobs.tasks.run"  # by name: tasks stand on services
MAX_HINTS_PER_SWEEP = 500  # for a queue: the worker also has to say that it is there
GAVE_UP = said("job.gave-up")


def run_later(
    kind: str,
    *,
    params: Mapping[str, Any] | None = None,
    queue: str = Queue.INTERACTIVE,
    title: Words = "",
    key: str | None = None,
    max_attempts: int = 3,
    created_by: User | None = None,
) -> Job:
    """Writes the job in the caller's transaction and sends its hint after the commit.

    With ``key`` the same work is queued once: the second call returns the first job.
    """
    row = Job(
        kind=kind,
        queue=queue,
        params=dict(params or {}),
        title=title,
        key=key,
        max_attempts=max_attempts,
        created_by=created_by,
        request_id=request_id.get(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return Job.objects.get(key=key)
    transaction.on_commit(partial(send, row.pk, queue), robust=True)
    return row


def send(job_id: UUID, queue: str) -> bool:
    """Sends the hint. A broker that is down never fails the request: the sweep sends again."""
    from config.celery import app

    try:
        app.send_task(RUN, args=(str(job_id),), queue=queue, retry=False)
    except Exception as error:
        log.warning("no hint sent for job %s: %s", job_id, error)
        return False
    Job.objects.filter(pk=job_id).update(sent_at=Now())
    return True


def cancel(job: Job) -> None:
    if not job.request_cancel():
        raise Refused("This work has already ended.")


def retry(job: Job) -> None:
    if not job.retry():
        raise Refused("Only work that failed or was cancelled can be tried again.")
    transaction.on_commit(partial(send, job.pk, job.queue), robust=True)


def sweep() -> int:
    """Frees jobs whose worker died, ends those out of attempts, sends lost hints again."""
    orphans = free_orphans(attempts_back=False)
    Job.objects.lease_too_long().update(lease_until=lease_end())
    Job.objects.dated_ahead().update(available_at=Now())
    lost = Job.objects.lease_ended()
    given_up = lost.filter(attempt__gte=F("max_attempts")).update(
        state=State.FAILED,
        finished_at=Now(),
        lease_token=None,
        error=GAVE_UP,
    )
    freed = lost.update(state=State.QUEUED, lease_token=None, sent_at=None)
    Worker.objects.long_gone().delete()
    sent = sum(_send_again(queue) for queue in Queue.values)
    if given_up or freed or orphans:
        log.info("sweep: %d freed, %d given up, %d hints sent", orphans + freed, given_up, sent)
    return orphans + given_up + freed + sent


def _send_again(queue: str) -> int:
    """Hints for the oldest jobs that lost theirs: as many as the queue has too few.

    Workers that are behind have lost nothing, and hints sent in vain would fill the broker.
    """
    lost = Job.objects.unsent().filter(queue=queue)
    if not lost.exists():
        return 0
    try:
        lacking = Job.objects.due().filter(queue=queue).count() - hints_waiting(queue)
    except Exception as error:
        log.warning("the broker does not answer: %s", error)
        return 0
    oldest = lost.order_by("available_at").values_list("pk", flat=True)
    sent = 0
    for job_id in oldest[: max(0, min(lacking, MAX_HINTS_PER_SWEEP))]:
        # Another worker's sweep may be as far.
        if Job.objects.unsent().filter(pk=job_id).update(sent_at=Now()):
            if not send(job_id, queue):
                Job.objects.filter(pk=job_id).update(sent_at=None)
                break
            sent += 1
    return sent


def hints_waiting(queue: str) -> int:
    """Messages of a queue in the broker, of which a busy site has many."""
    from config.celery import app

    with app.connection_for_write() as broker:
        channel: Any = broker.default_channel
        try:
            return int(channel.queue_declare(queue, passive=True).message_count)
        except broker.channel_errors:  # it knows no such queue yet
            return 0


def free_orphans(*, attempts_back: bool) -> int:
    """Requeues jobs whose worker on this host no longer exists, without waiting for their lease.

    ``attempts_back`` after an orderly stop, which must not use up an attempt.
    """
    freed = 0
    for job in Job.objects.filter(state=State.RUNNING, lease_owner__startswith=f"{machine()}:"):
        if job.lease_token is None or process_exists(int(job.lease_owner.rpartition(":")[2])):
            continue
        if job.attempt >= job.max_attempts and not attempts_back:
            freed += job.fail(job.lease_token, GAVE_UP)
            continue
        freed += job.hand_back(job.lease_token, reason=said("job.worker-stopped"))
        if attempts_back:
            job.give_attempt_back()
    return freed
