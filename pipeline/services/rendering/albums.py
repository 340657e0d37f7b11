"""An album restored as a whole: one job that asks for each photo, one ZIP of what came of it."""

import shutil
import tempfile
import zipfile
from typing import IO, Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.text import get_valid_filename

from config.web.roles import Person
from jobs.job_context import Precedence, Work
from jobs.job_functions import job
from jobs.models import Job, Queue, State
from photos import storage
from photos.models import Album, Blob, Photo
from photos.models.photos import PhotoQuerySet
from pipeline.models import Restoration, RestorationSettings
from pipeline.services.rendering.jobs import queued

CHUNK = 1 << 20


def to_restore(photos: PhotoQuerySet) -> PhotoQuerySet:
    """Ready photos without a restoration that is there or on its way."""
    gone = Restoration.objects.filter(photo=OuterRef("pk")).exclude(
        job__state__in=[State.FAILED, State.CANCELLED]
    )
    return photos.filter(~Exists(gone), state=Photo.State.READY)


def restore_album_later(*, album: Album, by: User) -> Job:
    """Asked again while the first waits or runs, it is that job."""
    named: dict[str, Any] = {"album": str(album.pk), "person": by.pk}
    asking = restore_album.using(title="Restore an album", created_by=by)
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
        work.progress(number / len(photos), f"{number} of {len(photos)}")


def finished(photos: PhotoQuerySet) -> list[Restoration]:
    """The newest restoration of each photo that has pictures."""
    rows = Restoration.objects.filter(photo__in=photos, renditions__isnull=False)
    rows = rows.select_related("photo").order_by("photo__title", "photo", "-created_at").distinct()
    newest: dict[UUID, Restoration] = {}
    for row in rows:
        newest.setdefault(row.photo_id, row)
    return list(newest.values())


def archive(album: Album, user: Person) -> IO[bytes]:
    """A ZIP of every picture made of the album, a folder a photo; stored, for PNG is packed."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    taken: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for row in finished(album.photos(user)):
            folder = _free(get_valid_filename(row.photo.title or "photo"), taken)
            for made in row.renditions.select_related("image").exclude(image=None):
                if made.image is not None:  # as the query asked; types can't know
                    _write(packed, f"{folder}/{made.kind}.png", made.image)
    out.seek(0)
    return out


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free.lower() in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free.lower())
    return free


def _write(packed: zipfile.ZipFile, name: str, blob: Blob) -> None:
    with storage.open_blob(blob) as source, packed.open(name, "w", force_zip64=True) as out:
        shutil.copyfileobj(source, out, CHUNK)
