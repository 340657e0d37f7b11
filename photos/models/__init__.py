"""Stored files, photos, and what was erased."""

from photos.models.files import Blob, blob_key
from photos.models.photos import Erasure, Origin, Photo, PhotoQuerySet, seed_of

__all__ = ["Blob", "Erasure", "Origin", "Photo", "PhotoQuerySet", "blob_key", "seed_of"]
