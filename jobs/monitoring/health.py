"""Is the process alive, and can it serve? Asked by the supervisor and by load balancers."""

import shutil
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.db.models.functions import Now
from django.http import HttpRequest, JsonResponse

from config.version import VERSION
from config.web.roles import public
from jobs import services
from jobs.models import Job, Queue, Worker

MIN_FREE_BYTES = 200_000_000  # bytes on the disk of the files
Check = Callable[[], str]


@public
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True, "version": VERSION})


@public
def ready(request: HttpRequest) -> JsonResponse:
    """200 when pages can be served: database and storage answer.

    A broker that is down, workers that are away and work that waits too long are named too, but
    refuse nobody: what is
    asked for is kept and done when they are back. Sweeps as well, in case no beat runs.
    """
    reasons = {name: _reason(check) for name, check in CHECKS.items()}
    checks = {
        name: {"ok": not reason, **({"reason": reason} if reason else {})}
        for name, reason in reasons.items()
    }
    serves = not any(reasons[name] for name in NEEDED)
    answer = {"ready": serves, "degraded": any(reasons.values()), "checks": checks}
    return JsonResponse(answer, status=200 if serves else 503)


def _reason(check: Check) -> str:
    """Why a check fails; never more of an error than its kind, for anybody may ask."""
    try:
        return check()
    except Exception as error:
        return f"No answer: {type(error).__name__}."


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if Job.objects.lease_ended().exists() or Job.objects.unsent().exists():
        services.sweep()
    return ""


def _broker() -> str:
    from config.celery import app

    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
        broker.default_channel  # noqa: B018  Redis is asked for the first time here
    return ""


def _storage() -> str:
    """A small file is written and deleted: a full or read-only disk shows here first."""
    name = default_storage.save(f"health/{uuid.uuid4().hex}", ContentFile(b"heirloom"))
    default_storage.delete(name)
    if isinstance(default_storage, FileSystemStorage):
        free = shutil.disk_usage(Path(settings.MEDIA_ROOT)).free
        if free < MIN_FREE_BYTES:
            return f"Only {free / 1e6:.0f} MB are free on the disk of the files."
    return ""


def _workers() -> str:
    heard = [worker.queues for worker in Worker.objects.fresh()]
    missing = [queue for queue in Queue.values if not any(queue in queues for queues in heard)]
    if missing:
        return f"No worker listens to: {', '.join(missing)}."
    if [Queue.QUICK.value] not in heard:
        return "No quick worker is there: small answers wait behind long work."
    return ""


def _waiting() -> str:
    """Whether a visitor's work has been due for too long: no worker, a stuck one, or too few."""
    late = Now() - timedelta(seconds=settings.JOB_WAIT_SECONDS)
    asked = Job.objects.due().filter(queue__in=[Queue.QUICK, Queue.INTERACTIVE])
    count = asked.filter(available_at__lt=late).count()
    minutes = settings.JOB_WAIT_SECONDS / 60
    return f"Due for over {minutes:g} min, with people waiting: {count}." if count else ""


CHECKS: dict[str, Check] = {
    "database": _database,
    "broker": _broker,
    "storage": _storage,
    "workers": _workers,
    "waiting": _waiting,
}
NEEDED = ("database", "storage")
