"""A photo is erased: runs lose the copies they keep while they work, and their samples."""

from annotate.models import Photo
from training import folders


def forget(photo: Photo) -> list[str]:
    """Snapshots keep its digest, so that a run still says what it saw; running ones come later."""
    folders.forget_erased()
    return []
