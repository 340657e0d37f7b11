"""Pages of studies: a list for all who vote, planning and results for admins."""

import json
import math
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from annotate import blobs
from config.roles import may, needs
from evaluation import charts, exports, issuing, ledger, lessons, naming, services, strata, voting
from evaluation.api import own_votes, voter_of
from evaluation.evidence import log_bar
from evaluation.forms import VOTABLE, StudyForm, initial_of
from evaluation.models import Study
from jobs.errors import Refused


@never_cache
@needs("voter")
def studies(request: HttpRequest) -> HttpResponse:
    """Voters see the open ones, without anything that tells candidates apart."""
    voter = voter_of(request)
    rows = [
        {
            "study": study,
            "own": own_votes(study, voter),
            "author": study.has_author(voter),
            "practised": not study.training or lessons.passed(study, voter),
        }
        for study in Study.objects.open()
    ]
    everything = Study.objects.all() if may(voter, "admin") else Study.objects.none()
    context = {"rows": rows, "studies": everything, "stages": VOTABLE}
    return render(request, "evaluation/studies.html", context)


@never_cache
@needs("voter")
def vote_page(request: HttpRequest, number: int) -> HttpResponse:
    study = get_object_or_404(Study.objects.exclude(state=Study.State.DRAFT), number=number)
    if not study.is_open:
        raise Refused(voting.CLOSED if study.closed_at else "This study is not open yet.")
    voter = voter_of(request)
    until = issuing.resting_until(study, voter)
    if until is not None:
        return render(request, "evaluation/rest.html", {"study": study, "until": until})
    context = {
        "study": study,
        "reasons": voting.REASONS,
        "places": range(1, study.ballot_size + 1),
        "colour_checked": study.colour_checks.filter(user=voter).exists(),
    }
    return render(request, "evaluation/vote.html", context)


def admins_study(request: HttpRequest, number: int) -> Study:
    """An admin who votes in an open study has lost its admin pages."""
    study = get_object_or_404(Study, number=number)
    if study.is_open and study.ballots.filter(voter=voter_of(request)).exists():
        raise Refused(
            "You vote in this study, so its other pages stay closed to you until it ends."
        )
    return study


@needs("admin")
def new_study(request: HttpRequest) -> HttpResponse:
    """``?propose`` ticks production and the best versions by their validation."""
    stage = request.GET.get("stage", VOTABLE[0][0])
    if stage not in dict(VOTABLE):
        raise Http404
    initial = {}
    if "propose" in request.GET:
        initial["versions"] = [version.pk for version in services.propose(stage)]
    form = StudyForm(request.POST or None, stage=stage, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            study = services.create_study(
                stage=stage, created_by=voter_of(request), **form.cleaned_data
            )
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            return redirect("study", study.number)
    context = {"form": form, "stage": stage, "stages": VOTABLE}
    status = 400 if form.errors else 200
    return render(request, "evaluation/new.html", context, status=status)


@needs("admin")
def change_study(request: HttpRequest, number: int) -> HttpResponse:
    """A draft can be changed in every part; an open study in none."""
    study = admins_study(request, number)
    if study.state != Study.State.DRAFT:
        raise Refused(f"{study} is not a draft any more: it stays as it is.")
    form = StudyForm(request.POST or None, stage=study.stage, initial=initial_of(study))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_study(study=study, **form.cleaned_data)
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            return redirect("study", study.number)
    context = {"form": form, "stage": study.stage, "study": study}
    status = 400 if form.errors else 200
    return render(request, "evaluation/new.html", context, status=status)


@require_POST
@needs("admin")
def delete_draft(request: HttpRequest, number: int) -> HttpResponse:
    services.delete_draft(study=admins_study(request, number))
    messages.success(request, "The draft is deleted.")
    return redirect("studies")


@never_cache
@needs("admin")
def study_page(request: HttpRequest, number: int) -> HttpResponse:
    study = admins_study(request, number)
    votes = study.votes.standing()
    context = {
        "study": study,
        "candidates": study.candidates.select_related("version"),
        "photos": study.photos.select_related("thumbnail"),
        "votes": votes.count(),
        "voters": votes.values("voter_pseudonym").distinct().count(),
        "job": study.job,
        "weights": [(name, 100 * float(share)) for name, share in _weights(study).items()],
    }
    return render(request, "evaluation/study.html", context)


def _weights(study: Study) -> dict[str, float]:
    """Registered, or as they will be; one category needs none."""
    photos = [{"category": album} for album in study.photos.values_list("album", flat=True)]
    found = study.plan.get("weights") or strata.weights_of(photos, study.weights)
    return dict(found) if len(found) > 1 else {}


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


@require_POST
@needs("admin")
def close_study(request: HttpRequest, number: int) -> HttpResponse:
    services.close_study(study=admins_study(request, number), by=voter_of(request))
    return redirect("results", number)


@never_cache
@needs("admin")
def result_page(request: HttpRequest, number: int) -> HttpResponse:
    study = admins_study(request, number)
    if study.state != Study.State.CLOSED:
        raise Refused("Results are shown when the study is closed.")
    return _results(request, study, services.told(study), interim=False)


@never_cache
@require_POST
@needs("admin")
def interim(request: HttpRequest, number: int) -> HttpResponse:
    """Looking early is allowed, logged, and never changes what counts."""
    study = admins_study(request, number)
    if not study.is_open:
        raise Refused("Only an open study has interim results.")
    found = services.peek(study=study, by=voter_of(request))
    return _results(request, study, found, interim=True)


def _results(
    request: HttpRequest, study: Study, result: dict[str, Any], *, interim: bool
) -> HttpResponse:
    headline = result.get("headline")
    shown = result | headline if headline else result
    context = {
        "study": study,
        "result": result,
        "interim": interim,
        "headline": headline,
        "rows": charts.ranking_rows(shown),
        "zero": charts.zero(shown),
        "matrix": charts.win_matrix(shown),
        "categories": charts.category_rows(shown),
        "tags": charts.tag_rows(shown),
        "flagged": charts.flagged_rows(result),
        "lines": charts.evidence_lines(result),
        "quarrels": [] if interim else _quarrels(study, result),
        "peeks": study.peeks.select_related("user"),
        "overrides": study.overrides.select_related("user"),
        "conflicts": study.conflicts.count(),
        "eyes": study.colour_checks.filter(passed=False).count(),
        "broken": ledger.chain_break(study),
        "production": services.in_production(study),
        "bar": math.exp(log_bar(len(result["candidates"]), study.alpha)),
    }
    return render(request, "evaluation/results.html", context)


def _quarrels(study: Study, result: dict[str, Any]) -> list[dict[str, Any]]:
    """The most disputed pairs with the pictures that were shown."""
    places = {name: position for position, name in enumerate(naming.labels(study))}
    rows = []
    for row in result.get("quarrels", []):
        found = study.blind_copies.filter(photo=row["photo"]).select_related("candidate")
        copies = {copy.place: copy for copy in found}
        original = copies.get(None)
        pair = [
            {"name": name, "wins": wins, "copy": copies.get(places[name])}
            for name, wins in zip((row["first"], row["second"]), row["wins"], strict=True)
        ]
        if original is not None and all(side["copy"] for side in pair):
            rows.append({"original": original, "pair": pair})
    return rows


@require_POST
@needs("admin")
def promote(request: HttpRequest, number: int) -> HttpResponse:
    study = admins_study(request, number)
    promotion = services.promote_winner(study=study, by=voter_of(request))
    messages.success(request, f"{promotion.version} is in production now.")
    return redirect("results", number)


@require_POST
@needs("admin")
def override(request: HttpRequest, number: int) -> HttpResponse:
    """An admin's word against a failed guard; two of them open the way."""
    study = admins_study(request, number)
    given = services.override_guards(
        study=study, by=voter_of(request), text=request.POST.get("text", "")
    )
    messages.success(request, f"Your word is kept. Overrides: {given} of {services.OVERRIDES}.")
    return redirect("results", number)


@never_cache
@require_safe
@needs("admin")
def copy(request: HttpRequest, number: int, copy: int) -> HttpResponse:
    """A picture of a closed study, for its result page."""
    study = admins_study(request, number)
    row = study.blind_copies.filter(pk=copy).first()
    if row is None or row.image is None or study.state != Study.State.CLOSED:
        raise Http404
    return HttpResponse(blobs.read(row.image), content_type="image/png")


@needs("admin")
def export(request: HttpRequest, number: int) -> HttpResponse:
    """The whole log as a zip, without a candidate's name."""
    study = admins_study(request, number)
    if not study.digest:
        raise Refused("This study has never been open: there is nothing to export.")
    response = HttpResponse(exports.as_zip(study), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="study-{study.number}.zip"'
    return response


@needs("admin")
def blind_key(request: HttpRequest, number: int) -> HttpResponse:
    """Which candidate is which: a file of its own, for whoever analyses blind first."""
    study = admins_study(request, number)
    if study.state != Study.State.CLOSED:
        raise Refused("The key is given out when the study is closed.")
    response = HttpResponse(
        json.dumps(exports.key(study), indent=2), content_type="application/json"
    )
    response["Content-Disposition"] = f'attachment; filename="study-{study.number}-key.json"'
    return response
