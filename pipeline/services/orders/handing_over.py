"""Which results an order hands over: of each photo of its album the latest that is finished."""

from uuid import UUID

from django.http import Http404

from photos.models import Origin, Photo
from pipeline.models import Order, Restoration


def results(order: Order) -> list[Restoration]:
    """By title; a visitor's photograph never, whatever album it was put into."""
    photos = order.photos.filter(state=Photo.State.READY)
    own = photos.exclude(origin__in=[Origin.VISITOR, Origin.PRACTICE])
    return Restoration.objects.latest_of(own)


def one(order: Order, pk: UUID) -> Restoration:
    """404 for what the link does not show."""
    found = next((row for row in results(order) if row.pk == pk), None)
    if found is None:
        raise Http404
    return found


def missing(order: Order) -> int:
    """How many photos of the album have no finished result yet."""
    photos = order.photos.exclude(state=Photo.State.ERASED)
    own = photos.exclude(origin__in=[Origin.VISITOR, Origin.PRACTICE])
    return own.count() - len(results(order))


def forget_album(photo: Photo) -> None:
    """With the last photo of its album the order goes: name, note, number and link."""
    others = Photo.objects.filter(album=photo.album).exclude(pk=photo.pk)
    if photo.album and not others.exclude(state=Photo.State.ERASED).exists():
        Order.objects.filter(album=photo.album).delete()
