"""One's own tokens: make, see once, revoke."""

import tempfile
from typing import BinaryIO, cast

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from accounts import services, time_zones
from accounts.forms import TimeZoneForm, TokenForm
from accounts.models import ApiToken
from accounts.personal import taking_home
from config.asking import Question, asks
from config.web.roles import signed_in


@signed_in
@never_cache
@sensitive_variables("secret")
def tokens(request: HttpRequest) -> HttpResponse:
    """The list and the form; the answer to a post shows the new secret, and only that one."""
    user, secret = cast(User, request.user), ""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            secret = services.make_token(user=user, **form.cleaned_data)[1]
            form = TokenForm()
        except services.TooMany as reason:
            form.add_error(None, str(reason))
    context = {
        "form": form,
        "secret": secret,
        "tokens": ApiToken.objects.usable().filter(user=user),
    }
    return render(request, "accounts/tokens.html", context, status=400 if form.errors else 200)


def _revoking(request: HttpRequest, number: int) -> Question:
    token = get_object_or_404(ApiToken, pk=number, user=cast(User, request.user))
    goes = "Programs that use it are locked out at once, and it cannot be given back."
    return Question(f"Revoke {token.name}?", goes, "Revoke")


@signed_in
@require_POST
@asks(_revoking)
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=number, user=cast(User, request.user))
    if token.revoke():
        messages.success(request, f"{token.name} is revoked: it opens nothing any more.")
    return redirect("tokens")


@signed_in
@never_cache
@require_safe
def own_data(request: HttpRequest) -> HttpResponse:
    """What is kept of the person who looks: how many rows of what, and two buttons."""
    counts = [
        (capfirst(apps.get_model(name)._meta.verbose_name_plural), count)
        for name, count in taking_home.counts_of(cast(User, request.user)).items()
    ]
    return render(request, "accounts/data.html", {"counts": counts})


@signed_in
@never_cache
@require_POST
def take_home(request: HttpRequest) -> HttpResponseBase:
    """All of it as a file: JSON, or a ZIP with the pictures."""
    user = cast(User, request.user)
    if request.POST.get("form") == "json":
        answer = HttpResponse(taking_home.as_json(user), content_type="application/json")
        answer["Content-Disposition"] = 'attachment; filename="heirloom.json"'
        return answer
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  (the answer closes it)
    try:
        taking_home.write_zip(user, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="heirloom.zip")


@signed_in
@never_cache
def time_zone(request: HttpRequest) -> HttpResponse:
    """In which zone this person reads dates."""
    form = TimeZoneForm(request.POST or None, initial={"time_zone": time_zones.own_zone(request)})
    if request.method == "POST" and form.is_valid():
        time_zones.choose(request, cast(User, request.user), form.cleaned_data["time_zone"])
        messages.success(request, "Dates are told in your time zone.")
        return redirect("time_zone")
    context = {"form": form, "now": timezone.now()}
    return render(request, "accounts/time_zone.html", context, status=400 if form.errors else 200)
