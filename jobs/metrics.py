"""Figures for Prometheus: whom they are asked of, and who may read them."""

import hmac
import ipaddress
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4 as TEXT
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from config.web.roles import public

Source = Callable[[], Iterable[Metric]]


def gauge(name: str, help: str, label: str, counts: Iterable[tuple[str, float]]) -> Metric:
    """A gauge with one label, from the label's values and their numbers."""
    family = GaugeMetricFamily(f"heirloom_{name}", help, labels=[label])
    for value, count in counts:
        family.add_metric([value], count)
    return family


class _Asked(Collector):
    """The rooms' figures as they are now: the database keeps the counts, no process does."""

    def collect(self) -> Iterator[Metric]:
        for name in settings.METRICS:
            yield from _function(name)()


def may_read(request: HttpRequest) -> bool:
    """Who knows the token; without one, the machine itself and its private network.

    What came through a proxy is never private: its address is the proxy's.
    """
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_private
    except ValueError:
        return False


@require_safe
@public
def metrics(request: HttpRequest) -> HttpResponse:
    if not may_read(request):
        return HttpResponse("Metrics want a token.\n", status=403, content_type="text/plain")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Asked())
    response = HttpResponse(generate_latest(registry), content_type=TEXT)
    response["Cache-Control"] = "no-store"
    return response


def _function(name: str) -> Source:
    """By name, because this room imports none of those to its right."""
    module, _, attribute = name.rpartition(".")
    function: Source = getattr(import_module(module), attribute)
    return function
