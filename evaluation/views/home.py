"""The home page: the loop at a glance. It lives in the rightmost room because it counts
rows of all the others."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from annotate.models import DefectMask
from annotate.services.availability import with_free_place
from config.web.capped_count import Count, counted
from config.web.roles import may, public
from evaluation.models import Study
from jobs.models import Job, Queue, State
from photos.models import Origin, Photo
from pipeline.models import Restoration
from training.models import DatasetSnapshot, Promotion, Stage


@public
def home(request: HttpRequest) -> HttpResponse:
    """Counts are read fresh, and stop at a thousand: nothing on rows counts other rows."""
    user = request.user
    waiting = counted(with_free_place(Photo.objects.for_labelling()))
    in_review = counted(DefectMask.objects.filter(state=DefectMask.State.SUBMITTED))
    accepted = counted(DefectMask.objects.accepted())
    runs = Job.objects.active().filter(queue=Queue.TRAIN).count()
    snapshots = DatasetSnapshot.objects.count()
    studies = Study.objects.filter(state=Study.State.OPEN).count()
    restored = counted(Restoration.objects.filter(job__state=State.SUCCEEDED))
    assesses, reviews = may(user, "assessor"), may(user, "reviewer")
    steps = [
        step("Paint", waiting, "photographs wait for a mask", "annotate_queue", assesses),
        step(
            "Review",
            in_review,
            f"masks in review, {accepted} accepted",
            "annotate_reviews",
            reviews,
        ),
        step(
            "Train",
            runs,
            f"{plural(runs, 'run')} under way, {snapshots} {plural(snapshots, 'snapshot')}",
            "runs",
            reviews,
        ),
        step(
            "Vote",
            studies,
            f"{plural(studies, 'study', 'studies')} open",
            "studies",
            may(user, "voter"),
        ),
        step("Restore", restored, "photographs restored", "restore", True),
    ]
    context = {
        "home": True,
        "steps": steps,
        "production": production() if reviews else [],
        "shown": showcase(),
    }
    return render(request, "home.html", context)


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


def showcase() -> Restoration | None:
    """A finished restoration of a demo photograph: nobody's private picture."""
    finished = Restoration.objects.filter(photo__origin=Origin.DEMO, job__state=State.SUCCEEDED)
    return finished.select_related("photo").order_by("-created_at").first()
