"""The staff's page: figures, failures with retry, and what was restored lately."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from config.asking import Question, asks
from config.web.capped_count import Pages
from config.web.roles import needs
from photos.models import Photo
from pipeline import services
from pipeline.models import Restoration
from pipeline.services import feedback, gallery, result_context, statistics
from pipeline.services.uploads import unfinished_uploads

STAFF = ("admin", "reviewer")
A_PAGE = 50


@needs(*STAFF)
@require_safe
def restorations(request: HttpRequest) -> HttpResponse:
    """Throughput, queue, failures, times, production; the latest pictures staff may see."""
    page = Pages(_latest_first(), A_PAGE).get_page(request.GET.get("page"))
    said = feedback.lately()
    shown = {row.photo_id for row in page} | {each.restoration.photo_id for each in said}
    visible = set(
        Photo.objects.visible_to(request.user).filter(pk__in=shown).values_list("pk", flat=True)
    )
    context = {
        "page": page,
        "visible": visible,
        "throughput": statistics.throughput(),
        "hours": statistics.by_hour(),
        "queue": statistics.queue(),
        "failures": statistics.failures(),
        "stage_times": statistics.stage_times(),
        "production": statistics.production(),
        "may_see_weights": result_context.may_see_weights(request.user),
        "latest": statistics.latest(request.user),
        "said": said,
        "private": statistics.private_count(),
        "unfinished": unfinished_uploads.open_uploads(),
    }
    return render(request, "pipeline/restorations.html", context)


def _latest_first() -> QuerySet[Restoration]:
    """Those of one moment in one order, so that no page repeats a row of another."""
    return Restoration.objects.with_all().order_by("-created_at", "-pk")


def _row(pk: UUID) -> Restoration:
    return get_object_or_404(Restoration.objects.with_all(), pk=pk)


def _seen(request: HttpRequest, pk: UUID) -> Restoration:
    """One that this person may see; a private one does not exist."""
    row = _row(pk)
    allowed = Photo.objects.visible_to(request.user).filter(pk=row.photo_id).exists()
    if not allowed and not hasattr(row, "exhibit"):
        raise Http404
    return row


def _dropping(request: HttpRequest) -> Question:
    count, size = unfinished_uploads.open_uploads()
    goes = f"Of {count} unfinished uploads, {size / 1e6:.0f} MB, those silent for 15 minutes go."
    return Question("Drop unfinished uploads?", f"{goes} Who sent them must begin anew.", "Drop")


@needs("admin")
@require_POST
@asks(_dropping)
def drop_uploads(request: HttpRequest) -> HttpResponse:
    """Makes room: what was begun, and has been silent for a while, goes."""
    dropped = unfinished_uploads.drop(unfinished_uploads.SILENT)
    messages.success(request, f"Dropped {dropped} unfinished upload{'' if dropped == 1 else 's'}.")
    return redirect("restorations")


@needs(*STAFF)
@require_POST
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    services.restore_again(_row(pk))
    messages.success(request, "It is in the queue again.")
    return redirect("restorations")


@needs(*STAFF)
@require_POST
def label(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sends its photo to labelling, with what its owner said and marked."""
    row = _seen(request, pk)
    feedback.send_to_labelling(row)
    messages.success(request, f"{row.photo} waits for an assessor.")
    return redirect("restorations")


@needs(*STAFF)
@require_POST
def hang(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Into the gallery, or out of it."""
    row = _seen(request, pk)
    if "down" in request.POST:
        gallery.take_down(row)
        messages.success(request, "It is out of the gallery.")
    else:
        gallery.hang(row, by=cast(User, request.user))
        messages.success(request, "It hangs in the gallery.")
    return redirect("restorations")
