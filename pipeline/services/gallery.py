"""The public gallery: an owner agrees, staff choose, the owner may take it back at any time."""

from django.contrib.auth.models import User

from config.errors import Refused
from photos.models import Origin
from pipeline.models import Exhibit, Restoration


def allow(restoration: Restoration, *, caption: str = "") -> Exhibit:
    """Its owner agrees that a finished restoration may be shown; nothing is shown yet."""
    if not restoration.is_done:
        raise Refused("Only a finished restoration can be shown.")
    exhibit, made = Exhibit.objects.get_or_create(
        restoration=restoration, defaults={"caption": caption}
    )
    if not made:
        Exhibit.objects.filter(pk=exhibit.pk).update(caption=caption)
        exhibit.caption = caption
    return exhibit


def withdraw(restoration: Restoration) -> None:
    """It leaves the gallery at once, and its address there with it."""
    Exhibit.objects.filter(restoration=restoration).delete()


def hang(restoration: Restoration, *, by: User) -> Exhibit:
    """Staff show a restoration whose owner agreed, or one of the lab's own photos."""
    exhibit = Exhibit.objects.filter(restoration=restoration).first()
    if exhibit is None:
        if restoration.photo.origin == Origin.VISITOR:
            raise Refused("The owner of this photograph did not agree to show it.")
        exhibit = allow(restoration, caption=restoration.photo.title)
    if not exhibit.hang(by):
        raise Refused("This restoration hangs in the gallery already.")
    return exhibit


def take_down(restoration: Restoration) -> None:
    exhibit = Exhibit.objects.filter(restoration=restoration).first()
    if exhibit is None or not exhibit.take_down():
        raise Refused("This restoration does not hang in the gallery.")
