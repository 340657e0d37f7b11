"""One's own second factor: set up, prove, see the recovery codes once, turn off."""

from base64 import b32encode
from typing import cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from accounts.people.sessions import end_sessions
from accounts.second_factor import codes, qr
from config.errors import Refused
from config.web.roles import signed_in


class CodeForm(forms.Form):
    code = forms.CharField(
        max_length=20, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )


@signed_in
@never_cache
@sensitive_variables("device", "address", "context", "shown")
def second_factor(request: HttpRequest) -> HttpResponse:
    """The answer to the right code shows the recovery codes, this once."""
    user, shown = cast(User, request.user), []
    if settings.SECOND_FACTOR == codes.OFF and not codes.has_device(user):
        raise Http404("No second factor on this site.")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            shown = codes.confirm(user, form.cleaned_data["code"])
            end_sessions(user, but=request.session.session_key)
        except Refused as reason:
            form.add_error("code", str(reason))
    on = codes.has_device(user)
    context = {
        "form": form,
        "shown": shown,
        "on": on,
        "required": settings.SECOND_FACTOR == codes.REQUIRED,
    }
    if not on:
        device = codes.new_device(user)
        address = device.config_url
        context |= {"key": b32encode(device.bin_key).decode(), "address": address}
        context["code"] = qr.drawn(address)
    status = 400 if form.errors else 200
    return render(request, "accounts/second_factor.html", context, status=status)


@signed_in
@require_POST
def turn_off(request: HttpRequest) -> HttpResponse:
    """With a code: a screen left open must not be enough."""
    user = cast(User, request.user)
    if not codes.opens(user, request.POST.get("code", "")):
        raise Refused("This code is wrong or was used: wait for the next one.")
    codes.remove(user)
    messages.success(request, "Your second factor is off.")
    return redirect("second_factor" if settings.SECOND_FACTOR != codes.OFF else "home")
