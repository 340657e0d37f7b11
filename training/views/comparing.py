"""Runs beside each other, and a run's curves as files."""

import csv
import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render

from config.errors import Refused
from training import display_text
from training.curves import comparing
from training.curves.event_file import Scalar, events
from training.models import RunMetric, TrainingRun
from training.services import run_monitor
from training.views import charts
from training.views.access import lookers
from training.views.curves import HIDDEN

MOST_RUNS, MOST_CHARTS, SAMPLES_EACH = 4, 12, 6
COLUMNS = ("step", "epoch", "seconds", "split", "name", "value")


@lookers
def runs_compare(request: HttpRequest) -> HttpResponse:
    """Two to four runs: curves over each other, what was asked differently, the same samples."""
    runs = _chosen(request.GET.getlist("run"))
    drawn = [comparing.by_step(run_monitor.sample_names(run.folder)) for run in runs]
    steps = comparing.common(drawn)
    asked = request.GET.get("step", "")
    step = int(asked) if asked.isdecimal() and int(asked) in steps else max(steps, default=None)
    context = {
        "runs": [{"run": run, "label": label(run)} for run in runs],
        "charts": compared_charts(runs),
        "differences": comparing.differences([_asked_for(run) for run in runs]),
        "steps": steps,
        "step": step,
        "samples": [
            {"run": run, "label": label(run), "names": found.get(step or 0, [])[:SAMPLES_EACH]}
            for run, found in zip(runs, drawn, strict=True)
        ],
    }
    return render(request, "training/compare_runs.html", context)


def _chosen(texts: list[str]) -> list[TrainingRun]:
    """The runs in the order of the address. Raises Refused where they are too few or unknown."""
    try:
        keys = list(dict.fromkeys(UUID(text) for text in texts))
    except ValueError as error:
        raise Refused("A run is named by its number, as on its page.") from error
    rows = TrainingRun.objects.select_related("snapshot", "parent", "job").in_bulk(keys)
    found = [rows[key] for key in keys if key in rows]
    if not 2 <= len(found) <= MOST_RUNS:
        raise Refused(f"Choose two to {MOST_RUNS} runs to lay beside each other.")
    return found


def label(run: TrainingRun) -> str:
    """Short, and of one run alone."""
    return f"{run.recipe_name} {run.pk.hex[:6]}"


def _asked_for(run: TrainingRun) -> dict[str, Any]:
    start = run.parent.name if run.parent else "random weights"
    return {"snapshot": run.snapshot.name, "start": start, "seed": run.seed, **run.recipe}


def compared_charts(runs: list[TrainingRun]) -> list[charts.Chart]:
    """A frame for every measure of which two of the runs have a curve."""
    frames: dict[str, charts.Lines] = {}
    rows = RunMetric.objects.filter(run__in=runs, value__isnull=False).exclude(name__in=HIDDEN)
    labels = {run.pk: label(run) for run in runs}
    found = rows.order_by("step").values_list("run", "step", "split", "name", "value")
    for run_id, step, split, name, value in found:
        frame = f"{display_text.title(name)}, {split}"
        point = (float(step), float(value or 0.0))
        frames.setdefault(frame, {}).setdefault(labels[run_id], []).append(point)
    shared = {title: lines for title, lines in frames.items() if len(lines) > 1}
    order = sorted(shared, key=lambda title: (not title.startswith(("Loss", "Score")), title))
    lined = [
        charts.chart(title, {text: shared[title].get(text, []) for text in labels.values()})
        for title in order[:MOST_CHARTS]
    ]
    return [one for one in lined if one is not None]


@lookers
def run_curves_csv(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """Every number of a run, a line each."""
    run = get_object_or_404(TrainingRun, pk=run_id)
    answer = StreamingHttpResponse(_lines(run), content_type="text/csv; charset=utf-8")
    return _named(answer, run, "csv")


def _lines(run: TrainingRun) -> Iterator[bytes]:
    yield (",".join(COLUMNS) + "\r\n").encode()
    rows = run.metrics.order_by("step", "split", "name").values_list(*COLUMNS)
    for row in rows.iterator():
        text = io.StringIO()
        csv.writer(text).writerow(row)
        yield text.getvalue().encode()


@lookers
def run_curves_events(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """The same as a file that TensorBoard reads."""
    run = get_object_or_404(TrainingRun, pk=run_id)
    started = run.created_at.timestamp()
    rows = run.metrics.filter(value__isnull=False).order_by("step", "pk")
    scalars = (
        Scalar(f"{row.split}/{row.name}", row.step, row.value or 0.0, started + row.seconds)
        for row in rows.iterator()
    )
    body = events(scalars, started=started)
    return _named(StreamingHttpResponse(body, content_type="application/octet-stream"), run, "tb")


def _named(answer: StreamingHttpResponse, run: TrainingRun, form: str) -> StreamingHttpResponse:
    name = f"{run.stage}-{run.pk.hex[:6]}"
    # TensorBoard takes a file by this word in its name.
    file = f"events.out.tfevents.{name}" if form == "tb" else f"{name}.{form}"
    answer["Content-Disposition"] = f'attachment; filename="{file}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
