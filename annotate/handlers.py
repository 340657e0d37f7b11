"""What workers run of this room: its job, which lies with what it does, and its routine."""

from annotate import services
from annotate.services.annotator_agreement import compare_masks
from jobs.job_functions import routine

__all__ = ["compare_masks"]


@routine
def release_leases() -> None:
    """Photos whose painter went away are free again."""
    services.release_leases()
