"""The timing of engines as Activity shows it: a row, a line a version, a reason if it fails."""

import socket
from collections.abc import Iterator
from uuid import UUID

from django.db import transaction

from config.errors import Refused
from config.words.said import Said, said
from jobs.job_context import Cancelled, LeaseLost, Precedence, Work, worker_name
from jobs.job_functions import job
from jobs.models import Job, Queue
from pipeline.services.rendering.runtime_selection import measure, unmeasured, was_measured
from training.models import ModelVersion


@job(Precedence.UPKEEP, queue=Queue.MAINTENANCE, max_attempts=1, aside=True)
def time_engines(work: Work) -> None:
    """Asked for on Activity once more: on the host of the worker that takes it."""
    for _ in _timed(work, unmeasured()):
        pass


def on_activity(versions: list[ModelVersion]) -> Iterator[Said]:
    """`measure` of this process, which holds a row as a worker would, until it ends or dies."""
    row, token = _begun()
    work = Work(row, token)
    with work.heartbeat():
        try:
            yield from _timed(work, versions)
            row.succeed(token)
        except Refused as reason:
            row.fail(token, reason.said)
        except Cancelled:
            row.mark_cancelled(token)
        except LeaseLost:
            return
        except Exception as error:
            row.fail(token, f"{type(error).__name__}: {error}")
            raise


def _begun() -> tuple[Job, UUID]:
    """Taken in the transaction that makes it, so that no worker takes it first."""
    with transaction.atomic():
        row = time_engines.using(title=said("job.time-engines", host=socket.gethostname())).later()
        token = row.claim(owner=worker_name())
    if token is None:
        raise LookupError("a row that nobody else saw was taken")
    return row, token


def _timed(work: Work, versions: list[ModelVersion]) -> Iterator[Said]:
    """Refused at the end with what was not measured; the others are."""
    failed = []
    for done, told in enumerate(measure(versions), 1):
        work.log(told)
        if not was_measured(told):
            failed.append(told)
        yield told
        work.progress(done / len(versions), said("timing.done", done=done, of=len(versions)))
    if failed:
        raise Refused(said("timing.failed", versions=failed))
