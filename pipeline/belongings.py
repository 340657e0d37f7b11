"""What was made of the photographs that a person brought, or that lie in an album."""

from collections.abc import Iterator
from functools import partial

from django.contrib.auth.models import User

from accounts.personal.forgetting import photographs_go
from accounts.personal.taking_home import Picture, pictures_of
from photos import erasure, storage
from photos.models import Album, Blob, Origin, Photo
from photos.models.photos import PhotoQuerySet
from photos.services import renamed, results_of
from pipeline.models import Order, Restoration

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/tiff": "tif", "image/webp": "webp"}


@pictures_of
def pictures(user: User) -> Iterator[Picture]:
    """The file as it came, and each result."""
    for row in Restoration.objects.with_all().with_made().owned_by(user).order_by("created_at"):
        if row.photo.original is not None:
            yield _picture(row, "original", row.photo.original)
        for made in row.downloads:
            if made.image is not None:
                yield _picture(row, made.kind, made.image)


def _picture(row: Restoration, what: str, blob: Blob) -> Picture:
    ending = ENDINGS.get(blob.media_type, "bin")
    name = f"photographs/{row.created_at:%Y-%m-%d} {row.pk}/{what}.{ending}"
    return Picture(name, blob.size, partial(storage.open_blob, blob))


@photographs_go
def erase_photographs(user: User) -> int:
    """Visitors' photographs alone: what somebody added to the lab's collection is the lab's."""
    brought = Photo.objects.filter(origin=Origin.VISITOR, restorations__owner=user)
    photos = list(brought.exclude(state=Photo.State.ERASED).distinct())
    for photo in photos:
        erasure.erase_photo(photo=photo, because="its owner left")
    return len(photos)


@results_of
def finished(photos: PhotoQuerySet) -> int:
    return Restoration.objects.finished_of(photos).values("photo").distinct().count()


@renamed
def orders_follow(album: Album, old: str) -> None:
    Order.objects.of_album(album, old).update(album_row=album, album=album.name)
