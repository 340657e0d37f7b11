"""The assessor's queue: what one paints, what came back, what waits."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from annotate import services
from annotate.models import Assignment, DefectMask, Purpose, Review
from annotate.services import availability
from annotate.services.desk import mark_answers
from annotate.views.painter import PAINTERS, person
from config.web.capped_count import Pages, counted
from config.web.roles import needs

DONE_PER_PAGE = 12


@require_safe
@needs(*PAINTERS)
def queue(request: HttpRequest) -> HttpResponse:
    """What I am painting, what came back to me, what waits, what I did."""
    me = person(request)
    mine = (
        me.assignments.visible_to(me)
        .exclude(purpose=Purpose.PRACTICE)
        .select_related("photo", "mask")
    )
    waiting = availability.waiting_for_painter(me)
    done = me.masks.visible_to(me).handed_in().select_related("photo")
    context = {
        "open": mine.filter(state=Assignment.State.OPEN),
        "returned": _returned_to(me),
        "waiting": counted(waiting),
        "page": Pages(done, DONE_PER_PAGE).get_page(request.GET.get("page")),
        "figures": _figures(me),
    }
    return render(request, "annotate/queue.html", context)


def _returned_to(me: User) -> list[tuple[DefectMask, Review | None, list[dict[str, Any]]]]:
    """Each with the review that returned it and that one's marks, the oldest first."""
    mine = me.masks.visible_to(me).filter(assignment__isnull=False)
    rows = mine.filter(state=DefectMask.State.RETURNED).select_related("photo")
    found = [(mask, mark_answers.latest_return(mask)) for mask in rows.order_by("created_at")]
    return [(m, review, mark_answers.answered(review) if review else []) for m, review in found]


def _figures(me: User) -> dict[str, float]:
    """What a person did so far; minutes per megapixel of what was handed in."""
    handed_in = me.masks.handed_in().filter(assignment__isnull=False)
    sums = handed_in.aggregate(n=Count("pk"), seconds=Sum("active_seconds"))
    sizes = handed_in.values_list("photo__width", "photo__height")
    megapixels = sum(width * height for width, height in sizes) / 2**20
    minutes = (sums["seconds"] or 0.0) / 60
    return {
        "handed_in": sums["n"],
        "accepted": handed_in.filter(state=DefectMask.State.ACCEPTED).count(),
        "minutes": minutes,
        "pace": minutes / megapixels if megapixels else 0.0,
    }


@require_POST
@needs(*PAINTERS)
def claim(request: HttpRequest) -> HttpResponse:
    assignment = services.claim_assignment(assessor=person(request))
    if assignment is None:
        messages.info(request, "Nothing is left to paint. New photos appear here by themselves.")
        return redirect("annotate_queue")
    return redirect("annotate_paint", assignment.pk)
