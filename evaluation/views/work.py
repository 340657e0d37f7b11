"""Where staff begin: each on her own work after signing in, and the loop with its counters."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from annotate.models import DefectMask
from annotate.services.availability import with_free_place
from config.web.capped_count import Count, counted
from config.web.roles import ROLES, Person, may, needs, roles_of, signed_in
from evaluation.models import Study
from jobs.models import Job, Queue, State
from photos.models import Photo
from pipeline.models import Restoration
from training.models import DatasetSnapshot, Promotion, Stage

FIRST = (("admin", "loop"), ("reviewer", "annotate_reviews"), ("assessor", "annotate_queue"))
"""Who has several roles begins with the first of these."""


@signed_in
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """Her work; without a role that has any, the upload page."""
    return redirect(first_page(request.user))


def first_page(user: Person | User) -> str:
    roles = roles_of(user)
    own = (address for role, address in (*FIRST, ("voter", "studies")) if role in roles)
    return next(own, "restore")


@needs(*ROLES)
@require_safe
def loop(request: HttpRequest) -> HttpResponse:
    """Counts are read fresh, and stop at a thousand: nothing on rows counts other rows."""
    reviews = may(request.user, "reviewer")
    context = {
        "steps": [*_labelling(request.user), *_learning(request.user)],
        "production": production() if reviews else [],
    }
    return render(request, "loop.html", context)


def _labelling(user: Person) -> list[dict[str, Any]]:
    waiting = counted(with_free_place(Photo.objects.for_labelling()))
    in_review = counted(DefectMask.objects.filter(state=DefectMask.State.SUBMITTED))
    words = f"masks in review, {counted(DefectMask.objects.accepted())} accepted"
    assesses, reviews = may(user, "assessor"), may(user, "reviewer")
    return [
        step("Paint", waiting, "photographs wait for a mask", "annotate_queue", assesses),
        step("Review", in_review, words, "annotate_reviews", reviews),
    ]


def _learning(user: Person) -> list[dict[str, Any]]:
    runs = Job.objects.active().filter(queue=Queue.TRAIN).count()
    snapshots = DatasetSnapshot.objects.count()
    studies = Study.objects.filter(state=Study.State.OPEN).count()
    restored = counted(Restoration.objects.filter(job__state=State.SUCCEEDED))
    train = f"{plural(runs, 'run')} under way, {snapshots} {plural(snapshots, 'snapshot')}"
    vote = f"{plural(studies, 'study', 'studies')} open"
    return [
        step("Train", runs, train, "runs", may(user, "reviewer")),
        step("Vote", studies, vote, "studies", may(user, "voter")),
        step("Restore", restored, "photographs restored", "restore", True),
    ]


def plural(count: int, one: str, many: str = "") -> str:
    return one if count == 1 else many or f"{one}s"


def step(name: str, count: Count | int, what: str, address: str, allowed: bool) -> dict[str, Any]:
    return {"name": name, "count": count, "what": what, "address": address if allowed else ""}


def production() -> list[dict[str, Any]]:
    """Names of models are for admins and reviewers: a voter must not know whose work wins."""
    return [
        {"stage": stage, "what": label, "promotion": Promotion.objects.current(stage)}
        for stage, label in Stage.choices
    ]
