"""Guests of a study: an admin's invitation, and the door that its link opens once."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from config.asking import Question, asks
from config.errors import Refused
from config.web.roles import needs, public
from evaluation.api.ballots import voter_of
from evaluation.api.guests import bind, cookie
from evaluation.models import Guest, Study
from evaluation.services import guests
from evaluation.views.studies import admins_study

SIGNED_IN = (
    "You are signed in, and an account votes for itself. Sign out to vote as a guest, or leave the "
    "link to whom it was meant for."
)


class GuestForm(forms.Form):
    name = forms.CharField(max_length=80, label="Name", help_text="For admins; no vote tells it.")
    quota = forms.IntegerField(min_value=1, label="Votes", help_text="Practice aside.")
    days = forms.IntegerField(
        min_value=1, max_value=guests.MOST_DAYS, label="Days", help_text="From now on."
    )

    def __init__(self, study: Study, data: QueryDict | None) -> None:
        most = guests.most_votes(study)
        super().__init__(data, initial={"quota": min(60, most), "days": 14})
        quota = self.fields["quota"]
        quota.widget.attrs["max"] = most
        quota.help_text = f"Practice aside; {most} at most, the largest share of one voter."


@needs("admin")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("address")
def invite(request: HttpRequest, number: int) -> HttpResponse:
    """The form; the answer to a post shows the link, this once."""
    study, address = admins_study(request, number), ""
    if not study.is_open:
        raise Refused("Guests are invited to an open study.")
    form = GuestForm(study, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = guests.invite(study=study, by=voter_of(request), **form.cleaned_data)
            address = guests.address(made[1])
        except Refused as reason:
            form.add_error(None, str(reason))
    context = {"study": study, "form": form, "address": address}
    status = 400 if form.errors else 200
    return render(request, "evaluation/invite_guest.html", context, status=status)


def _guest(request: HttpRequest, number: int, guest_id: int) -> Guest:
    return get_object_or_404(Guest, study=admins_study(request, number), pk=guest_id)


def _withdrawing(request: HttpRequest, number: int, guest_id: int) -> Question:
    row = _guest(request, number, guest_id)
    goes = "The link and the browser that opened it let nobody vote any more. Votes stay."
    return Question(f"Withdraw the invitation of {row.name}?", goes, "Withdraw")


@require_POST
@needs("admin")
@asks(_withdrawing)
def withdraw(request: HttpRequest, number: int, guest_id: int) -> HttpResponse:
    if _guest(request, number, guest_id).withdraw():
        messages.success(request, "The invitation is withdrawn. Votes that were cast stay.")
    return redirect("study", number)


def _forgetting(request: HttpRequest, number: int, guest_id: int) -> Question:
    row = _guest(request, number, guest_id)
    goes = "The name goes for good, and the way in with it. Votes stay, under nobody's name."
    return Question(f"Forget {row.name}?", goes, "Forget")


@require_POST
@needs("admin")
@asks(_forgetting)
def forget(request: HttpRequest, number: int, guest_id: int) -> HttpResponse:
    guests.forget(_guest(request, number, guest_id))
    messages.success(request, "The guest is forgotten.")
    return redirect("study", number)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token", "secret")
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Looking spends nothing, for mail programs look too; only the button does."""
    guest = Guest.objects.found(token)
    if guest is None:
        raise Http404
    number = guest.study.number
    if guest.opened_at is not None and _is_hers(request, guest):
        return redirect("vote", number)
    if request.user.is_authenticated:
        return _closed(request, SIGNED_IN, 409)
    if reason := guests.why_closed(guest):
        return _closed(request, reason, 410)
    if request.method != "POST":
        return render(request, "evaluation/guest.html", {"guest": guest, "study": guest.study})
    try:
        secret = guests.open_link(guest)
    except Refused as reason:  # somebody else came first
        return _closed(request, str(reason), 410)
    response = redirect("vote", number)
    bind(response, guest, secret)
    return response


def _is_hers(request: HttpRequest, guest: Guest) -> bool:
    """Whether this browser opened the link before."""
    kept = request.COOKIES.get(cookie(guest.study.number), "")
    return not request.user.is_authenticated and Guest.objects.holding(kept) == guest


def _closed(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    return render(request, "evaluation/guest_closed.html", {"reason": reason}, status=status)
