"""Pages of drafts: plan a study, change it, open it, back to the draft."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from config.asking import Question, asks
from config.errors import Refused
from config.web.roles import needs
from evaluation import services
from evaluation.api.ballots import voter_of
from evaluation.models import Study
from evaluation.views.forms import FREE, STAGES, VOTABLE, StudyForm, as_sent, initial_of
from evaluation.views.photo_choices import is_search
from evaluation.views.studies import admins_study


def _form(request: HttpRequest, stage: str, initial: dict[str, Any]) -> StudyForm:
    """Filled and to be saved, or as it was sent with other photos to tick."""
    if is_search(request.POST):
        return StudyForm(stage=stage, initial=initial | as_sent(request.POST, stage))
    return StudyForm(request.POST or None, stage=stage, initial=initial)


@needs("admin")
def new_study(request: HttpRequest) -> HttpResponse:
    """``?propose`` ticks production and the best versions by their validation."""
    stage = request.GET.get("stage", VOTABLE[0][0])
    if stage not in dict(STAGES):
        raise Http404
    shown, stage = stage, "" if stage == FREE else stage
    initial: dict[str, Any] = {}
    if "propose" in request.GET:
        initial["versions"] = [version.pk for version in services.propose(stage)]
    form = _form(request, stage, initial)
    if form.is_bound and form.is_valid():
        try:
            study = services.create_study(
                stage=stage, created_by=voter_of(request), **form.cleaned_data
            )
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            return redirect("study", study.number)
    context = {"form": form, "stage": shown, "stages": STAGES}
    status = 400 if form.errors else 200
    return render(request, "evaluation/new.html", context, status=status)


@needs("admin")
def change_study(request: HttpRequest, number: int) -> HttpResponse:
    """A draft can be changed in every part; an open study in none."""
    study = admins_study(request, number)
    if study.state != Study.State.DRAFT:
        raise Refused(f"{study} is not a draft any more: it stays as it is.")
    form = _form(request, study.stage, initial_of(study))
    if form.is_bound and form.is_valid():
        try:
            services.change_study(study=study, **form.cleaned_data)
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            return redirect("study", study.number)
    context = {"form": form, "stage": study.stage, "study": study}
    status = 400 if form.errors else 200
    return render(request, "evaluation/new.html", context, status=status)


def _deleting(request: HttpRequest, number: int) -> Question:
    study = admins_study(request, number)
    goes = f"Its question, {study.candidates.count()} candidates and choice of photos go for good."
    return Question(f"Delete the draft of {study}?", goes, "Delete the draft")


@require_POST
@needs("admin")
@asks(_deleting)
def delete_draft(request: HttpRequest, number: int) -> HttpResponse:
    services.delete_draft(study=admins_study(request, number))
    messages.success(request, "The draft is deleted.")
    return redirect("studies")


@require_POST
@needs("admin")
def open_study(request: HttpRequest, number: int) -> HttpResponse:
    services.open_study(study=admins_study(request, number), by=voter_of(request))
    messages.success(request, "The pictures are being made; the study opens when they are there.")
    return redirect("study", number)


@require_POST
@needs("admin")
def back_to_draft(request: HttpRequest, number: int) -> HttpResponse:
    services.give_up_preparing(study=admins_study(request, number))
    return redirect("study", number)
