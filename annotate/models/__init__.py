"""Masks, suggestions, who paints what, who checked it."""

from annotate.models.assignments import CHECKED, Assignment, Purpose
from annotate.models.masks import Agreement, DefectMask, Review, StrokeDelta
from annotate.models.suggestions import Suggestion

__all__ = [
    "CHECKED",
    "Agreement",
    "Assignment",
    "DefectMask",
    "Purpose",
    "Review",
    "StrokeDelta",
    "Suggestion",
]
