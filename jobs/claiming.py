"""Which job a worker takes: the first by class of its kind, then the one that is due the longest.

A hint says that there is work, not which: a worker that hears of upkeep takes the visitor's job
that came meanwhile, and that one's hint finds the upkeep. So no job is left without a hint.
"""

import logging
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from jobs.job_context import Precedence, worker_name
from jobs.job_functions import job_of
from jobs.models import Job

log = logging.getLogger(__name__)


class Claimed(NamedTuple):
    """A job of ours, and the token that fences its writes."""

    job: Job
    token: UUID


def claim(job: Job) -> Claimed | None:
    """This one, if it is free."""
    token = job.claim(owner=worker_name())
    if token is None:
        return None
    job.refresh_from_db()
    return Claimed(job, token)


def claim_first(queues: Collection[str]) -> Claimed | None:
    """The first of what is due in these queues; None when nothing is."""
    return _claim(queues, list(Precedence))


def claim_above(queues: Collection[str], precedence: Precedence) -> Claimed | None:
    """The first of a higher class than the work at hand, to be done in its midst.

    Only at its first attempt: what has brought down a worker before would take the work at hand
    along, and use up an attempt of that as well.
    """
    higher = [each for each in Precedence if each < precedence]
    return _claim(queues, higher, attempt=0) if higher else None


def _claim(queues: Collection[str], classes: Collection[int], **which: int) -> Claimed | None:
    while (job := _first(queues, classes, **which)) is not None:
        if claimed := claim(job):
            return claimed  # else another worker was faster: the next one
    return None


def _first(queues: Collection[str], classes: Collection[int], **which: int) -> Job | None:
    due = Job.objects.claimable().filter(queue__in=queues, **which)
    kinds: dict[Precedence, list[str]] = {}
    for kind in due.order_by().values_list("kind", flat=True).distinct():
        kinds.setdefault(precedence_of(kind), []).append(kind)
    wanted = sorted(kinds.keys() & set(classes))
    if not wanted:
        return None
    return due.filter(kind__in=kinds[wanted[0]]).order_by("available_at", "created_at").first()


def precedence_of(kind: str) -> Precedence:
    """The class of a kind; one that nobody handles comes last, and fails with its reason."""
    try:
        return job_of(kind).precedence
    except (LookupError, ImportError) as error:
        log.warning("jobs of kind %r: %s", kind, error)
        return Precedence.UPKEEP
