"""What the metrics say about photos and labels."""

from collections.abc import Iterator

from django.db.models import Count
from prometheus_client import Metric

from annotate.models import Assignment, DefectMask
from jobs.monitoring.metric_sources import gauge, source
from photos.models import Photo


@source
def metrics() -> Iterator[Metric]:
    for name, text, rows in (
        ("photos", "Photographs, by state.", Photo.objects),
        ("labels", "Defect masks, by state.", DefectMask.objects),
        ("assignments", "Photographs given to somebody, by state.", Assignment.objects),
    ):
        counts = rows.order_by().values_list("state").annotate(count=Count("pk"))
        yield gauge(name, text, "state", counts)
