"""Verbs that cannot be undone ask first, naming what goes: a dialog, or without script a page."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from config.errors import Refused
from config.web.error_responses import nothing_done

View = Callable[..., HttpResponseBase]
SURE, BACK = "sure", "back"


class Question(NamedTuple):
    """What is asked, what goes with it, and the verb on the button."""

    title: str
    goes: str
    verb: str


def asks(question: Callable[..., Question | None]) -> Callable[[View], View]:
    """The view acts on a POST that says ``sure``; any other is answered with the question.

    ``question`` takes what the view takes and may refuse as it does; None asks nothing.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method != "POST":
                return view(request, *args, **kwargs)
            if SURE not in request.POST:
                asked = question(request, *args, **kwargs)
                return _ask(request, asked) if asked else view(request, *args, **kwargs)
            return _act(view, request, *args, **kwargs)

        return asking

    return mark


def _ask(request: HttpRequest, asked: Question) -> HttpResponseBase:
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    context = {"asked": asked, "sent": sent, "back": _back(request, request.headers.get("Referer"))}
    answer = render(request, "asking.html", context)
    answer["X-Asked"] = "1"
    return nothing_done(answer)


def _act(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """A refusal goes back to the page that had the button, not to the question."""
    try:
        return view(request, *args, **kwargs)
    except Refused as reason:
        if BACK not in request.POST:
            raise
        messages.error(request, str(reason))
        return nothing_done(redirect(_back(request, request.POST[BACK])))


def _back(request: HttpRequest, address: str | None) -> str:
    """An address of this site alone."""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if address and ours else "/"
