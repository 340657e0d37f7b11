"""Signing in through the provider: there, back, and whether an account of before is one's own."""

import logging
import time
from typing import Any, cast

from django.contrib import auth, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET
from mozilla_django_oidc.views import OIDCAuthenticationRequestView

from accounts import audit
from accounts.second_factor.wall import BY_PROVIDER
from accounts.single_sign_on import people, setup
from accounts.single_sign_on.provider import Provider
from accounts.single_sign_on.setup import SignOnRefused
from config.errors import Refused
from config.web.roles import public, signed_in

log = logging.getLogger(__name__)
BACKEND = "accounts.second_factor.backend.PasswordAndCode"  # reads the account at each request
STATES, PENDING = "oidc_states", "sign_on_pending"
STATE_SECONDS = 600  # that one may take at the provider
STALE = "This sign-in was begun elsewhere or too long ago: begin again."


@public
@never_cache
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """A link and no form: the content policy lets no form lead to another site."""
    _must_be_on()
    try:
        _must_be_sound()
    except SignOnRefused as reason:
        return _refused(request, reason)
    answer: HttpResponse = OIDCAuthenticationRequestView.as_view()(request)
    return answer


@public
@never_cache
@require_GET
@sensitive_variables()
def back(request: HttpRequest) -> HttpResponse:
    """Where the provider sends people back to. Nothing of its address is shown or written down."""
    _must_be_on()
    try:
        _must_be_sound()
        claims = people.read(_claims(request))
        if request.user.is_authenticated and people.known(claims) is None:
            return _ask(request, claims)
        user, changed = people.enter(claims)
    except SignOnRefused as reason:
        return _refused(request, reason)
    after = request.session.pop("oidc_login_next", None)
    auth.login(request, user, backend=BACKEND)
    request.session[BY_PROVIDER] = True
    if changed:
        audit.note(request, "roles by the sign-in provider", roles=", ".join(sorted(claims.roles)))
    return redirect(after or resolve_url("work"))


@signed_in
@never_cache
def link(request: HttpRequest) -> HttpResponse:
    """By a form of ours: else a stranger could link his account there to somebody's here."""
    _must_be_on()
    user = cast(User, request.user)
    pending = request.session.get(PENDING) or {}
    if pending.get("person") != user.pk:
        raise Refused("There is nothing to link: begin at the sign-in provider.")
    if request.method != "POST":
        return render(request, "accounts/sign_on_link.html", pending)
    del request.session[PENDING]
    people.link(user, pending["subject"])
    messages.success(request, "Linked: next time you may sign in through the provider.")
    return redirect("work")


def _must_be_on() -> None:
    if not setup.is_on():
        raise Http404("No single sign-on on this site.")


def _must_be_sound() -> None:
    if setup.problems():
        sentence = "Single sign-on is not set up completely: `manage.py check` tells an admin why."
        raise SignOnRefused(sentence, "not set up completely", status=503)


def _refused(request: HttpRequest, reason: SignOnRefused) -> HttpResponse:
    log.warning("single sign-on refused: %s", reason.why)
    context = {"reason": str(reason)}
    return render(request, "accounts/sign_on_refused.html", context, status=reason.status)


def _claims(request: HttpRequest) -> dict[str, Any]:
    """Spends the state of this browser; what the provider calls an error is not repeated."""
    states = request.session.get(STATES)
    facts = states.pop(request.GET.get("state", ""), None) if isinstance(states, dict) else None
    if facts is None or time.time() - facts["added_on"] > STATE_SECONDS:
        raise SignOnRefused(STALE, "no such state", status=400)
    request.session[STATES] = states
    request.session.save()  # before the provider is asked: of two who bring it, one comes in
    if "code" not in request.GET:
        raise SignOnRefused("The sign-in provider did not let you in.", "the provider said no")
    return Provider().claims(
        code=request.GET["code"],
        nonce=facts["nonce"],
        verifier=facts["code_verifier"],
        came_back_to=request.build_absolute_uri(reverse("sign_on_back")),
    )


def _ask(request: HttpRequest, claims: people.Claims) -> HttpResponse:
    user = cast(User, request.user)
    request.session[PENDING] = {
        "person": user.pk,
        "subject": claims.subject,
        "there": claims.name,
        "given": ", ".join(sorted(claims.roles)),
    }
    return redirect("sign_on_link")
