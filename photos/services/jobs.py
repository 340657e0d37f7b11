"""The job that reads a photo."""

from uuid import UUID

from config.errors import Refused
from jobs.job_context import Precedence, Work
from jobs.job_functions import job
from photos.models import Photo
from photos.services import reading


@job(Precedence.PREVIEW)
def prepare_photo(work: Work, photo_id: str) -> None:
    """Reads a new scan. A refusal is written on the photo and is the job's reason as well."""
    photo = Photo.objects.get(pk=UUID(photo_id))
    work.progress(0.1, "reading the scan")
    reading.prepare_photo(photo)
    if photo.state == Photo.State.REFUSED:
        raise Refused(photo.reason)
