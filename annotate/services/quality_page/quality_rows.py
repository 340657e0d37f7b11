"""What the quality page reads of masks and agreements: plain rows, for there are thousands.

Thousands of model instances with their photos, authors and assignments took 0.7 s to make.
"""

from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from annotate.models import Agreement, DefectMask, Review, Suggestion


class Painted(NamedTuple):
    """A mask that somebody handed in."""

    pk: UUID
    author: str
    author_id: int
    state: str
    purpose: str
    with_suggestion: bool
    suggestion_weights: str
    active_seconds: float
    areas: dict[str, int]
    tools: dict[str, Any]
    width: int
    height: int
    returns: int
    """How often it was returned."""
    could_be_shown: bool
    """Was there a suggestion when its painter began?"""

    @property
    def megapixels(self) -> float:
        return self.width * self.height / 2**20


class Judged(NamedTuple):
    """An agreement: ``second`` is judged by ``first``, which is none of a network's."""

    kind: str
    weights: str
    first_id: UUID | None
    second_id: UUID
    first_author: int | None
    second_author: int | None
    suggestion_weights: str
    """Of ``second``: what its painter saw."""
    tolerant_f1: float
    dice: float
    cl_dice: float
    component_recall: float | None
    parts: dict[str, list[int]]


def painted() -> list[Painted]:
    """What people handed in, the newest first."""
    earlier = Suggestion.objects.filter(
        photo=OuterRef("photo"), created_at__lte=OuterRef("assignment__created_at")
    )
    # Counted by itself: to group by every column takes longer than all else of the page.
    reviews = Review.objects.filter(mask=OuterRef("pk"), verdict=Review.Verdict.RETURNED)
    returned = reviews.order_by().values("mask").annotate(n=Count("pk")).values("n")
    rows = DefectMask.objects.handed_in().filter(assignment__isnull=False, author__isnull=False)
    told = rows.annotate(
        returns=Coalesce(Subquery(returned, output_field=IntegerField()), 0),
        could_be_shown=Exists(earlier),
    ).values_list(
        "pk", "author__username", "author_id", "state", "assignment__purpose",
        "assignment__with_suggestion", "suggestion_weights", "active_seconds", "areas", "tools",
        "photo__width", "photo__height", "returns", "could_be_shown",
    )  # fmt: skip
    return [Painted._make(row) for row in told.order_by("-submitted_at")]


def judged() -> list[Judged]:
    """All agreements, the newest first."""
    rows = Agreement.objects.order_by("-created_at").values_list(
        "kind", "weights", "first_id", "second_id", "first__author_id", "second__author_id",
        "second__suggestion_weights", "tolerant_f1", "dice", "cl_dice", "component_recall",
        "parts",
    )  # fmt: skip
    return [Judged._make(row) for row in rows]
