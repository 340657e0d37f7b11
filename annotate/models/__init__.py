"""Masks, suggestions, who paints what, who checked it."""

from annotate.models.agreements import Agreement
from annotate.models.assignments import CHECKED, Assignment, Purpose
from annotate.models.imports import Import, ImportLine
from annotate.models.masks import DefectMask, MarkAnswer, Review
from annotate.models.stroke_deltas import StrokeDelta
from annotate.models.suggestions import Suggestion

__all__ = [
    "CHECKED",
    "Agreement",
    "Assignment",
    "DefectMask",
    "Import",
    "ImportLine",
    "MarkAnswer",
    "Purpose",
    "Review",
    "StrokeDelta",
    "Suggestion",
]
