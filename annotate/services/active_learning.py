"""Which photo teaches the network most: how unsure it is, and how new its album is."""

from collections.abc import Iterable

import numpy as np
from django.db.models import Count, OuterRef, QuerySet, Subquery

from annotate.models import DefectMask, Suggestion
from annotate.services.availability import begun
from photos.decoding import scans
from photos.models import Photo

DUE = 1.0  # a second opinion that is half there comes before any uncertainty (0..1)


def uncertainty_of(probability_png: bytes) -> float:
    """Mean of 1 - |2p - 1| over the pixels with p > 0.05; 0 where there is none."""
    return uncertainty(scans.read_png(probability_png))


def uncertainty(levels: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]") -> float:
    """The same of H x W levels p x 255, from their histogram."""
    counts = np.bincount(np.asarray(levels, np.uint8).ravel(), minlength=256).astype(np.float64)
    p = np.arange(256) / 255
    counts[p <= 0.05] = 0
    total = counts.sum()
    return float((counts * (1 - np.abs(2 * p - 1))).sum() / total) if total else 0.0


def refresh(photos: QuerySet[Photo]) -> None:
    """urgency = uncertainty / (1 + accepted masks of the album), and more where a mask is due."""
    newest = Suggestion.objects.filter(photo=OuterRef("pk")).order_by("-created_at")
    rows = list(photos.annotate(unsure=Subquery(newest.values("uncertainty")[:1]), begun=begun()))
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
