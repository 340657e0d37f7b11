"""An album restored as a whole: one job that asks for each photo."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef

from config.words.said import said
from jobs.job_context import Precedence, Work
from jobs.job_functions import job
from jobs.models import Job, Queue, State
from photos.models import Album, Photo
from photos.models.photos import PhotoQuerySet
from pipeline.models import Restoration, RestorationSettings
from pipeline.services.rendering.jobs import queued


def to_restore(photos: PhotoQuerySet) -> PhotoQuerySet:
    """Photos without a restoration that is there or on its way; it reads those that were just
    dropped in."""
    gone = Restoration.objects.filter(photo=OuterRef("pk")).exclude(
        job__state__in=[State.FAILED, State.CANCELLED]
    )
    return photos.filter(~Exists(gone), state__in=[Photo.State.RECEIVED, Photo.State.READY])


def why_not(photos: PhotoQuerySet) -> str:
    """Why nothing of an album can be restored now; empty where something can."""
    if to_restore(photos).exists():
        return ""
    return "Every photo of this album is restored or on its way."


def restore_album_later(*, album: Album, by: User) -> Job:
    """Asked again while the first waits or runs, it is that job."""
    named: dict[str, Any] = {"album": str(album.pk), "person": by.pk}
    asking = restore_album.using(title=said("job.restore-album"), created_by=by)
    return restore_album.jobs_for(**named).active().first() or asking.later(**named)


@job(Precedence.UPKEEP, queue=Queue.MAINTENANCE)
def restore_album(work: Work, album: str, person: int) -> None:
    """Queues what is missing, behind what visitors wait for; begun again, it goes on."""
    user = User.objects.get(pk=person)
    row = Album.objects.get(pk=UUID(album))
    photos = list(to_restore(row.photos(user)))
    for number, photo in enumerate(photos, start=1):
        settings = RestorationSettings().as_json()
        with transaction.atomic():
            queued(Restoration(photo=photo, owner=user, settings=settings), Queue.MAINTENANCE)
        work.progress(number / len(photos), said("restore.album", done=number, of=len(photos)))
