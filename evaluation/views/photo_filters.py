"""Filters of the photos that the form of a study offers: an album, and what is known of damage.

What reviewers accepted is what is known: a mask without a mark says that there is no damage, and
then there is nothing to fill.
"""

from uuid import UUID

from django.db.models import QuerySet

from annotate.models import DefectMask
from photos.masks.classes import CLASSES, DEFECTS
from photos.models import Photo
from photos.models.photos import PhotoQuerySet
from training.models import Stage

ALBUM, DAMAGE = "album", "damage"  # fields of the form
MARKED, UNMARKED, UNKNOWN = "marked", "unmarked", "unknown"
DAMAGES = [
    ("", "Any damage"),
    (MARKED, "Damage was marked"),
    (UNMARKED, "Looked at: no damage"),
    (UNKNOWN, "Nobody has looked"),
]
MAX_ALBUMS = 500
DAMAGES_OF_MASKS = tuple(name for name, bit in CLASSES.items() if bit & DEFECTS)


def albums(rows: PhotoQuerySet) -> list[str]:
    """Those that have a photo among the rows."""
    named = rows.exclude(album="").order_by("album").values_list("album", flat=True)
    return list(named.distinct()[:MAX_ALBUMS])


def filtered(rows: PhotoQuerySet, *, album: str, damage: str, stage: str) -> PhotoQuerySet:
    """The rows of an album, and with so much damage; for filling never those without any."""
    if album:
        rows = rows.filter(album=album)
    if damage == UNKNOWN:
        rows = rows.exclude(pk__in=_masks().values("photo"))
    elif damage == MARKED:
        rows = rows.filter(pk__in=_masks().values("photo")).exclude(pk__in=undamaged())
    elif damage == UNMARKED:
        rows = rows.filter(pk__in=undamaged())
    return rows.exclude(pk__in=undamaged()) if stage == Stage.INPAINTING else rows


def undamaged() -> list[UUID]:
    """Photos whose latest accepted mask has no mark."""
    latest: dict[UUID, bool] = {}
    rows = _masks().order_by("submitted_at", "created_at")
    for photo, areas in rows.values_list("photo", "areas"):
        latest[photo] = not any(areas.get(name) for name in DAMAGES_OF_MASKS)
    return [photo for photo, empty in latest.items() if empty]


def _masks() -> QuerySet[DefectMask]:
    """Old masks without areas say nothing either way."""
    shown = Photo.objects.ready().values("pk")
    rows: QuerySet[DefectMask] = (
        DefectMask.objects.accepted().wanted().exclude(areas={}).filter(photo__in=shown)
    )
    return rows
