"""The list of runs: each with its figures, so that the better one is seen without opening it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.web.capped_count import Pages
from training import display_text
from training.models import RunMetric, TrainingRun
from training.services import run_monitor
from training.views.access import lookers

A_PAGE = 100


@lookers
def runs(request: HttpRequest) -> HttpResponse:
    rows = TrainingRun.objects.select_related("job", "snapshot", "version")
    template = "training/_runs.html" if request.htmx else "training/runs.html"  # type: ignore[attr-defined]
    page: Any = Pages(rows, A_PAGE).get_page(request.GET.get("page"))
    figures = figures_of(page)
    for run in page:
        run.figures = figures[run.pk]
        run.said = run_monitor.standing(run.job)
    return render(request, template, {"page": page})


def figures_of(runs: Iterable[TrainingRun]) -> dict[UUID, list[display_text.Figure]]:
    """Of its version where it made one, else of its validation with the best score so far."""
    made = {run.pk: getattr(run, "version", None) for run in runs}
    stages = {run.pk: run.stage for run in runs}
    going = best_metrics([key for key, version in made.items() if version is None])
    return {
        key: version.headlines if version else display_text.headlines(stages[key], going[key])
        for key, version in made.items()
    }


def best_metrics(keys: list[UUID]) -> dict[UUID, dict[str, float]]:
    """The headline measures at the step with the best score, in one question for all runs."""
    names = {path for paths in display_text.HEADLINES.values() for path in paths}
    rows = RunMetric.objects.filter(
        run__in=keys, split="validation", name__in=[*names, "score"], value__isnull=False
    )
    steps: dict[UUID, dict[int, dict[str, float]]] = {key: {} for key in keys}
    for run, step, name, value in rows.order_by("step").values_list("run", "step", "name", "value"):
        steps[run].setdefault(step, {})[name] = float(value or 0.0)
    return {key: _best(found) for key, found in steps.items()}


def _best(found: dict[int, dict[str, float]]) -> dict[str, float]:
    if not found:
        return {}
    step = max(found, key=lambda one: (found[one].get("score", float("-inf")), one))
    return found[step]
