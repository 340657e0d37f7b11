"""Another version of a result: with another strength, with answers, or with its owner's mask."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from annotate.services.strokes import body_limit
from config.roles import public
from jobs.errors import Refused
from pipeline import answering, corrections, services
from pipeline.forms import VariantForm
from pipeline.models import Restoration
from pipeline.remembering import remember
from pipeline.throttles import upload_allowed
from pipeline.views import by_token

ANSWER = "answer-"
TOO_MANY = "That is too many restorations in an hour; try again later."


@public
@require_POST
def restoration_variant(request: HttpRequest, token: str) -> HttpResponse:
    """The same photograph with another strength; the result so far stays until it is there."""
    row = by_token(token)
    form = VariantForm(request.POST)
    if not form.is_valid():
        raise Refused("The strength must be between 0 and 1.")
    if not upload_allowed(request, 1):
        raise Refused(TOO_MANY)
    made = services.restore_differently_later(row, **form.choices())
    remember(request, made)
    return redirect(made)


@public
@require_POST
def restoration_answer(request: HttpRequest, token: str) -> HttpResponse:
    """All answers at once: fields `answer-ID` with yes or no; what has neither stays a question."""
    row = by_token(token)
    answers = {
        name.removeprefix(ANSWER): value == "yes"
        for name, value in request.POST.items()
        if name.startswith(ANSWER) and value in ("yes", "no")
    }
    if not answers:
        raise Refused("Answer at least one of the questions.")
    if not upload_allowed(request, 1):
        raise Refused(TOO_MANY)
    try:
        made = answering.answer_and_restore_later(row, answers)
    except ValueError as reason:
        raise Refused(str(reason)) from reason
    remember(request, made)
    return redirect(made)


@public
@require_safe
def restoration_mask(request: HttpRequest, token: str) -> HttpResponse:
    """The light painter over what was found, for its owner to correct."""
    row = by_token(token)
    if row.mask is None:
        raise Refused("There is no mask to correct yet: wait until the restoration is done.")
    painter = {
        "width": row.photo.width,
        "height": row.photo.height,
        "preview-url": _file(row, "before", "preview"),
        "photo-url": _file(row, "before", "jpg"),
        "mask-url": _file(row, "mask", "png"),
        "save-url": reverse("restoration_correct", args=[token]),
    }
    context = {"restoration": row, "photo": row.photo, "painter": painter}
    return render(request, "pipeline/correct.html", context)


def _file(row: Restoration, kind: str, form: str) -> str:
    return reverse("restoration_file", args=[row.token, kind, form])


@public
@require_POST
def restoration_correct(request: HttpRequest, token: str) -> HttpResponse:
    """Takes the corrected mask in the painter's tiles; answers where its restoration is."""
    row = by_token(token)
    limit = body_limit(row.photo)
    body = request.read(limit + 1)
    if len(body) > limit:
        return _no("This mask is larger than its photograph allows.", 413)
    if not upload_allowed(request, 1):
        return _no(TOO_MANY, 429)
    try:
        made = corrections.restore_corrected_later(row, body)
    except ValueError as reason:
        return _no(str(reason), 400)
    except Refused as reason:
        return _no(str(reason), 409)
    remember(request, made)
    return JsonResponse({"page": made.get_absolute_url()}, status=201)


def _no(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"reason": sentence}, status=status)
