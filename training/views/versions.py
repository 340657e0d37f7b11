"""Pages of versions and of production: gate, weights, promotion, rollback."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from photos.blob_responses import stream
from training import display_text, services
from training.models import (
    ModelVersion,
    Promotion,
    Stage,
    VersionPicture,
)
from training.views.access import admins, lookers, user_of
from training.views.forms import PromoteForm


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
        "does": display_text.DOES[version.stage],
        "facts": display_text.facts(version.card),
        "figures": display_text.figures(version.metrics),
        "tables": display_text.tables(version.card),
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
        version=version, reason=form.cleaned_data["reason"], promoted_by=user_of(request)
    )
    messages.success(request, f"{version.name} is in production.")
    return redirect("production")


@lookers
def version_weights(request: HttpRequest, version_id: UUID) -> HttpResponseBase:
    version = get_object_or_404(ModelVersion.objects.select_related("weights"), pk=version_id)
    form = "onnx" if version.is_imported else "safetensors"
    name = f"{version.stage}-{version.weights_sha256[:12]}.{form}"
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
        done = services.roll_back(stage=stage, by=user_of(request))
        messages.success(request, f"{done.version.name} is back in production.")
        return redirect("production")
    context = {
        "stage": Stage(stage),
        "current": current,
        "before": Promotion.objects.before(current),
    }
    return render(request, "training/rollback.html", context)
