"""Another version of a result: with another strength, with answers, or with its owner's mask."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from annotate.services.strokes import body_limit
from config.errors import Refused
from config.web.roles import public
from pipeline import services
from pipeline.services import corrections
from pipeline.services.questions import answers as answering
from pipeline.services.uploads.throttles import upload_allowed
from pipeline.services.visitor_session import remember
from pipeline.views.corrector_page import page_of
from pipeline.views.forms import VariantForm
from pipeline.views.result import by_token

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
def restoration_answers(request: HttpRequest, token: str) -> HttpResponse:
    """Yes and no to what was left: what is repaired by them is all that is computed again."""
    row = by_token(token)
    said = {"yes": True, "no": False}
    names = [each["id"] for each in answering.asked_by(row)]
    answers = {name: said[request.POST[name]] for name in names if request.POST.get(name) in said}
    if not answers:
        raise Refused("Say yes or no to one of the questions first.")
    if not upload_allowed(request, 1):
        raise Refused(TOO_MANY)
    made = answering.answer_and_restore_later(row, answers)
    remember(request, made)
    return redirect(made)


@public
@require_safe
def restoration_mask(request: HttpRequest, token: str) -> HttpResponse:
    """The light painter over what was found, for its owner to correct."""
    row = by_token(token)
    if row.mask is None:
        raise Refused("There is no mask to correct yet: wait until the restoration is done.")
    context = {"restoration": row, "photo": row.photo, "painter": page_of(row).attributes()}
    return render(request, "pipeline/correct.html", context)


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
