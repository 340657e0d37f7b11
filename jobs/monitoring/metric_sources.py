"""Where the metrics come from: functions of the rooms' `metrics` modules, marked `@source`."""

from collections.abc import Callable, Iterable

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from config.registry import Registry

source: Registry[Callable[[], Iterable[Metric]]] = Registry("metrics")


def gauge(name: str, help: str, label: str, counts: Iterable[tuple[str, float]]) -> Metric:
    """A gauge with one label, from the label's values and their numbers."""
    family = GaugeMetricFamily(f"heirloom_{name}", help, labels=[label])
    for value, count in counts:
        family.add_metric([value], count)
    return family
