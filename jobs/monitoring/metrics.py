"""Figures for Prometheus: whom they are asked of, and who may read them."""

import hmac
import ipaddress
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4 as TEXT
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.registry import Collector

from config.web.roles import public
from jobs.monitoring import statistics
from jobs.monitoring.metric_sources import source

__all__ = ["statistics"]  # loaded here, so that this room's own figures are known


class _Asked(Collector):
    """The rooms' figures as they are now: the database keeps the counts, no process does."""

    def collect(self) -> Iterator[Metric]:
        for figures in source.all():
            yield from figures()


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
