"""What the owner of a restoration decides: delete, say what went wrong, give leave or not."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from config.asking import Question, asks
from config.errors import Refused
from config.web.roles import public
from pipeline import services
from pipeline.models import Restoration
from pipeline.services import feedback, gallery
from pipeline.views.forms import FeedbackForm, ShowForm
from pipeline.views.result import by_token


def _own(request: HttpRequest, token: str) -> Restoration:
    """Whoever holds a visitor's address owns it; a lab photo belongs to the lab's staff."""
    row = by_token(token)
    if not row.may_be_erased_by(request.user):
        raise PermissionDenied("This photograph belongs to the lab: its staff decide about it.")
    return row


def _erasing(request: HttpRequest, token: str) -> Question:
    row = _own(request, token)
    versions = list(row.versions)
    if "only" in request.POST and len(versions) > 1:
        title = f"Delete this version of “{row.photo}”?"
        return Question(
            title, f"{_pictures([row])} go for good; the other versions stay.", "Delete"
        )
    goes = f"The photograph and {_pictures(versions)} go for good, also from the gallery."
    return Question(f"Delete “{row.photo}”?", goes, "Delete now")


def _pictures(versions: list[Restoration]) -> str:
    """What was made, counted."""
    count = sum(len(version.downloads) for version in versions)
    told = "1 picture" if count == 1 else f"{count} pictures"
    return told if len(versions) == 1 else f"{told} of {len(versions)} versions"


def _taking_leave_back(request: HttpRequest, token: str) -> Question | None:
    row = _own(request, token)
    if "allow" in request.POST:
        return None
    goes = (
        "The lab's staff no longer see it, and masks that they painted of it, your words and your "
        "marks teach no network from now on. You can allow it again; what a network has learnt "
        "already stays learnt."
    )
    return Question(f"Take your leave back for “{row.photo}”?", goes, "Take it back")


def _taking_down(request: HttpRequest, token: str) -> Question | None:
    row = _own(request, token)
    if "withdraw" not in request.POST:
        return None
    goes = "Its address there and its caption go for good; the photograph stays here."
    return Question(f"Take “{row.photo}” out of the gallery?", goes, "Take it out")


@public
@require_POST
@asks(_erasing)
def restoration_erase(request: HttpRequest, token: str) -> HttpResponse:
    """Everything at once, or this version alone."""
    row = _own(request, token)
    others = [each for each in row.versions if each.pk != row.pk]
    if "only" in request.POST and others:
        services.erase(row)
        messages.success(request, "This version is deleted; the others stay.")
        return redirect(others[-1])
    services.erase_all(row)
    messages.success(request, "The photograph and everything made of it are deleted.")
    return redirect("restore")


@public
@require_POST
def restoration_again(request: HttpRequest, token: str) -> HttpResponse:
    """Another attempt after a failure; of a truncated file, with what is there."""
    row = by_token(token)
    services.restore_again(row, salvage="salvage" in request.POST)
    return redirect(row)


@public
@require_POST
def restoration_feedback(request: HttpRequest, token: str) -> HttpResponse:
    """What went wrong. Only with leave does it reach the lab's assessors."""
    row = _own(request, token)
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        raise Refused(next(str(said[0]) for said in form.errors.values()))
    feedback.say_what_went_wrong(row, **form.cleaned_data)
    if form.cleaned_data["training_allowed"]:
        messages.success(request, "Thank you. An assessor will mark what the network missed.")
    else:
        messages.success(request, "Thank you. The lab reads your words, not the photograph.")
    return redirect(row)


@public
@require_POST
def restoration_name(request: HttpRequest, token: str) -> HttpResponse:
    """What its owner calls it: on pages and in the names of downloads."""
    row = _own(request, token)
    title = " ".join(request.POST.get("title", "").split())
    if not 0 < len(title) <= 200 or "\x00" in title:
        raise Refused("A title has 1 to 200 letters.")
    services.rename(row, title)
    return redirect(row)


@public
@require_POST
@asks(_taking_leave_back)
def restoration_leave(request: HttpRequest, token: str) -> HttpResponse:
    """May the lab learn from it? The later answer counts."""
    row = _own(request, token)
    if "allow" in request.POST:
        feedback.allow(row.photo)
        messages.success(request, "Thank you. The lab may learn from this photograph.")
    else:
        feedback.withdraw(row.photo)
        messages.success(request, "The lab no longer sees or learns from this photograph.")
    return redirect(row)


@public
@require_POST
@asks(_taking_down)
def restoration_show(request: HttpRequest, token: str) -> HttpResponse:
    """May it hang in the gallery? Taking leave back takes it down at once."""
    row = _own(request, token)
    form = ShowForm(request.POST)
    if "withdraw" in request.POST:
        gallery.withdraw(row)
        messages.success(request, "It is out of the gallery, and its address there is gone.")
    elif not form.is_valid():
        raise Refused("A caption has at most 200 letters.")
    else:
        gallery.allow(row, caption=form.cleaned_data["caption"])
        messages.success(request, "Thank you. The staff may now choose it for the gallery.")
    return redirect(row)
