"""What rooms further right know of an album, and an album that gets another name."""

from collections.abc import Callable

from django.db import transaction

from config.errors import Refused
from config.registry import Registry
from photos.models import Album, Photo
from photos.models.photos import PhotoQuerySet

results_of: Registry[Callable[[PhotoQuerySet], int]] = Registry("belongings")
"""How many of the photos have a result that can be handed out."""
renamed: Registry[Callable[[Album, str], None]] = Registry("belongings")
"""Called with an album under its new name, and its old name: whatever kept that follows."""


def count_results(photos: PhotoQuerySet) -> int:
    return sum(count(photos) for count in results_of.all())


@transaction.atomic
def rename(album: Album, name: str) -> None:
    """Its photos and whatever names it follow. Raises Refused for a name that is taken.

    Two albums never become one so: a split of a training set keeps an album on one side.
    """
    old = Album.objects.select_for_update().get(pk=album.pk).name
    name = name.strip()
    if name == old:
        return
    taken = Album.objects.filter(name=name).exists() or Photo.objects.filter(album=name).exists()
    if not name or taken:
        raise Refused("Another album has this name; give one that is free.")
    Album.objects.filter(pk=album.pk).update(name=name)
    Photo.objects.filter(album=old).update(album=name)
    album.name = name
    for follow in renamed.all():
        follow(album, old)
