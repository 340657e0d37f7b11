"""The inbox of notices, and how one wants them by mail."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.mail.notices import choice_of
from accounts.mail.outbox import mail_is_set_up, post
from accounts.models import MailChoice, Notice, NoticeKind, Pace
from config.web.capped_count import Pages
from config.web.roles import signed_in

A_PAGE = 50


class MailForm(forms.Form):
    """`kinds` are those that come; what is left out is muted."""

    email = forms.EmailField(required=False, label="E-mail address")
    pace = forms.ChoiceField(choices=Pace.choices, label="How often")
    kinds = forms.MultipleChoiceField(
        choices=NoticeKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="By mail, tell me when",
    )


@signed_in
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    choice = choice_of(user)
    kinds = [kind for kind in NoticeKind.values if kind not in choice.muted]
    form = MailForm(initial={"email": user.email, "pace": choice.pace, "kinds": kinds})
    return _page(request, form)


def _page(request: HttpRequest, form: MailForm) -> HttpResponse:
    rows = Notice.objects.filter(person=cast(User, request.user))
    context: dict[str, Any] = {
        "page": Pages(rows, A_PAGE).get_page(request.GET.get("page")),
        "unread": rows.unread().exists(),
        "form": form,
        "mail": mail_is_set_up(),
    }
    status = 400 if form.errors else 200
    return render(request, "accounts/inbox.html", context, status=status)


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    Notice.objects.filter(person=cast(User, request.user)).unread().update(read_at=Now())
    return redirect("inbox")


CHANGED = """\
The e-mail address of your account {name} at {site} was changed: letters go to another one now,
links for a new password too. If it was not you, tell an admin at once.
"""


def _change_address(user: User, address: str) -> None:
    """The old one is told: who finds a screen open must not take the account without a word."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(email=address)
        if user.email and user.email != address and mail_is_set_up():
            text = CHANGED.format(name=user.username, site=settings.PUBLIC_URL)
            post(to=user.email, person=user, kind="address", subject="Another address", body=text)


@signed_in
@require_POST
def choose_mail(request: HttpRequest) -> HttpResponse:
    user, form = cast(User, request.user), MailForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    given = form.cleaned_data
    muted = [kind for kind in NoticeKind.values if kind not in given["kinds"]]
    MailChoice.objects.update_or_create(
        person=user, defaults={"pace": given["pace"], "muted": muted}
    )
    _change_address(user, given["email"])
    messages.success(request, "Your choice is kept.")
    return redirect("inbox")
