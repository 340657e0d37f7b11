"""What the metrics say about restorations."""

from collections.abc import Iterator

from jobs.metrics import Metric, gauge
from pipeline.models import Rendition, Restoration


def metrics() -> Iterator[Metric]:
    yield gauge("restorations", "Restorations that are kept.", {(): Restoration.objects.count()})
    yield gauge("renditions", "Images made by networks.", {(): Rendition.objects.count()})
