"""Restorations, their renditions, and uploads that become restorations."""

from pipeline.models.keys import SentKey, held_until
from pipeline.models.restorations import Rendition, Restoration, expiry, new_token
from pipeline.models.uploads import Upload, UploadPart, patience

__all__ = [
    "Rendition",
    "Restoration",
    "SentKey",
    "Upload",
    "UploadPart",
    "expiry",
    "held_until",
    "new_token",
    "patience",
]
