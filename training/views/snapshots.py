"""Pages of snapshots: what would go in now, freeze, look."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from config.web.capped_count import Pages, kept
from photos.blob_responses import stream
from training import services
from training.models import (
    DatasetSnapshot,
    SnapshotItem,
)
from training.services import snapshot_selection
from training.services.judging import snapshot_figures
from training.views.access import admins, lookers, user_of
from training.views.forms import FreezeForm

ITEMS_PER_PAGE, RUNS_SHOWN, SNAPSHOTS_PER_PAGE = 60, 50, 50


@lookers
def snapshots(request: HttpRequest) -> HttpResponse:
    return _snapshots(request, FreezeForm())


def _snapshots(request: HttpRequest, form: FreezeForm, *, status: int = 200) -> HttpResponse:
    """The list, with the form that freezes one more and what would go in now."""
    chosen = snapshot_selection.candidates(include_clean=True)
    frozen = DatasetSnapshot.objects.with_counts().order_by("-created_at", "pk")
    context = {
        "page": Pages(frozen, SNAPSHOTS_PER_PAGE).get_page(request.GET.get("page")),
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
    snapshot = services.freeze_snapshot(**form.cleaned_data, created_by=user_of(request))
    messages.success(request, f"{snapshot.name} is frozen.")
    return redirect("snapshot", snapshot.pk)


@lookers
def snapshot_page(request: HttpRequest, snapshot_id: UUID) -> HttpResponse:
    snapshot = get_object_or_404(DatasetSnapshot, pk=snapshot_id)
    items = snapshot.items.select_related("photo").order_by("split", "group", "image_digest", "pk")
    page = Pages(items, ITEMS_PER_PAGE).get_page(request.GET.get("page"))
    shown = items.visible_to(request.user).filter(pk__in=[item.pk for item in page])
    seen = set(shown.values_list("pk", flat=True))
    for item in page:
        item.shown = item.photo if item.pk in seen else None
    sizes = dict(snapshot.items.order_by().values_list("split").annotate(Count("pk")))
    context = {
        "snapshot": snapshot,
        "page": page,
        "keep": kept(request),
        "splits": [(label, sizes.get(split, 0)) for split, label in SnapshotItem.Split.choices],
        "runs": snapshot.runs.select_related("job")[:RUNS_SHOWN],
        "contents": snapshot_figures.contents(snapshot),
        "others": DatasetSnapshot.objects.exclude(pk=snapshot.pk)[:SNAPSHOTS_PER_PAGE],
        **_against(request, snapshot),
    }
    return render(request, "training/snapshot.html", context)


def _against(request: HttpRequest, snapshot: DatasetSnapshot) -> dict[str, Any]:
    """The difference to the snapshot that the address names, if any."""
    try:
        other = DatasetSnapshot.objects.filter(pk=UUID(request.GET.get("against", ""))).first()
    except ValueError:
        other = None
    if other is None:
        return {"against": None}
    return {"against": other, "difference": snapshot_figures.difference(snapshot, other)}


@lookers
def item_thumbnail(request: HttpRequest, item_id: int) -> HttpResponseBase:
    rows = SnapshotItem.objects.visible_to(request.user).select_related("photo__thumbnail")
    item = get_object_or_404(rows, pk=item_id)
    return stream(request, item.photo.thumbnail if item.photo else None)
