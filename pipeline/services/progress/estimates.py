"""How long a restoration will take, from what the last ones took."""

from collections import defaultdict
from collections.abc import Iterable
from statistics import median

from django.core.cache import cache
from django.db.models import Q, QuerySet

from jobs.models import State
from pipeline.models import Rendition, Restoration
from pipeline.services.progress import steps

RECENT = 120
KEPT_SECONDS = 30
MIN_MEGAPIXELS = 0.25  # megapixels: below this a picture takes as long as one of this size
USUAL_MEGAPIXELS = 2.0  # of a photograph that nobody has read yet
MOST_BEFORE = 200  # rows that are looked at for an estimate
Rates = dict[str, float]
Rows = QuerySet[Restoration]


def rates(careful: bool) -> Rates:
    """Median seconds per megapixel of each kind, over the latest renditions."""
    key = f"pipeline.rates.{careful}"
    known: Rates | None = cache.get(key)
    if known is None:
        known = per_megapixel(_measured(careful))
        cache.set(key, known, KEPT_SECONDS)
    return known


def _measured(careful: bool) -> list[tuple[str, int, int, float | None]]:
    rows = Rendition.objects.filter(restorations__settings__careful=careful)
    facts = rows.values_list("kind", "width", "height", "report__seconds")
    return list(facts.order_by("-created_at")[:RECENT])


def per_megapixel(measured: Iterable[tuple[str, int, int, float | None]]) -> Rates:
    """Rows of kind, width, height and seconds; those without seconds say nothing."""
    found = defaultdict(list)
    for kind, width, height, seconds in measured:
        if seconds is not None:
            found[kind].append(seconds / megapixels(width, height))
    return {kind: median(each) for kind, each in found.items()}


def megapixels(width: int, height: int) -> float:
    return max(MIN_MEGAPIXELS, width * height / 1e6)


def typical() -> float | None:
    """Seconds for a photograph of usual size; None while nothing has been measured."""
    known = rates(careful=False)
    return sum(known.values()) * USUAL_MEGAPIXELS if known else None


def seconds_left(row: Restoration) -> float | None:
    """Until the results are there; None while nothing has been measured yet.

    Of one that waits: the rest of those under way and the sizes of those before it, shared among
    as many as run at once.
    """
    if row.job is None or not rates(row.chosen.careful):
        return None
    own = _own(row)
    if row.job.state != State.QUEUED:
        return own
    before = list(before_of(row))
    running = sum(each.state == State.RUNNING for each in before)
    return own + sum(map(_own, before)) / max(1, running)


def before_of(row: Restoration) -> Rows:
    """Those of its queue that run, and those that wait and came before it."""
    if row.job is None:
        return Restoration.objects.none()
    rows = Restoration.objects.filter(job__queue=row.job.queue).exclude(pk=row.pk)
    earlier = Q(job__state=State.QUEUED, job__created_at__lte=row.job.created_at)
    found = rows.filter(Q(job__state=State.RUNNING) | earlier)
    return found.select_related("photo", "job").order_by("created_at")[:MOST_BEFORE]


def _own(row: Restoration) -> float:
    """Seconds that are left of one photograph's own work."""
    known = rates(row.chosen.careful) or rates(careful=False)
    size = megapixels(row.photo.width, row.photo.height) if row.photo.width else USUAL_MEGAPIXELS
    progress = row.job.progress if row.job else 0.0
    return steps.seconds_left(progress, {kind: rate * size for kind, rate in known.items()})
