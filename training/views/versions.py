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
    PromotionRequest,
    Stage,
    VersionPicture,
)
from training.services.judging import promoting
from training.services.judging.beside import DECIDES
from training.services.judging.measuring import measured_sets
from training.views.access import admins, lookers, user_of
from training.views.judging import deciding


@lookers
def versions(request: HttpRequest) -> HttpResponse:
    """Every version; of each stage compared on one set, which the page names."""
    rows = list(ModelVersion.objects.select_related("run"))
    current = Promotion.objects.in_production()
    stages = []
    for stage in Stage:
        sets = measured_sets(stage)
        asked = request.GET.get("set")
        chosen = next((one for one in sets if one.key == asked), sets[0] if sets else None)
        found = chosen.evaluations(stage) if chosen else {}
        shown = [version for version in rows if version.stage == stage]
        stages.append(
            {
                "stage": stage,
                "rows": [{"version": one, "on": deciding(found.get(one.pk))} for one in shown],
                "current": current.get(stage),
                "sets": sets,
                "chosen": chosen,
                "measure": display_text.measured(DECIDES[stage][0]),
                "parted": len({row.digest for row in found.values()}) > 1,
            }
        )
    return render(request, "training/versions.html", {"stages": stages})


@lookers
def version_page(request: HttpRequest, version_id: UUID) -> HttpResponse:
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
        "evaluations": [
            {"row": row, **(deciding(row) or {})}
            for row in version.evaluations.measured().select_related("snapshot", "version")
        ],
        "measure": display_text.measured(DECIDES[Stage(version.stage)][0]),
    }
    return render(request, "training/version.html", context)


@require_POST
@admins
def version_check(request: HttpRequest, version_id: UUID) -> HttpResponse:
    services.check_later(get_object_or_404(ModelVersion, pk=version_id))
    messages.success(request, "The check is queued; its result appears here.")
    return redirect("version", version_id)


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
    waiting = PromotionRequest.objects.filter(state=PromotionRequest.State.WAITING)
    requests = [
        {"row": row, "why_not": promoting.why_not(row, user_of(request))}
        for row in waiting.select_related("version", "asked_by")
    ]
    return render(request, "training/production.html", {"stages": stages, "requests": requests})


@admins
def rollback(request: HttpRequest, stage: str) -> HttpResponse:
    """GET asks, POST does."""
    current = Promotion.objects.current(stage) if stage in Stage.values else None
    if current is None:
        raise Http404
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        done = services.roll_back(stage=stage, by=user_of(request), seen=seen)
        messages.success(request, f"{done.version.name} is back in production.")
        return redirect("production")
    context = {
        "stage": Stage(stage),
        "current": current,
        "before": Promotion.objects.before(current),
    }
    return render(request, "training/rollback.html", context)
