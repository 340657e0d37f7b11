"""Turns a service's refusal into an answer: a message on pages, 409 with the reason in the API."""

from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.defaults import bad_request, page_not_found
from rest_framework.response import Response
from rest_framework.views import exception_handler

Answer = TypeVar("Answer", bound=HttpResponseBase)


def is_refusal(error: Exception) -> bool:
    """By name, because config imports no app: config.errors.Refused and its children."""
    return any(kind.__name__ == "Refused" for kind in type(error).__mro__)


def nothing_done(answer: Answer) -> Answer:
    """Marks an answer that looks like a success and is none: a refusal sent back, a question."""
    answer.nothing_done = True  # type: ignore[attr-defined]
    return answer


def as_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's exception handler: a refusal is 409 with its sentence."""
    if is_refusal(error):
        return Response({"code": "refused", "detail": str(error)}, status=409)
    return exception_handler(error, context)


def for_program(request: HttpRequest) -> bool:
    """Does JSON answer, also where no view of the API was reached?"""
    return request.path.startswith("/api/")


def answer_400(request: HttpRequest, exception: Exception) -> HttpResponse:
    if for_program(request):
        return JsonResponse({"detail": "This request cannot be read."}, status=400)
    return bad_request(request, exception)


def answer_404(request: HttpRequest, exception: Exception) -> HttpResponse:
    if for_program(request):
        return JsonResponse({"detail": "There is nothing at this address."}, status=404)
    return page_not_found(request, exception)
