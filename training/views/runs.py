"""Pages of runs: begin, follow, stop, take up again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from config.words.said import Words, read
from config.words.wall import in_words
from jobs.models import State
from training import display_text, services
from training.models import (
    ModelVersion,
    Stage,
    TrainingRun,
)
from training.recipes import RecipeError, from_json, lacking, rounding
from training.services import run_monitor
from training.services.training_process import processes
from training.views import curves
from training.views.access import FOREVER, admins, lookers, user_of
from training.views.forms import RunForm

LINES_SHOWN = 1_000
CHOICES = ("recipe", "changes", "encoder", "features", "images", "batch", "cards")


@admins
def run_new(request: HttpRequest) -> HttpResponse:
    """One stage's form; the stage is part of the address, so no script is needed."""
    stage = request.GET.get("stage", Stage.SEGMENTATION)
    if stage not in Stage.values:
        raise Http404
    form = RunForm(request.POST or None, stage=stage, initial={"snapshot": request.GET.get("on")})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        run = services.train_later(
            recipe=values["recipe"],
            snapshot=values["snapshot"],
            seed=values["seed"],
            parent=values["parent"],
            cards=values.get("cards"),
            created_by=user_of(request),
        )
        if rounded := rounding(values["recipe"], processes(run.cards)):
            messages.info(request, in_words(rounded))
        return redirect("run", run.pk)
    context = {"form": form, "stage": Stage(stage), "stages": list(Stage)}
    status = 400 if form.is_bound else 200
    return render(request, "training/run_new.html", context, status=status)


@require_POST
@admins
def run_check(request: HttpRequest) -> HttpResponse:
    """What is wrong with the form as it stands, or which choices it changes; nothing is begun."""
    stage = request.GET.get("stage", Stage.SEGMENTATION)
    if stage not in Stage.values:
        raise Http404
    form = RunForm(request.POST, stage=stage)
    form.full_clean()
    wrong = [text for field in CHOICES for text in form.errors.get(field, [])]
    return render(
        request, "training/_recipe_check.html", {"wrong": wrong, "changes": form.differences()}
    )


@lookers
def run_page(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The whole page, or its live part; the live part asks for the page when the run ends."""
    rows = TrainingRun.objects.select_related("job", "snapshot", "parent", "created_by")
    run = get_object_or_404(rows, pk=run_id)
    context: dict[str, Any] = {
        "run": run,
        "job": run.job,
        "said": run_monitor.standing(run.job),
        "charts": curves.run_charts(run),
        "samples": run_monitor.samples(run.folder),
    }
    if request.htmx:  # type: ignore[attr-defined]
        answer = render(request, "training/_run_live.html", context)
        if run.job is None or run.job.is_final:
            answer["HX-Refresh"] = "true"
        return answer
    names, rows_of_table = curves.validation_table(run)
    context |= {
        "lacks": _lacking(run),
        "names": [display_text.title(name) for name in names],
        "table": rows_of_table,
        "lines": run.job.lines.order_by("-pk")[:LINES_SHOWN][::-1] if run.job else [],
        "last_words": run_monitor.last_words(run.folder, lines=30),
        "version": ModelVersion.objects.filter(run=run).first(),
        "can_resume": run.job is not None and run.job.state in (State.FAILED, State.CANCELLED),
        "has_resume_file": (run.folder / "resume.safetensors").exists(),
    }
    return render(request, "training/run.html", context)


def _lacking(run: TrainingRun) -> list[Words]:
    """What its recipe wants and the site has not; a recipe of another release says nothing."""
    try:
        return [read(each) for each in lacking(from_json(run.recipe))]
    except RecipeError:
        return []


@require_POST
@admins
def run_cancel(request: HttpRequest, run_id: UUID) -> HttpResponse:
    services.cancel_run(get_object_or_404(TrainingRun, pk=run_id))
    messages.success(request, "The run stops as soon as it has written its resume file.")
    return redirect("run", run_id)


@require_POST
@admins
def run_resume(request: HttpRequest, run_id: UUID) -> HttpResponse:
    services.resume_run(get_object_or_404(TrainingRun, pk=run_id))
    return redirect("run", run_id)


@lookers
def run_sample(request: HttpRequest, run_id: UUID, name: str) -> HttpResponseBase:
    """A sample picture; the name must be one that the folder holds."""
    run = get_object_or_404(TrainingRun, pk=run_id)
    found = {path.name: path for path in (run.folder / "samples").glob("*.png")}
    if name not in found:
        raise Http404
    answer = FileResponse(found[name].open("rb"), content_type="image/png")
    answer["Cache-Control"] = FOREVER
    return answer
