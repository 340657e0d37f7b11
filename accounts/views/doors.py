"""Doors for whoever is not signed in: a link that opens once, and a forgotten password."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from accounts.mail.outbox import mail_is_set_up
from accounts.models import OneUseLink
from accounts.people import links
from accounts.people.forms import ForgotForm, JoinForm, NewPasswordForm
from config.errors import Refused
from config.web.client_address import client_address, neighbourhood
from config.web.roles import public

ASKS_AN_HOUR = 10  # of one address


@public
@never_cache
@sensitive_post_parameters()
@sensitive_variables("token", "link")
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Looking spends nothing, for mail programs look too; only the form does."""
    link = OneUseLink.objects.found(token)
    if link is None:
        return render(request, "accounts/link_ended.html", status=404)
    form = _form(request, link)
    if request.method == "POST" and form.is_valid():
        try:
            _enter(link, form)
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, "Sign in with your new password.")
            return redirect("login")
    context = {"form": form, "link": link, "joins": link.person is None}
    return render(request, "accounts/open_link.html", context, status=400 if form.errors else 200)


def _form(request: HttpRequest, link: OneUseLink) -> JoinForm | NewPasswordForm:
    if link.person is not None:
        return NewPasswordForm(link.person, request.POST or None)
    given = {"username": link.name, "email": link.email}
    return JoinForm(User(), request.POST or None, initial=given)


def _enter(link: OneUseLink, form: JoinForm | NewPasswordForm) -> None:
    password = form.cleaned_data["new_password1"]
    if link.person is not None:
        links.choose_password(link, password)
        return
    given = form.cleaned_data
    links.join(link, username=given["username"], email=given["email"], password=password)


@public
@never_cache
def forgot(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether there is such an account or not."""
    if not mail_is_set_up():
        raise Http404("Mail is not set up.")
    form = ForgotForm(request.POST or None)
    asked = request.method == "POST" and form.is_valid()
    if asked and _may_ask(request):
        links.forgot(form.cleaned_data["account"].strip())
    context = {"form": form, "asked": asked}
    return render(request, "accounts/forgot.html", context, status=400 if form.errors else 200)


def _may_ask(request: HttpRequest) -> bool:
    key = f"forgot-{neighbourhood(client_address(request))}"
    cache.add(key, 0, 3600)
    try:
        return bool(cache.incr(key) <= ASKS_AN_HOUR)
    except ValueError:  # it ended between the two
        return True
