"""What the metrics say about studies and votes; nothing of what was voted."""

from collections.abc import Iterator

from django.db.models import Count
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily

from evaluation.models import Study, Vote
from jobs.monitoring.metric_sources import gauge, source


def _standing() -> dict[str, int]:
    counts: dict[str, int] = Vote.objects.all().by_name()
    return counts


@source
def metrics() -> Iterator[Metric]:
    text = "Rows of the vote logs, with votes that were taken back."
    yield CounterMetricFamily("heirloom_votes", text, value=Vote.objects.count())
    yield gauge("standing_votes", "Standing votes, by kind.", "kind", _standing().items())
    states = Study.objects.order_by().values_list("state").annotate(count=Count("pk"))
    yield gauge("studies", "Studies, by state.", "state", states)
