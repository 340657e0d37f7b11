"""The staff's figures: how much is restored, what waits, what failed, how long each stage takes."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from config.web.roles import Person
from jobs.models import State
from photos.models import Photo
from pipeline.models import Rendition, Restoration
from pipeline.services.progress import estimates
from pipeline.services.rendering.jobs import restore
from training.models import Promotion, Stage

HOURS = 24
BAR_HEIGHT = 60.0
SPANS = (("an hour", timedelta(hours=1)), ("a day", timedelta(days=1)), ("a week", timedelta(7)))
MAX_LATEST = 24


@dataclass(frozen=True)
class Bar:
    """One hour of the chart, in the units of its drawing."""

    x: int
    height: float
    count: int
    at: datetime

    @property
    def top(self) -> float:
        return BAR_HEIGHT + 2 - self.height


def throughput() -> list[dict[str, Any]]:
    """Restorations that ended within an hour, a day, a week."""
    now = timezone.now()
    ended = Restoration.objects.filter(job__kind=restore.kind)
    sums = {
        "done": Count("pk", filter=Q(job__state=State.SUCCEEDED)),
        "failed": Count("pk", filter=Q(job__state=State.FAILED)),
    }
    return [
        {"span": name, **ended.filter(job__finished_at__gte=now - span).aggregate(**sums)}
        for name, span in SPANS
    ]


def by_hour() -> list[Bar]:
    """What was done in each of the last 24 hours, the latest last; heights up to BAR_HEIGHT."""
    now = timezone.now()
    since = now - timedelta(hours=HOURS)
    ended = restore.jobs.filter(state=State.SUCCEEDED, finished_at__gte=since)
    counts: Counter[int] = Counter()
    for at in ended.values_list("finished_at", flat=True):
        if at is not None:
            counts[min(HOURS - 1, int((at - since).total_seconds() // 3600))] += 1
    most = max(counts.values(), default=1)
    return [
        Bar(
            hour * 10,
            BAR_HEIGHT * counts[hour] / most,
            counts[hour],
            since + timedelta(hours=hour + 1),
        )
        for hour in range(HOURS)
    ]


def queue() -> dict[str, Any]:
    """How many wait and run, and how long the first has waited."""
    found: dict[str, Any] = restore.jobs.aggregate(
        waiting=Count("pk", filter=Q(state=State.QUEUED)),
        running=Count("pk", filter=Q(state=State.RUNNING)),
        oldest=Min("created_at", filter=Q(state=State.QUEUED)),
    )
    return found


def failures(limit: int = 20) -> list[Restoration]:
    """The latest that failed; a refused file cannot be tried again as it is."""
    rows = Restoration.objects.with_all().filter(job__state=State.FAILED)
    return list(rows.order_by("-job__finished_at")[:limit])


def stage_times() -> list[dict[str, Any]]:
    """Median seconds per megapixel of each kind of picture, lately, in one look and in four."""
    plain, careful = estimates.rates(False), estimates.rates(True)
    return [
        {"name": label, "plain": plain.get(kind), "careful": careful.get(kind)}
        for kind, label in Rendition.Kind.choices
    ]


def production() -> list[dict[str, Any]]:
    """What is in production, and since when."""
    return [
        {"stage": label, "promotion": Promotion.objects.current(stage)}
        for stage, label in Stage.choices
    ]


def latest(user: Person) -> list[Restoration]:
    """The latest finished ones that this person may see: the lab's own, and with leave."""
    seen = Photo.objects.visible_to(user).values("pk")
    rows = Restoration.objects.with_all().select_related("exhibit").prefetch_related("feedback")
    may_see = Q(photo__in=seen) | Q(exhibit__isnull=False)
    return list(rows.filter(may_see, job__state=State.SUCCEEDED)[:MAX_LATEST])


def private_count() -> int:
    """Finished ones of visitors that nobody but their owners sees."""
    rows = Restoration.objects.filter(job__state=State.SUCCEEDED, photo__origin="visitor")
    return rows.filter(photo__training_allowed=False, exhibit__isnull=True).count()
