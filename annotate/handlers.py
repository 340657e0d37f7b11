"""Job handlers of this room; jobs calls them by name."""

from uuid import UUID

from annotate import blobs, services
from annotate.models import DefectMask, Photo
from jobs.errors import Refused
from jobs.work import Precedence, Work, handles


@handles(Precedence.PREVIEW)
def prepare_photo(work: Work, photo_id: str) -> None:
    """Reads a new scan. A refusal is written on the photo and is the job's reason as well."""
    photo = Photo.objects.get(pk=UUID(photo_id))
    work.progress(0.1, "reading the scan")
    services.prepare_photo(photo)
    if photo.state == Photo.State.REFUSED:
        raise Refused(photo.reason)


@handles(Precedence.UPKEEP)
def compare_masks(work: Work, mask_id: str) -> None:
    mask = DefectMask.objects.filter(pk=UUID(mask_id)).first()
    if mask is not None:
        services.compare_masks(mask)


@handles(Precedence.UPKEEP)
def release_leases() -> None:
    """Routine: photos whose painter went away are free again."""
    services.release_leases()


@handles(Precedence.UPKEEP)
def sweep_blobs() -> None:
    """Routine: files that no row uses any more are deleted after a day."""
    blobs.sweep()
