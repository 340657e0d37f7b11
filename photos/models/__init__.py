"""Stored files, photos, and what was erased."""

from photos.models.albums import Album
from photos.models.files import Blob, blob_key
from photos.models.photos import Erasure, OfPhotoQuerySet, Origin, Photo, PhotoQuerySet, seed_of

__all__ = [
    "Album",
    "Blob",
    "Erasure",
    "OfPhotoQuerySet",
    "Origin",
    "Photo",
    "PhotoQuerySet",
    "blob_key",
    "seed_of",
]
