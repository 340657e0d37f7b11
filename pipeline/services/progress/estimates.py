"""How long a restoration will take, from what the last ones took."""

from collections import defaultdict
from collections.abc import Iterable
from statistics import median

from django.core.cache import cache

from jobs.models import Job, State
from pipeline.models import Rendition, Restoration
from pipeline.services.progress import steps

RECENT = 120
KEPT_SECONDS = 30
MIN_MEGAPIXELS = 0.25  # megapixels: below this a picture takes as long as one of this size
Rates = dict[str, float]


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


def seconds_left(row: Restoration) -> float | None:
    """Until the results are there; None while nothing has been measured yet."""
    known = rates(row.chosen.careful)
    if row.job is None or not known:
        return None
    size = megapixels(row.photo.width, row.photo.height) if row.photo.width else 2.0
    own = steps.seconds_left(row.job.progress, {kind: rate * size for kind, rate in known.items()})
    if row.job.state != State.QUEUED:
        return own
    # Others may be of any size: each is taken for one of two megapixels.
    before = row.position * sum(known.values()) * 2.0
    running = Job.objects.filter(state=State.RUNNING, queue=row.job.queue).count()
    return own + before / max(1, running)
