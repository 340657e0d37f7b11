"""One's own tokens: make, see once, revoke."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from accounts import services
from accounts.forms import TokenForm
from accounts.models import ApiToken
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


@signed_in
@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=number, user=cast(User, request.user))
    if token.revoke():
        messages.success(request, f"{token.name} is revoked: it opens nothing any more.")
    return redirect("tokens")
