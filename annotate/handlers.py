"""Job handlers of this room; jobs calls them by name."""

from uuid import UUID

from annotate import services
from annotate.models import DefectMask
from jobs.job_context import Work, handles


@handles
def compare_masks(work: Work, mask_id: str) -> None:
    mask = DefectMask.objects.filter(pk=UUID(mask_id)).first()
    if mask is not None:
        services.compare_masks(mask)


@handles
def release_leases() -> None:
    """Routine: photos whose painter went away are free again."""
    services.release_leases()
