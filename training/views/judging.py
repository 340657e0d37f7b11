"""Pages of what versions are worth: figures on sets, a candidate beside production, requests."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from training import display_text
from training.models import (
    DatasetSnapshot,
    Evaluation,
    ModelVersion,
    Promotion,
    PromotionRequest,
    Stage,
)
from training.services.judging import measuring, promoting
from training.services.judging.beside import DECIDES, beside_production
from training.views.access import admins, lookers, user_of
from training.views.forms import MeasureForm, PromoteForm

COLUMNS = 12


@lookers
def version_sets(request: HttpRequest) -> HttpResponse:
    """A table of versions and sets: the figure that decides, on how many photographs."""
    stage = _stage(request)
    sets = measuring.measured_sets(stage)[:COLUMNS]
    columns = [one.evaluations(stage) for one in sets]
    rows = []
    for version in ModelVersion.objects.filter(stage=stage):
        cells = [deciding(column.get(version.pk)) for column in columns]
        rows.append({"version": version, "cells": cells})
    name, more = DECIDES[stage]
    context = {
        "stage": stage,
        "stages": list(Stage),
        "sets": sets,
        "rows": rows,
        "measure": display_text.measured(name),
        "better": "higher is better" if more else "lower is better",
        "pending": _pending(stage),
        "form": MeasureForm(stage=stage),
    }
    return render(request, "training/version_sets.html", context)


def _stage(request: HttpRequest) -> Stage:
    text = request.GET.get("stage", Stage.SEGMENTATION)
    if text not in Stage.values:
        raise Http404
    return Stage(text)


def deciding(row: Evaluation | None) -> dict[str, Any] | None:
    """The figure of an evaluation that decides, with what it stands on."""
    if row is None:
        return None
    value = row.own.get(DECIDES[Stage(row.version.stage)][0])
    return {
        "value": value,
        "pictures": row.pictures,
        "trained_on": row.trained_on,
        "elsewhere": row.version.is_imported,
    }


def _pending(stage: Stage) -> list[Evaluation]:
    rows = Evaluation.objects.filter(version__stage=stage, job__isnull=False)
    rows = rows.exclude(job__state="succeeded").select_related("job", "version", "snapshot")
    return list(rows.order_by("-job__created_at")[:20])


@require_POST
@admins
def version_measure(request: HttpRequest) -> HttpResponse:
    """Queues a measurement for each version that was ticked."""
    stage = _stage(request)
    form = MeasureForm(request.POST, stage=stage)
    if not form.is_valid():
        messages.error(request, " ".join(str(t) for texts in form.errors.values() for t in texts))
        return redirect(f"{request.path.removesuffix('measure/')}?stage={stage}")
    chosen: DatasetSnapshot = form.cleaned_data["snapshot"]
    for version in form.cleaned_data["versions"]:
        measuring.measure_later(
            version=version, snapshot=chosen, part=form.cleaned_data["part"], by=user_of(request)
        )
    count = len(form.cleaned_data["versions"])
    messages.success(request, f"{count} measurement{'s' if count > 1 else ''} queued.")
    return redirect(f"{request.path.removesuffix('measure/')}?stage={stage}")


@admins
def version_promote(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """GET shows the candidate beside production; POST promotes, or asks where warnings speak."""
    version = get_object_or_404(ModelVersion.objects.select_related("run"), pk=version_id)
    form = PromoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = promoting.ask_or_promote(
            version=version, reason=form.cleaned_data["reason"], by=user_of(request)
        )
        if isinstance(done, Promotion):
            messages.success(request, f"{version.name} is in production.")
        else:
            said = promoting.why_not(done, user_of(request))
            messages.info(request, f"{version.name} is not in production yet. {said}")
        return redirect("production")
    context = {
        "version": version,
        "beside": beside_production(version),
        "form": form,
        "alone": not promoting.other_admins(user_of(request)),
        "waiting": version.requests.filter(state=PromotionRequest.State.WAITING).first(),
    }
    status = 400 if form.is_bound else 200
    return render(request, "training/promote.html", context, status=status)


@require_POST
@admins
def request_decide(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Grants a promotion that waits, or withdraws it."""
    row = get_object_or_404(
        PromotionRequest.objects.select_related("version", "asked_by"), pk=request_id
    )
    if request.POST.get("do") == "grant":
        promoting.grant(row, by=user_of(request))
        messages.success(request, f"{row.version.name} is in production.")
    else:
        promoting.withdraw(row, by=user_of(request))
        messages.success(request, f"{row.version.name} stays out of production.")
    return redirect("production")
