"""The jobs of this room, and its routine."""

from uuid import UUID

from annotate import services
from annotate.models import DefectMask
from jobs.job_context import Precedence, Work
from jobs.job_functions import job, routine
from jobs.models import Queue


@job(Precedence.UPKEEP, queue=Queue.MAINTENANCE)
def compare_masks(work: Work, mask_id: str) -> None:
    mask = DefectMask.objects.filter(pk=UUID(mask_id)).first()
    if mask is not None:
        services.compare_masks(mask)


@routine
def release_leases() -> None:
    """Photos whose painter went away are free again."""
    services.release_leases()
