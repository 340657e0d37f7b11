"""The quality page: how fast and how alike people paint, and what suggestions change."""

import numpy as np
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotate.models import Agreement, DefectMask, Suggestion
from annotate.services import quality_statistics
from config.web.roles import needs

SEED = 0  # the same rows give the same intervals
MAX_LATEST = 25


@require_safe
@needs("reviewer")
def quality(request: HttpRequest) -> HttpResponse:
    rng = np.random.default_rng(SEED)
    masks = _masks()
    agreements = list(
        Agreement.objects.select_related("photo", "first__author", "second__author").order_by(
            "-created_at"
        )
    )
    visible = Agreement.objects.visible_to(request.user).filter(kind=Agreement.Kind.HONEYPOT)
    seen = set(visible.values_list("pk", flat=True))
    honeypots = [row for row in agreements if row.pk in seen]
    shown = DefectMask.objects.visible_to(request.user).handed_in().order_by("-submitted_at")
    latest = set(shown.values_list("pk", flat=True)[: 4 * MAX_LATEST])
    context = {
        "agreement": quality_statistics.agreement_table(agreements, rng),
        "people": quality_statistics.people(masks, agreements, rng),
        "honeypots": honeypots[:MAX_LATEST],
        "honeypot_count": DefectMask.objects.accepted().filter(is_honeypot=True).count(),
        "arms": quality_statistics.arms(masks, agreements, rng),
        "saved": quality_statistics.minutes_saved(masks, rng),
        "tools": quality_statistics.tools(masks),
        "latest": [
            (mask, quality_statistics.pace(mask))
            for mask in [mask for mask in masks if mask.pk in latest][:MAX_LATEST]
        ],
    }
    return render(request, "annotate/quality.html", context)


def _masks() -> list[DefectMask]:
    """What people handed in, the newest first."""
    earlier = Suggestion.objects.filter(
        photo=OuterRef("photo"), created_at__lte=OuterRef("assignment__created_at")
    )
    rows = DefectMask.objects.handed_in().filter(assignment__isnull=False, author__isnull=False)
    return list(
        rows.select_related("photo", "author", "assignment")
        .annotate(
            returns=Count("reviews", filter=Q(reviews__verdict="returned")),
            could_be_shown=Exists(earlier),
        )
        .order_by("-submitted_at")
    )
