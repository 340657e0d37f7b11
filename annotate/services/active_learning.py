"""Which photo teaches the network most: where it and the one before it disagree, or else how unsure
it is; and how new its album is."""

from collections.abc import Iterable

import numpy as np
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from annotate.models import DefectMask, Suggestion
from annotate.services.availability import begun
from photos.decoding import scans
from photos.models import Photo

Levels = NDArray[np.generic]
SEEN = 0.05  # below it a pixel is sound, however many of them there are
DUE = 1.0  # a second opinion that is half there comes before any uncertainty (0..1)


def uncertainty_of(probability_png: bytes) -> float:
    """Mean of 1 - |2p - 1| over the pixels with p > 0.05; 0 where there is none."""
    return uncertainty(scans.read_png(probability_png))


def uncertainty(levels: Levels) -> float:
    """The same of H x W levels p x 255, from their histogram."""
    counts = np.bincount(np.asarray(levels, np.uint8).ravel(), minlength=256).astype(np.float64)
    p = np.arange(256) / 255
    counts[p <= SEEN] = 0
    total = counts.sum()
    return float((counts * (1 - np.abs(2 * p - 1))).sum() / total) if total else 0.0


def disagreement_of(one_png: bytes, other_png: bytes) -> float:
    """How far two networks' maps of a photo are apart, 0..1."""
    return disagreement(scans.read_png(one_png), scans.read_png(other_png))


def disagreement(one: Levels, other: Levels) -> float:
    """Mean of |p - q| over the pixels where either is above 0.05; 0 where there is none.

    Both are H x W levels p x 255. Raises ValueError where they differ in size.
    """
    if np.shape(one) != np.shape(other):
        raise ValueError(f"sizes differ: {np.shape(one)} and {np.shape(other)}")
    seen = np.maximum(one, other) > SEEN * 255
    apart = np.abs(np.asarray(one, np.int16)[seen] - np.asarray(other, np.int16)[seen])
    return float(apart.mean() / 255) if apart.size else 0.0


def refresh(photos: QuerySet[Photo]) -> None:
    """urgency = doubt / (1 + accepted masks of the album), and more where a mask is due.

    Doubt is the newest network's disagreement with the one before, or its uncertainty.
    """
    newest = Suggestion.objects.filter(photo=OuterRef("pk")).order_by("-created_at")
    doubt = newest.annotate(doubt=Coalesce("disagreement", "uncertainty")).values("doubt")[:1]
    rows = list(photos.annotate(unsure=Subquery(doubt), begun=begun()))
    known = _accepted_by_album({photo.album for photo in rows} - {""})
    for photo in rows:
        photo.urgency = (photo.unsure or 0.0) / (1 + known.get(photo.album, 0))
        photo.urgency += DUE if photo.masks_wanted > 1 and photo.begun else 0.0
    Photo.objects.bulk_update(rows, ["urgency"], batch_size=500)


def refresh_album_of(photo: Photo) -> None:
    """After a mask of the album was finished or accepted."""
    album = Photo.objects.filter(album=photo.album, wants_mask=True) if photo.album else None
    refresh(Photo.objects.filter(pk=photo.pk) if album is None else album)


def _accepted_by_album(albums: Iterable[str]) -> dict[str, int]:
    rows = DefectMask.objects.accepted().filter(photo__album__in=albums).order_by()
    return dict(rows.values_list("photo__album").annotate(n=Count("pk")))
