"""Pages of studies: a list and the ballot for all who vote, one study for admins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from config.asking import Question, asks
from config.errors import Refused
from config.web.capped_count import Pages
from config.web.roles import may, needs, passes
from evaluation import services
from evaluation.api.ballots import own_counts, voter_of
from evaluation.api.guests import guest_of, is_guest
from evaluation.models import Study
from evaluation.services import ballots, guests, training_round, votes
from evaluation.statistics import strata

STUDIES_PER_PAGE, PHOTOS_PER_PAGE = 50, 200


@never_cache
@needs("voter")
def studies(request: HttpRequest) -> HttpResponse:
    """Voters see the open ones, without anything that tells candidates apart."""
    voter = voter_of(request)
    open_ones = Study.objects.open().select_related("checkpoint")
    own = own_counts(list(open_ones), voter)
    authored = set(open_ones.authored_by(voter).values_list("pk", flat=True))
    looked = set(open_ones.filter(peeks__user=voter).values_list("pk", flat=True))
    rows = [
        {
            "study": study,
            "own": own.get(study.pk, 0),
            "author": study.pk in authored,
            "looked": study.pk in looked,
            "enough": ballots.takes_no_more(study),
            "practised": not study.training or training_round.passed(study, voter),
        }
        for study in open_ones
    ]
    everything = Study.objects.all() if may(voter, "admin") else Study.objects.none()
    page = Pages(everything, STUDIES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "evaluation/studies.html", {"rows": rows, "page": page})


@never_cache
@passes(is_guest)
@needs("voter")
def vote_page(request: HttpRequest, number: int) -> HttpResponse:
    study = get_object_or_404(Study.objects.exclude(state=Study.State.DRAFT), number=number)
    if not study.is_open:
        raise Refused(votes.CLOSED if study.closed_at else "This study is not open yet.")
    voter, guest = voter_of(request), guest_of(request)
    guests.check(study, voter)
    until = ballots.resting_until(study, voter)
    if until is not None:
        return render(
            request, "evaluation/rest.html", {"study": study, "until": until, "guest": guest}
        )
    context = {
        "study": study,
        "guest": guest,
        "reasons": votes.REASONS,
        "places": range(1, study.ballot_size + 1),
        "colour_checked": study.colour_checks.filter(user=voter).exists(),
        "author": study.has_author(voter),
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


@never_cache
@needs("admin")
def study_page(request: HttpRequest, number: int) -> HttpResponse:
    study = admins_study(request, number)
    standing = study.votes.standing()
    context = {
        "study": study,
        "candidates": study.candidates.select_related("version", "rival"),
        "page": Pages(study.photos.all(), PHOTOS_PER_PAGE).get_page(request.GET.get("page")),
        "votes": study.votes.by_name(),
        "voters": standing.values("voter_pseudonym").distinct().count(),
        "guests": guests.listed(study),
        "guests_voted": guests.voted(study),
        "job": study.job,
        "enough": study.is_open and ballots.takes_no_more(study),
        "weights": [(name, 100 * float(share)) for name, share in _weights(study).items()],
    }
    return render(request, "evaluation/study.html", context)


def _weights(study: Study) -> dict[str, float]:
    """Registered, or as they will be; one category needs none."""
    photos = [{"category": album} for album in study.photos.values_list("album", flat=True)]
    found = study.plan.get("weights") or strata.weights_of(photos, study.weights)
    return dict(found) if len(found) > 1 else {}


def _closing(request: HttpRequest, number: int) -> Question:
    study = admins_study(request, number)
    goes = "Its votes decide as they stand: nobody votes in it any more, and it never opens again."
    return Question(f"Close {study}?", goes, "Close and decide")


@require_POST
@needs("admin")
@asks(_closing)
def close_study(request: HttpRequest, number: int) -> HttpResponse:
    services.close_study(study=admins_study(request, number), by=voter_of(request))
    return redirect("results", number)
