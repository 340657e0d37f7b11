"""What the page *Correct the mask* asks for: a look at a stroke, a mask file read."""

import uuid
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from annotate.services.strokes import body_limit
from config.errors import Refused
from config.web.roles import public
from jobs.models import State
from photos.blob_responses import stream
from pipeline.models import Restoration, Stroke
from pipeline.services import mask_files, strokes
from pipeline.services.uploads.throttles import MaskFileThrottle, StrokeThrottle, allowed
from pipeline.views.result import by_token

MARKS, MASK = "strokes", "mask"  # what a refusal names
MINUTE = "That is too much in a minute; try again in a moment."


@public
@require_POST
def ask_stroke(request: HttpRequest, token: str) -> HttpResponse:
    """Takes the mask around a stroke in the painter's tiles; 202 and where its filling will be."""
    row = by_token(token)
    limit = body_limit(row.photo) if row.photo.width else 0
    body = request.read(limit + 1)
    if len(body) > limit:
        return no(MARKS, "This is more than its photograph allows.", 413)
    if not allowed(StrokeThrottle, request):
        return no(MARKS, MINUTE, 429)
    try:
        made = strokes.fill_later(row, body)
    except ValueError as reason:
        return no(MARKS, str(reason), 400)
    except Refused as reason:
        return no(MARKS, str(reason), 409)
    address = reverse("stroke_filled", args=[token, made.pk])
    return JsonResponse({"filled": address}, status=202)


@public
@never_cache
@require_safe
def stroke_filled(request: HttpRequest, token: str, pk: uuid.UUID) -> HttpResponseBase:
    """202 while it is made; then a PNG, with its place in the photo and how much smaller it was
    filled as headers; 409 where it could not be made."""
    row: Restoration = by_token(token)
    made = get_object_or_404(row.strokes.select_related("job", "picture"), pk=pk)
    if made.picture is not None:
        response = stream(request, made.picture)
        response["Fill-Box"] = ",".join(str(side) for side in made.box)
        response["Fill-Reduced"] = str(made.reduced)
        return response
    if _ended(made):
        said = made.job.error if made.job else ""
        why = str(said) or "This was not filled; the restoration itself will."
        return no(MARKS, why, 409)
    return JsonResponse({"state": "waiting"}, status=202)


def _ended(made: Stroke) -> bool:
    return made.job is None or made.job.state in (State.FAILED, State.CANCELLED)


@public
@require_POST
def mask_file(request: HttpRequest, token: str) -> HttpResponse:
    """A picture of a mask as the painter's tiles: nothing is kept, the page shows it first."""
    row = by_token(token)
    if not allowed(MaskFileThrottle, request):
        return no(MASK, MINUTE, 429)
    file: UploadedFile[Any] | None = request.FILES.get(MASK)
    try:
        tiles, said = mask_files.read(row, file, request.POST.get("class", ""))
    except mask_files.BadFile as reason:
        return no(MASK, str(reason), reason.status)
    except Refused as reason:
        return no(MASK, str(reason), 409)
    response = HttpResponse(tiles, content_type="application/octet-stream")
    response["Mask-Said"] = said
    return response


def no(field: str, sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"field": field, "reason": sentence}, status=status)
