"""The home page: the loop at a glance. It lives in the rightmost room because it counts
rows of all the others."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from annotate.models import DefectMask, Photo
from config.roles import public
from evaluation.models import Study
from jobs.models import Job, Queue
from pipeline.models import Restoration
from training.models import Promotion, Stage


@public
def home(request: HttpRequest) -> HttpResponse:
    """Counts are read fresh: nothing on rows counts other rows."""
    photos = Photo.objects.for_labelling()
    finished = photos.filter(
        masks__state__in=[DefectMask.State.ACCEPTED, DefectMask.State.SUBMITTED]
    )
    production = [
        {"stage": stage, "label": label, "promotion": Promotion.objects.current(stage)}
        for stage, label in Stage.choices
    ]
    context = {
        "waiting": photos.exclude(pk__in=finished.values("pk")).count(),
        "in_review": DefectMask.objects.filter(state=DefectMask.State.SUBMITTED).count(),
        "accepted": DefectMask.objects.filter(state=DefectMask.State.ACCEPTED).count(),
        "running": Job.objects.active().filter(queue=Queue.TRAIN).count(),
        "studies": Study.objects.filter(state=Study.State.OPEN).count(),
        "restorations": Restoration.objects.count(),
        "production": production,
    }
    return render(request, "home.html", context)
