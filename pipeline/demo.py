"""What this room puts on an empty demo site: one photograph on its way to three results."""

from annotate.models import Origin, Photo
from pipeline import services
from pipeline.models import Restoration


def install() -> None:
    """Queues one restoration of a demo photograph, so that the pages have something to show."""
    if Restoration.objects.exists():
        return
    photos = Photo.objects.filter(origin=Origin.DEMO).order_by("created_at")
    # The home page shows it, so the portrait; any other where a lab chose its own pictures.
    photo = photos.filter(title__icontains="close up").first() or photos.first()
    if photo is not None:
        services.restore_later(photo=photo)
