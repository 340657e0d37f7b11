"""The assessor's queue, the library of photos, and their derived images."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from annotate import services
from annotate.models import Photo
from annotate.painting import PAINTERS, person
from annotate.serving import stream
from config.roles import needs


@require_safe
@needs(*PAINTERS)
def queue(request: HttpRequest) -> HttpResponse:
    return render(request, "annotate/queue.html", {})


@require_POST
@needs(*PAINTERS)
def claim(request: HttpRequest) -> HttpResponse:
    assignment = services.claim_assignment(assessor=person(request))
    if assignment is None:
        messages.info(request, "Nothing is left to paint.")
        return redirect("annotate_queue")
    return redirect("annotate_paint", assignment.pk)


@require_safe
@needs(*PAINTERS)
def photos(request: HttpRequest) -> HttpResponse:
    return render(request, "annotate/photos.html", {})


@require_safe
@needs(*PAINTERS)
def photo_page(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    return render(request, "annotate/photo.html", {})


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
    photo = get_object_or_404(Photo.objects.visible_to(person(request)), pk=photo_id)
    if kind == "original":
        return stream(request, photo.original, filename=f"{photo.pk}", derived=False)
    return stream(request, getattr(photo, IMAGES[kind]) if kind in IMAGES else None)
