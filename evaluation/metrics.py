"""What the metrics say about studies and votes; nothing of what was voted."""

from collections.abc import Iterator

from django.db.models import Count

from evaluation.models import Study, Vote
from jobs.metrics import Metric, by, counter, gauge


def metrics() -> Iterator[Metric]:
    yield counter("votes", "Votes cast, with those taken back.", {(): Vote.objects.count()})
    states = Study.objects.order_by().values_list("state").annotate(count=Count("pk"))
    yield gauge("studies", "Studies, by state.", by("state", states))
