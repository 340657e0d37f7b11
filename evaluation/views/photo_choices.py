"""Which photos the form of a study offers: those that are ticked, and what a search found.

A library has more photos than a page can hold. So the page shows some, and a search sends the form
with its ticks and gets it back with others to tick: it needs no script.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.http import QueryDict

from evaluation.views import photo_filters
from photos.models import Origin, Photo
from photos.models.photos import PhotoQuerySet

OFFERED = 200  # beside those that are ticked
MAX_PHOTOS = 900  # of a study; Django reads a thousand fields of a form
SEARCH, FIND, TAKE, NONE = "words", "find", "take", "none"  # fields of the form


def choosable() -> PhotoQuerySet:
    """What a study may show to its voters."""
    return Photo.objects.ready().exclude(origin=Origin.VISITOR).order_by("title", "pk")


class PhotoChoices:
    """What is offered and how much was found; `choices` are those of the form's field."""

    def __init__(self, given: Mapping[str, Any], ticked: Iterable[Any], stage: str = "") -> None:
        self.words, self.album, self.damage = (
            str(given.get(name) or "").strip()
            for name in (SEARCH, photo_filters.ALBUM, photo_filters.DAMAGE)
        )
        self.albums, self.damages = photo_filters.albums(choosable()), photo_filters.DAMAGES
        rows = choosable().search(self.words) if self.words else choosable()
        rows = photo_filters.filtered(rows, album=self.album, damage=self.damage, stage=stage)
        found = list(rows.values_list("pk", "title")[: OFFERED + 1])
        self.more = len(found) > OFFERED
        self.found = found[:OFFERED]
        pks = [pk for pk in map(_uuid, ticked) if pk][:MAX_PHOTOS]
        self.ticked = list(choosable().filter(pk__in=pks).values_list("pk", "title"))

    @property
    def choices(self) -> list[tuple[UUID, str]]:
        """Those ticked first, each once."""
        return list(dict([*self.ticked, *self.found]).items())

    @property
    def pictured(self) -> set[str]:
        """Those of the choices that have a thumbnail, as the form's boxes call them."""
        pks = [pk for pk, _ in self.choices]
        rows = Photo.objects.filter(pk__in=pks).exclude(thumbnail=None)
        return {str(pk) for pk in rows.values_list("pk", flat=True)}

    def all(self) -> list[UUID]:
        """Those ticked and those found, as many as a study may have."""
        return [pk for pk, _ in self.choices][:MAX_PHOTOS]


def is_search(sent: QueryDict) -> bool:
    """The form came to look for photos, and not to be saved."""
    return any(name in sent for name in (FIND, TAKE, NONE))


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
