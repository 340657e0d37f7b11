"""Figures for Prometheus: what a metric is, how it is written, who may read it."""

import hmac
import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from config.web.roles import public

Labels = tuple[tuple[str, str], ...]
TEXT = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Metric:
    """One name with its samples; a histogram's samples carry the ending of their name."""

    name: str
    help: str
    kind: str  # gauge, counter or histogram
    samples: Mapping[Labels, float]
    ending: str = ""


def gauge(name: str, help: str, samples: Mapping[Labels, float]) -> Metric:
    return Metric(f"heirloom_{name}", help, "gauge", samples)


def counter(name: str, help: str, samples: Mapping[Labels, float]) -> Metric:
    return Metric(f"heirloom_{name}_total", help, "counter", samples)


def by(label: str, counts: Iterable[tuple[str, float]]) -> dict[Labels, float]:
    """Samples of a metric with one label."""
    return {((label, value),): float(count) for value, count in counts}


def written(metrics: Iterable[Metric]) -> Iterator[str]:
    """Prometheus's text format, version 0.0.4."""
    told: set[str] = set()
    for metric in metrics:
        if metric.name not in told:
            told.add(metric.name)
            yield f"# HELP {metric.name} {metric.help}"
            yield f"# TYPE {metric.name} {metric.kind}"
        for labels, value in metric.samples.items():
            inside = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels)
            yield f"{metric.name}{metric.ending}{'{' + inside + '}' if inside else ''} {value:.12g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


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
    lines = written(metric for name in settings.METRICS for metric in _function(name)())
    response = HttpResponse("\n".join([*lines, ""]), content_type=TEXT)
    response["Cache-Control"] = "no-store"
    return response


def _function(name: str) -> Callable[[], Iterable[Metric]]:
    """By name, because this room imports none of those to its right."""
    module, _, attribute = name.rpartition(".")
    function: Callable[[], Iterable[Metric]] = getattr(import_module(module), attribute)
    return function
