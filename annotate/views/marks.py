"""The marks on a mask: read and answered by its painter, shown as pieces of the photograph."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from annotate.services.assignments import take_back
from annotate.services.desk import mark_answers
from annotate.views.painter import PAINTERS, mask_of, mine, person, readable
from annotate.views.painter_calls import BadHeader, content, no
from config.errors import Refused
from config.web.roles import needs
from photos.models import Photo


@require_GET
@needs(*PAINTERS)
def marks(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """What the reviewer wrote when the mask last came back; before that, the photo's owner."""
    assignment = readable(request, assignment_id)
    mask = mask_of(assignment)
    review = mark_answers.latest_return(mask)
    said: dict[str, Any] = {"comment": "", "reviewer": "", "revision": None}
    if review:
        reviewer = review.reviewer.username if review.reviewer else ""
        said = {"comment": review.comment, "reviewer": reviewer, "revision": review.revision}
        may_answer = assignment.assessor_id == request.user.pk
        rows = [
            _with_answer(row, assignment.pk, may_answer) for row in mark_answers.answered(review)
        ]
    else:
        rows = mask.photo.marks
    said["marks"] = [{**row, "crop": _crop_url(mask.photo, row)} for row in rows]
    response = JsonResponse(said)
    response["Cache-Control"] = "no-store"
    return response


def _with_answer(row: dict[str, Any], assignment_id: UUID, may_answer: bool) -> dict[str, Any]:
    place = [assignment_id, row["number"]]
    return {**row, "answer_url": reverse("annotate_answer", args=place) if may_answer else ""}


def _crop_url(photo: Photo, row: dict[str, Any]) -> str:
    return reverse("annotate_crop", args=[photo.pk, int(row["x"]), int(row["y"])])


@require_POST
@needs(*PAINTERS)
def answer(request: HttpRequest, assignment_id: UUID, number: int) -> HttpResponse:
    assignment = mine(request, assignment_id)
    try:
        text = str(content(request).get("text", ""))
        mask = mask_of(assignment)
        mark_answers.answer(mask=mask, number=number, text=text, author=person(request))
    except (BadHeader, Refused) as error:
        return no(error)
    return JsonResponse({"answer": text.strip()[:1000]})


@require_safe
@needs(*PAINTERS)
def crop(request: HttpRequest, photo_id: UUID, x: int, y: int) -> HttpResponse:
    """The piece of a photo that a mark is about."""
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=photo_id)
    if x >= photo.width or y >= photo.height:
        raise Http404
    tag = f'"{photo.pk}.{x}.{y}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(mark_answers.crop_jpeg(photo, x, y), content_type="image/jpeg")
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_POST
@needs(*PAINTERS)
def mend(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Takes this returned mask up again, whichever came back first."""
    assignment = mine(request, assignment_id)
    mask_of(assignment)
    take_back(assignment)
    return redirect("annotate_paint", assignment.pk)
