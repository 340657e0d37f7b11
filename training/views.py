"""Pages of the training room. Reviewers may look; admins freeze, train, promote, roll back."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from annotate.serving import stream
from config.roles import needs
from jobs.models import State
from training import curves, following, freezing, services, wording
from training.forms import FreezeForm, PromoteForm, RunForm
from training.models import (
    DatasetSnapshot,
    ModelVersion,
    Promotion,
    SnapshotItem,
    Stage,
    TrainingRun,
    VersionPicture,
)

FOREVER = "private, max-age=31536000, immutable"
lookers = needs("admin", "reviewer")
admins = needs("admin")


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


# --- snapshots ------------------------------------------------------------------------------


@lookers
def snapshots(request: HttpRequest) -> HttpResponse:
    return _snapshots(request, FreezeForm())


def _snapshots(request: HttpRequest, form: FreezeForm, *, status: int = 200) -> HttpResponse:
    """The list, with the form that freezes one more and what would go in now."""
    chosen = freezing.candidates(include_clean=True)
    context = {
        "snapshots": DatasetSnapshot.objects.with_counts(),
        "form": form,
        "masked": sum(candidate.mask is not None for candidate in chosen),
        "clean": sum(candidate.mask is None for candidate in chosen),
    }
    return render(request, "training/snapshots.html", context, status=status)


@require_POST
@admins
def snapshot_freeze(request: HttpRequest) -> HttpResponse:
    form = FreezeForm(request.POST)
    if not form.is_valid():
        return _snapshots(request, form, status=400)
    snapshot = services.freeze_snapshot(**form.cleaned_data, created_by=_user(request))
    messages.success(request, f"{snapshot.name} is frozen.")
    return redirect("snapshot", snapshot.pk)


@lookers
def snapshot_page(request: HttpRequest, snapshot_id: UUID) -> HttpResponse:
    snapshot = get_object_or_404(DatasetSnapshot, pk=snapshot_id)
    items = snapshot.items.select_related("photo", "mask")
    context = {
        "snapshot": snapshot,
        "splits": [
            (label, [item for item in items if item.split == split])
            for split, label in SnapshotItem.Split.choices
        ],
        "runs": snapshot.runs.select_related("job"),
    }
    return render(request, "training/snapshot.html", context)


@lookers
def item_thumbnail(request: HttpRequest, item_id: int) -> HttpResponseBase:
    item = get_object_or_404(SnapshotItem.objects.select_related("photo__thumbnail"), pk=item_id)
    return stream(request, item.photo.thumbnail if item.photo else None)


# --- runs -----------------------------------------------------------------------------------


@lookers
def runs(request: HttpRequest) -> HttpResponse:
    rows = TrainingRun.objects.select_related("job", "snapshot", "version")
    template = "training/_runs.html" if request.htmx else "training/runs.html"  # type: ignore[attr-defined]
    return render(request, template, {"runs": rows[:200]})


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
            created_by=_user(request),
        )
        return redirect("run", run.pk)
    context = {"form": form, "stage": Stage(stage), "stages": list(Stage)}
    status = 400 if form.is_bound else 200
    return render(request, "training/run_new.html", context, status=status)


@lookers
def run_page(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The whole page, or its live part; the live part asks for the page when the run ends."""
    rows = TrainingRun.objects.select_related("job", "snapshot", "parent", "created_by")
    run = get_object_or_404(rows, pk=run_id)
    context: dict[str, Any] = {
        "run": run,
        "job": run.job,
        "charts": curves.run_charts(run),
        "samples": following.samples(run.folder),
    }
    if request.htmx:  # type: ignore[attr-defined]
        answer = render(request, "training/_run_live.html", context)
        if run.job is None or run.job.is_final:
            answer["HX-Refresh"] = "true"
        return answer
    names, rows_of_table = curves.validation_table(run)
    context |= {
        "names": [wording.title(name) for name in names],
        "table": rows_of_table,
        "lines": run.job.lines.all() if run.job else [],
        "last_words": following.last_words(run.folder, lines=30),
        "version": ModelVersion.objects.filter(run=run).first(),
        "can_resume": run.job is not None and run.job.state in (State.FAILED, State.CANCELLED),
        "has_resume_file": (run.folder / "resume.safetensors").exists(),
    }
    return render(request, "training/run.html", context)


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


# --- versions and production ----------------------------------------------------------------


@lookers
def versions(request: HttpRequest) -> HttpResponse:
    rows = ModelVersion.objects.select_related("run")
    current = Promotion.objects.in_production()
    stages = [
        {
            "stage": stage,
            "versions": [version for version in rows if version.stage == stage],
            "current": current.get(stage),
        }
        for stage in Stage
    ]
    return render(request, "training/versions.html", {"stages": stages})


@lookers
def version_page(request: HttpRequest, version_id: UUID) -> HttpResponse:
    return _version(request, version_id, PromoteForm())


def _version(
    request: HttpRequest, version_id: UUID, form: PromoteForm, *, status: int = 200
) -> HttpResponse:
    version = get_object_or_404(
        ModelVersion.objects.select_related("weights", "run__snapshot"), pk=version_id
    )
    current = Promotion.objects.current(version.stage)
    context = {
        "version": version,
        "does": wording.DOES[version.stage],
        "facts": wording.facts(version.card),
        "figures": wording.figures(version.metrics),
        "tables": wording.tables(version.card),
        "pictures": version.pictures.all(),
        "promotions": version.promotions.select_related("promoted_by"),
        "in_production": current is not None and current.version_id == version.pk,
        "form": form,
    }
    return render(request, "training/version.html", context, status=status)


@require_POST
@admins
def version_check(request: HttpRequest, version_id: UUID) -> HttpResponse:
    services.check_later(get_object_or_404(ModelVersion, pk=version_id))
    messages.success(request, "The check is queued; its result appears here.")
    return redirect("version", version_id)


@require_POST
@admins
def version_promote(request: HttpRequest, version_id: UUID) -> HttpResponse:
    form = PromoteForm(request.POST)
    if not form.is_valid():
        return _version(request, version_id, form, status=400)
    version = get_object_or_404(ModelVersion, pk=version_id)
    services.promote(
        version=version, reason=form.cleaned_data["reason"], promoted_by=_user(request)
    )
    messages.success(request, f"{version.name} is in production.")
    return redirect("production")


@lookers
def version_weights(request: HttpRequest, version_id: UUID) -> HttpResponseBase:
    version = get_object_or_404(ModelVersion.objects.select_related("weights"), pk=version_id)
    name = f"{version.stage}-{version.weights_sha256[:12]}.safetensors"
    return stream(request, version.weights, filename=name)


@lookers
def picture(request: HttpRequest, picture_id: int, side: str) -> HttpResponseBase:
    row = get_object_or_404(
        VersionPicture.objects.select_related("given", "answered"), pk=picture_id
    )
    sides = {"given": row.given, "answered": row.answered}
    return stream(request, sides.get(side))


@lookers
def production(request: HttpRequest) -> HttpResponse:
    history = Promotion.objects.select_related("version", "promoted_by")
    stages = []
    for stage in Stage:
        rows = list(history.filter(stage=stage)[:20])
        before = Promotion.objects.before(rows[0]) if rows else None
        stages.append({"stage": stage, "rows": rows, "before": before})
    return render(request, "training/production.html", {"stages": stages})


@admins
def rollback(request: HttpRequest, stage: str) -> HttpResponse:
    """GET asks, POST does."""
    current = Promotion.objects.current(stage) if stage in Stage.values else None
    if current is None:
        raise Http404
    if request.method == "POST":
        done = services.roll_back(stage=stage, by=_user(request))
        messages.success(request, f"{done.version.name} is back in production.")
        return redirect("production")
    context = {
        "stage": Stage(stage),
        "current": current,
        "before": Promotion.objects.before(current),
    }
    return render(request, "training/rollback.html", context)
