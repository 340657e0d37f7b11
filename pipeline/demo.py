"""What this room puts on an empty demo site: photographs on their way to three results."""

from annotate.models import DefectMask
from config.registry import demo_content
from photos.models import Origin, Photo
from pipeline import services
from pipeline.models import Restoration


@demo_content
def install() -> None:
    """Queues a demo photograph as the network sees it, then one that a person has marked.

    The tallest suit the home page, which shows the last one beside its text.
    """
    if Restoration.objects.exists():
        return
    photos = Photo.objects.filter(origin=Origin.DEMO).order_by("-height", "created_at")
    accepted = photos.filter(masks__state=DefectMask.State.ACCEPTED)
    unmarked = photos.exclude(pk__in=accepted.values("pk"))
    for photo in (unmarked.first(), accepted.first()):
        if photo is not None:
            services.restore_later(photo=photo)
