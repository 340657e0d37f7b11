"""The quality page: how fast and how alike people paint, and what suggestions change."""

from typing import TypeVar

import numpy as np
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotate.models import Agreement, DefectMask
from annotate.services.quality_page import quality_rows, quality_statistics
from annotate.services.quality_page.quality_statistics import minutes_a_megapixel
from config.web.roles import needs

Row = TypeVar("Row", bound=Model)
SEED = 0  # the same rows give the same intervals
MAX_LATEST = 25
BY_SOMEBODY = {"assignment__isnull": False, "author__isnull": False}


@require_safe
@needs("reviewer")
def quality(request: HttpRequest) -> HttpResponse:
    rng = np.random.default_rng(SEED)
    masks, agreements = quality_rows.painted(), quality_rows.judged()
    seen = Agreement.objects.visible_to(request.user).filter(kind=Agreement.Kind.HONEYPOT)
    shown = DefectMask.objects.visible_to(request.user).handed_in().filter(**BY_SOMEBODY)
    context = {
        "ceiling": _people_agreed_on_something(),
        "agreement": quality_statistics.agreement_table(agreements, rng),
        "people": quality_statistics.people(masks, agreements, rng),
        "honeypots": _latest(seen, "-created_at").select_related("photo", "second__author"),
        "honeypot_count": DefectMask.objects.accepted().filter(is_honeypot=True).count(),
        "arms": quality_statistics.arms(masks, agreements, rng),
        "saved": quality_statistics.minutes_saved(masks, rng),
        "tools": quality_statistics.tools(masks),
        "latest": [
            (mask, minutes_a_megapixel(mask.active_seconds, mask.photo.megapixels))
            for mask in _latest(shown, "-submitted_at").select_related(
                "photo", "author", "assignment"
            )
        ],
    }
    return render(request, "annotate/quality.html", context)


def _latest(rows: QuerySet[Row], order: str) -> QuerySet[Row]:
    """Their keys are sorted first: the database would sort whole rows of all tables joined."""
    keys = list(rows.order_by(order).values_list("pk", flat=True)[:MAX_LATEST])
    return rows.model._default_manager.filter(pk__in=keys).order_by(order)


def _people_agreed_on_something() -> bool:
    """Two empty masks are alike as well, and say nothing of how well damage can be seen."""
    both = Agreement.objects.filter(kind=Agreement.Kind.PEOPLE, component_recall__gt=0)
    return both.exists()
