"""Middleware: a refused form post goes back with its sentence; no zero byte comes in."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render

from config.web.error_responses import for_program, is_refusal, nothing_done


class RefusedAsMessage:
    """Middleware: a refused form post goes back to its page with the sentence on top."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if not is_refusal(error):
            return None
        back = request.headers.get("Referer", "")
        if request.method == "POST" and back.startswith(
            f"{request.scheme}://{request.get_host()}/"
        ):
            messages.error(request, str(error))
            return nothing_done(redirect(back))
        return render(request, "refused.html", {"reason": str(error)}, status=409)


class NoNulls:
    """Middleware: a zero byte in an address is 400; PostgreSQL would refuse it with an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.get_full_path():
            reason = "An address has no zero bytes."
            if for_program(request):
                return JsonResponse({"detail": reason}, status=400)
            return HttpResponse(f"{reason}\n", status=400, content_type="text/plain")
        return self.get_response(request)
