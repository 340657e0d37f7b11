"""The quality page: how fast and how alike people paint, and what suggestions change."""

from typing import Any

import numpy as np
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotate.masks import CLASSES, DEFECTS
from annotate.models import Agreement, DefectMask
from annotate.quality import mean_of
from config.roles import needs

SEED = 0  # the same rows give the same intervals
FIGURES = ("dice", "tolerant_f1", "cl_dice", "component_recall")
Rows = list[DefectMask]


@require_safe
@needs("reviewer")
def quality(request: HttpRequest) -> HttpResponse:
    rng = np.random.default_rng(SEED)
    masks = list(
        DefectMask.objects.exclude(state=DefectMask.State.DRAFT)
        .filter(assignment__isnull=False, author__isnull=False)
        .select_related("photo", "author", "assignment")
        .annotate(returns=Count("reviews", filter=Q(reviews__verdict="returned")))
    )
    agreements = list(
        Agreement.objects.filter(kind=Agreement.Kind.PEOPLE).select_related("first", "second")
    )
    context = {
        "people": people(masks, agreements, rng),
        "arms": arms(masks, rng),
        "ceiling": {name: mean_of(figures(agreements, name), rng) for name in FIGURES},
        "compared": len(agreements),
    }
    return render(request, "annotate/quality.html", context)


def figures(agreements: list[Agreement], name: str) -> list[float]:
    found = [getattr(agreement, name) for agreement in agreements]
    return [value for value in found if value is not None]


def people(
    masks: Rows, agreements: list[Agreement], rng: np.random.Generator
) -> list[dict[str, Any]]:
    """One row a person: what was handed in, how fast, how alike to others."""
    rows = []
    for author in sorted({mask.author for mask in masks if mask.author}, key=str):
        own = [mask for mask in masks if mask.author_id == author.pk]
        alike = [a for a in agreements if author.pk in authors(a)]
        rows.append(
            {
                "author": author,
                "handed_in": len(own),
                "accepted": sum(mask.state == DefectMask.State.ACCEPTED for mask in own),
                "returned": sum(mask.returns for mask in own),  # type: ignore[attr-defined]
                "pace": mean_of([pace(mask) for mask in own], rng),
                "alike": mean_of([a.tolerant_f1 for a in alike], rng),
            }
        )
    return rows


def authors(agreement: Agreement) -> set[int | None]:
    masks = (agreement.first, agreement.second)
    return {mask.author_id for mask in masks if mask}


def arms(masks: Rows, rng: np.random.Generator) -> list[dict[str, Any]]:
    """With a suggestion against the control group that was drawn to see none."""
    shown = [mask for mask in masks if mask.suggestion_weights]
    control = [mask for mask in masks if mask.assignment and not mask.assignment.with_suggestion]
    return [
        {
            "name": name,
            "pace": mean_of([pace(mask) for mask in rows], rng),
            "painted": mean_of([100 * share(mask) for mask in rows], rng),
        }
        for name, rows in (("with a suggestion", shown), ("without, by draw", control))
    ]


def pace(mask: DefectMask) -> float:
    """Minutes a megapixel."""
    return mask.active_seconds / 60 / max(mask.photo.megapixels, 1e-6)


def share(mask: DefectMask) -> float:
    """Painted pixels over all pixels; classes may overlap, so this is an upper bound."""
    painted: int = sum(mask.areas.get(name, 0) for name, bit in CLASSES.items() if bit & DEFECTS)
    return painted / max(1, mask.photo.width * mask.photo.height)
