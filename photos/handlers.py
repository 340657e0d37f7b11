"""The jobs of this room, and its routine."""

from uuid import UUID

from config.errors import Refused
from jobs.job_context import Precedence, Work
from jobs.job_functions import job, routine
from photos import services, storage
from photos.models import Photo


@job(Precedence.PREVIEW)
def prepare_photo(work: Work, photo_id: str) -> None:
    """Reads a new scan. A refusal is written on the photo and is the job's reason as well."""
    photo = Photo.objects.get(pk=UUID(photo_id))
    work.progress(0.1, "reading the scan")
    services.prepare_photo(photo)
    if photo.state == Photo.State.REFUSED:
        raise Refused(photo.reason)


@routine
def sweep_blobs() -> None:
    """Files that no row uses any more are deleted after a day."""
    storage.sweep()
