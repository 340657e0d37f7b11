"""What the metrics say about background work: queues, workers, and seconds by kind."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Min
from django.db.models.functions import Now
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily

from jobs.models import Job, Queue, SecondsSoFar, State, Worker
from jobs.monitoring.metric_sources import gauge, source

BOUNDS = (0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200, 43200)  # seconds
SETTLED = timedelta(minutes=2)  # a transaction that writes an end may commit a while later
SAVE_EVERY = 500  # ended jobs counted anew before the sum is saved again
Sums = dict[str, dict[str, Any]]


@source
def metrics() -> Iterator[Metric]:
    yield _active()
    yield gauge("queue_wait_seconds", "How long the oldest due job has waited.", "queue", _oldest())
    queues = [queue for row in Worker.objects.fresh() for queue in row.queues]
    seen = [(queue, queues.count(queue)) for queue in Queue.values]
    yield gauge("workers", "Worker processes seen lately, by queue.", "queue", seen)
    yield _histogram(seconds_so_far())


def _active() -> Metric:
    rows = Job.objects.active().order_by().values("queue", "state").annotate(count=Count("pk"))
    found = {(row["queue"], row["state"]): row["count"] for row in rows}
    text = "Jobs that wait or run, by queue."
    family = GaugeMetricFamily("heirloom_jobs", text, labels=["queue", "state"])
    for queue in Queue.values:
        for state in (State.QUEUED.value, State.RUNNING.value):
            family.add_metric([queue, state], found.get((queue, state), 0))
    return family


def _oldest() -> Iterator[tuple[str, float]]:
    due = Job.objects.filter(state=State.QUEUED, available_at__lte=Now()).order_by()
    since = dict(due.values_list("queue").annotate(since=Min("available_at")))
    now = timezone.now()
    for queue in Queue.values:
        waited = now - since.get(queue, now)
        yield queue, max(0.0, waited.total_seconds())


def seconds_so_far() -> Sums:
    """Count, seconds and buckets by "kind state" of all that ever ended.

    The saved sum and what ended since; a long tail is added to the saved sum. Whoever saves
    second has read the same rows: the moment only moves by compare-and-set.
    """
    saved = SecondsSoFar.objects.order_by("pk").first()
    since = saved.through if saved else datetime(1970, 1, 1, tzinfo=timezone.get_default_timezone())
    sums: Sums = saved.sums if saved else {}
    ended = Job.objects.filter(finished_at__gt=since, started_at__isnull=False)
    settled = ended.filter(finished_at__lte=Now() - SETTLED)
    rows = list(_rows(settled))
    for row in rows:
        _add(sums, row)
    if len(rows) >= SAVE_EVERY or (rows and saved is None):
        _save(saved, max(row[2] for row in rows), sums)
    for row in _rows(ended.filter(finished_at__gt=Now() - SETTLED)):
        _add(sums, row)
    return sums


def _rows(jobs: Any) -> Any:
    return jobs.order_by().values_list("kind", "state", "finished_at", "started_at").iterator()


def _save(saved: SecondsSoFar | None, through: datetime, sums: Sums) -> None:
    with transaction.atomic():
        if saved is None:
            SecondsSoFar.objects.get_or_create(pk=1, defaults={"through": through, "sums": sums})
        else:
            same = SecondsSoFar.objects.filter(pk=saved.pk, through=saved.through)
            same.update(through=through, sums=sums)


def _add(sums: Sums, row: tuple[str, str, datetime, datetime]) -> None:
    kind, state, finished, started = row
    seconds = max(0.0, (finished - started).total_seconds())
    empty = {"count": 0, "seconds": 0.0, "buckets": [0] * len(BOUNDS)}
    found = sums.setdefault(f"{kind} {state}", empty)
    found["count"] += 1
    found["seconds"] += seconds
    found["buckets"] = [n + (seconds <= b) for n, b in zip(found["buckets"], BOUNDS, strict=True)]


def _histogram(sums: Sums) -> Metric:
    text = "Seconds of work that ended, by kind and outcome."
    family = HistogramMetricFamily("heirloom_job_seconds", text, labels=["kind", "outcome"])
    bounds = [*(f"{bound:g}" for bound in BOUNDS), "+Inf"]
    for key, found in sorted(sums.items()):
        counts = zip(bounds, [*found["buckets"], found["count"]], strict=True)
        family.add_metric(key.split(" "), list(counts), found["seconds"])
    return family
