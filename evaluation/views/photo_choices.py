"""Which photos the form of a study offers: those that are ticked, and what a search found.

A library has more photos than a page can hold. So the page shows some, and a search sends the form
with its ticks and gets it back with others to tick: it needs no script.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import QueryDict

from photos.models import Origin, Photo
from photos.models.photos import PhotoQuerySet

OFFERED = 200  # beside those that are ticked
MAX_PHOTOS = 900  # of a study; Django reads a thousand fields of a form
SEARCH, FIND, TAKE = "words", "find", "take"  # fields of the form


def choosable() -> PhotoQuerySet:
    """What a study may show to its voters."""
    return Photo.objects.ready().exclude(origin=Origin.VISITOR).order_by("title", "pk")


class PhotoChoices:
    """What is offered and how much was found; `choices` are those of the form's field."""

    def __init__(self, words: str, ticked: Iterable[Any]) -> None:
        self.words = words.strip()
        rows = choosable().search(self.words) if self.words else choosable()
        found = list(rows.values_list("pk", "title")[: OFFERED + 1])
        self.more = len(found) > OFFERED
        self.found = found[:OFFERED]
        pks = [pk for pk in map(_uuid, ticked) if pk][:MAX_PHOTOS]
        self.ticked = list(choosable().filter(pk__in=pks).values_list("pk", "title"))

    @property
    def choices(self) -> list[tuple[UUID, str]]:
        """Those ticked first, each once."""
        return list(dict([*self.ticked, *self.found]).items())

    def all(self) -> list[UUID]:
        """Those ticked and those found, as many as a study may have."""
        return [pk for pk, _ in self.choices][:MAX_PHOTOS]


def is_search(sent: QueryDict) -> bool:
    """The form came to look for photos, and not to be saved."""
    return FIND in sent or TAKE in sent


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
