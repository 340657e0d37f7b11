"""The images and files behind every page of this room."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from annotate import services
from annotate.models import DefectMask
from annotate.views.painter import PAINTERS
from config.web.roles import may, needs
from photos.blob_responses import stream, stream_member
from photos.masks.arrays import encode_png
from photos.masks.classes import CLASSES
from photos.masks.overlays import OVERLAY_SIDE_PX, overlay_png
from photos.models import Photo

THUMBNAIL_SIDE_PX = 320
IMAGES = {
    "thumbnail": "thumbnail",
    "preview": "preview",
    "photo": "display",
    "working": "working",
    "cost": "cost_map",
}


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
    rows = DefectMask.objects.visible_to(request.user).select_related("photo")
    mask = get_object_or_404(rows, pk=mask_id)
    if mask.author_id != request.user.pk and not may(request.user, "reviewer"):
        raise Http404
    return mask


@require_safe
@needs(*PAINTERS)
def overlay(request: HttpRequest, mask_id: UUID) -> HttpResponse:
    """For a preview, with ``small`` for a thumbnail, with ``full`` every pixel; with ``outline``
    only around each part.
    """
    mask = visible_mask(request, mask_id)
    full, outline = "full" in request.GET, "outline" in request.GET
    small = "small" in request.GET
    tag = f'"{mask.pk}.{mask.revision}.{full:d}{outline:d}{small:d}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        side = max(mask.photo.width, mask.photo.height) if full else OVERLAY_SIDE_PX
        side = THUMBNAIL_SIDE_PX if small else side
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
