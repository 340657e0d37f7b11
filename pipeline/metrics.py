"""What the metrics say about restorations."""

from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from jobs.monitoring.metric_sources import source
from pipeline.models import Rendition, Restoration


@source
def metrics() -> Iterator[Metric]:
    for name, text, rows in (
        ("restorations", "Restorations that are kept.", Restoration.objects),
        ("renditions", "Images made by networks.", Rendition.objects),
    ):
        yield GaugeMetricFamily(f"heirloom_{name}", text, value=rows.count())
