"""Photos, masks, who paints what, who checked it."""

from annotate.models.assignments import CHECKED, Assignment, Purpose
from annotate.models.masks import Agreement, DefectMask, Review, StrokeDelta
from annotate.models.suggestions import Suggestion
from photos.models.files import Blob, blob_key
from photos.models.photos import Erasure, Origin, Photo

__all__ = [
    "CHECKED",
    "Agreement",
    "Assignment",
    "Blob",
    "DefectMask",
    "Erasure",
    "Origin",
    "Photo",
    "Purpose",
    "Review",
    "StrokeDelta",
    "Suggestion",
    "blob_key",
]
