"""What this room puts on an empty demo site: one photograph on its way to three results."""

from annotate.models import Origin, Photo
from pipeline import services
from pipeline.models import Restoration


def install() -> None:
    """Queues one restoration of a demo photograph, so that the pages have something to show."""
    if Restoration.objects.exists():
        return
    photo = Photo.objects.filter(origin=Origin.DEMO).order_by("created_at").first()
    if photo is not None:
        services.restore_later(photo=photo)
