"""Restorations, their renditions, and uploads that become restorations."""

from pipeline.models.restorations import Rendition, Restoration, expiry, new_token
from pipeline.models.uploads import Upload, UploadPart, patience

__all__ = [
    "Rendition",
    "Restoration",
    "Upload",
    "UploadPart",
    "expiry",
    "new_token",
    "patience",
]
