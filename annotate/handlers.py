"""What workers run of this room: its jobs, which lie with what they do, and its routine."""

from annotate import services
from annotate.services.annotator_agreement import compare_masks
from annotate.services.import_export import running
from annotate.services.import_export.photos_in import take_photos
from annotate.services.import_export.running import bring_in, look_through
from jobs.job_functions import routine

__all__ = ["bring_in", "compare_masks", "look_through", "take_photos"]


@routine
def release_leases() -> None:
    """Photos whose painter went away are free again."""
    services.release_leases()


@routine
def forget_imports() -> None:
    """Files that nobody said yes to within a week."""
    running.forget_stale()
