"""What workers run of this room: its job, which lies with what it does, and its routine."""

from jobs.job_functions import routine
from photos import storage
from photos.services import prepare_photo

__all__ = ["prepare_photo"]


@routine
def sweep_blobs() -> None:
    """Files that no row uses any more are deleted after a day."""
    storage.sweep()
