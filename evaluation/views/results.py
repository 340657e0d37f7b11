"""Pages of results: the ranking, early looks, promotion, overrides, exports."""

import json
import math
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from config.errors import Refused
from config.web.roles import needs
from evaluation import services
from evaluation.api.ballots import voter_of
from evaluation.models import BlindCopy, Study
from evaluation.services import code_names, exports, guests, vote_log
from evaluation.statistics.e_values import log_bar
from evaluation.statistics.figures import Headline, Ranking, Result
from evaluation.views import charts
from evaluation.views.studies import admins_study
from photos import storage


@dataclass(frozen=True)
class Side:
    """One candidate of a disputed pair: its name, its wins on this photo, the picture shown."""

    name: str
    wins: int
    copy: BlindCopy | None


@dataclass(frozen=True)
class Disputed:
    """A pair on a photo that split voters, beside the damaged original."""

    original: BlindCopy
    pair: list[Side]


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


def _results(request: HttpRequest, study: Study, result: Result, *, interim: bool) -> HttpResponse:
    headline = result.get("headline")
    shown: Result = {**result, **_ranking(headline)} if headline else result
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
        "guests": guests.voted(study),
        "conflicts": study.conflicts.count(),
        "eyes": study.colour_checks.filter(passed=False).count(),
        "broken": vote_log.chain_break(study),
        "production": services.in_production(study),
        "from_files": _from_files(study),
        "outside": charts.outside_rows(study.plan, code_names.labels(study)),
        "left_out": len(study.plan.get("left_out", [])),
        "bar": math.exp(log_bar(len(result["candidates"]), study.alpha)),
    }
    return render(request, "evaluation/results.html", context)


def _from_files(study: Study) -> bool:
    """Whether what won has no weights, so that nothing can be promoted."""
    winner = services.winner_of(study)
    return winner is not None and winner.version is None


def _ranking(headline: Headline) -> Ranking:
    """The headline without its weights: what stands in the tally's place."""
    return {
        "strengths": headline["strengths"],
        "intervals": headline["intervals"],
        "ranks": headline["ranks"],
        "rank_ranges": headline["rank_ranges"],
        "jod": headline["jod"],
    }


def _quarrels(study: Study, result: Result) -> list[Disputed]:
    """The most disputed pairs with the pictures that were shown."""
    places = {name: position for position, name in enumerate(code_names.labels(study))}
    rows: list[Disputed] = []
    for row in result.get("quarrels", []):
        found = study.blind_copies.filter(photo=UUID(row["photo"])).select_related("candidate")
        copies = {copy.place: copy for copy in found}
        original = copies.get(None)
        pair = [
            Side(name, wins, copies.get(places[name]))
            for name, wins in zip((row["first"], row["second"]), row["wins"], strict=True)
        ]
        if original is not None and all(side.copy for side in pair):
            rows.append(Disputed(original, pair))
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
    messages.success(request, f"Your word is kept. Overrides: {given} of {services.MIN_OVERRIDES}.")
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
    return HttpResponse(storage.read(row.image), content_type="image/png")


@needs("admin")
def export(request: HttpRequest, number: int) -> HttpResponse:
    """The whole log as a zip, without a candidate's name; of an open study that is a look."""
    study = admins_study(request, number)
    if not study.digest:
        raise Refused("This study has never been open: there is nothing to export.")
    archive = services.export(study=study, by=voter_of(request))
    response = HttpResponse(archive, content_type="application/zip")
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
