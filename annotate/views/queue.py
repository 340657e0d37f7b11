"""The assessor's queue, and the images and files behind every page of this room."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from photos.masks.classes import CLASSES

from annotate import services
from annotate.models import Assignment, DefectMask, Purpose
from annotate.services import availability
from annotate.views.painter import PAINTERS, person
from config.web.capped_count import counted
from config.web.roles import may, needs
from photos.blob_responses import stream, stream_member
from photos.masks.arrays import encode_png
from photos.masks.overlays import SIDE, overlay_png
from photos.models import Photo

IMAGES = {
    "thumbnail": "thumbnail",
    "preview": "preview",
    "photo": "display",
    "working": "working",
    "cost": "cost_map",
}


@require_safe
@needs(*PAINTERS)
def queue(request: HttpRequest) -> HttpResponse:
    """What I am painting, what came back to me, what waits, what I did."""
    me = person(request)
    mine = me.assignments.exclude(purpose=Purpose.PRACTICE).select_related("photo", "mask")
    waiting = availability.waiting_for_painter(me)
    context = {
        "open": mine.filter(state=Assignment.State.OPEN),
        "returned": _returned_to(me),
        "waiting": counted(waiting),
        "done": me.masks.handed_in().select_related("photo")[:12],
        "figures": _figures(me),
    }
    return render(request, "annotate/queue.html", context)


def _returned_to(me: User) -> list[DefectMask]:
    rows = me.masks.filter(state=DefectMask.State.RETURNED).select_related("photo")
    return list(rows.prefetch_related("reviews"))


def _figures(me: User) -> dict[str, float]:
    """What a person did so far; minutes per megapixel of what was handed in."""
    handed_in = me.masks.handed_in().filter(assignment__isnull=False)
    sums = handed_in.aggregate(n=Count("pk"), seconds=Sum("active_seconds"))
    sizes = handed_in.values_list("photo__width", "photo__height")
    megapixels = sum(width * height for width, height in sizes) / 2**20
    minutes = (sums["seconds"] or 0.0) / 60
    return {
        "handed_in": sums["n"],
        "accepted": handed_in.filter(state=DefectMask.State.ACCEPTED).count(),
        "minutes": minutes,
        "pace": minutes / megapixels if megapixels else 0.0,
    }


@require_POST
@needs(*PAINTERS)
def claim(request: HttpRequest) -> HttpResponse:
    assignment = services.claim_assignment(assessor=person(request))
    if assignment is None:
        messages.info(request, "Nothing is left to paint. New photos appear here by themselves.")
        return redirect("annotate_queue")
    return redirect("annotate_paint", assignment.pk)


@require_safe
@needs(*PAINTERS)
def image(request: HttpRequest, photo_id: UUID, kind: str) -> HttpResponseBase:
    """A derived image of a photo; the original only as a download, and for reviewers."""
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=photo_id)
    if kind == "original" and may(request.user, "reviewer"):
        return stream(request, photo.original, filename=f"{photo.pk}", derived=False)
    return stream(request, getattr(photo, IMAGES[kind]) if kind in IMAGES else None)


@require_safe
@needs(*PAINTERS)
def tile(request: HttpRequest, photo_id: UUID, level: int, x: int, y: int) -> HttpResponseBase:
    """One tile of a large photo; level 0 is the smallest."""
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=photo_id)
    return stream_member(request, photo.tiles, f"{level}/{x}_{y}.jpg")


def visible_mask(request: HttpRequest, mask_id: UUID) -> DefectMask:
    """A mask that this person may see: one's own, or any for reviewers.

    Two assessors who paint one photo must not see each other's work.
    """
    mask = get_object_or_404(DefectMask.objects.select_related("photo"), pk=mask_id)
    if mask.author_id != request.user.pk and not may(request.user, "reviewer"):
        raise Http404
    return mask


@require_safe
@needs(*PAINTERS)
def overlay(request: HttpRequest, mask_id: UUID) -> HttpResponse:
    """Small, or with ``full`` every pixel; with ``outline`` only around each part."""
    mask = visible_mask(request, mask_id)
    full, outline = "full" in request.GET, "outline" in request.GET
    tag = f'"{mask.pk}.{mask.revision}.{full:d}{outline:d}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        side = max(mask.photo.width, mask.photo.height) if full else SIDE
        picture = overlay_png(services.read_mask(mask), side=side, outline=outline)
        response = HttpResponse(picture, content_type="image/png")
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
@needs(*PAINTERS)
def export(request: HttpRequest, mask_id: UUID, defect: str) -> HttpResponse:
    """One class of a mask as a 1-bit PNG of the photo's size."""
    mask = visible_mask(request, mask_id)
    if defect not in CLASSES:
        raise Http404
    body = encode_png(services.read_class(mask, defect))
    response = HttpResponse(body, content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="{mask.photo_id}.{defect}.png"'
    response["Cache-Control"] = "private, no-cache"
    return response
