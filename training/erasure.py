"""A photo is erased: runs lose the copies they keep while they work, and their samples."""

from photos.erasure import eraser
from photos.models import Photo
from training.models import SnapshotItem
from training.services import colour_hints, run_folder_writer


@eraser
def forget(photo: Photo) -> list[str]:
    """Snapshots keep its digest, so that a run still says what it saw; running ones come later."""
    run_folder_writer.forget_erased(photo)
    words = {"group": "erased", "source": "", "licence": ""}
    SnapshotItem.objects.filter(photo=photo).update(**words)
    colour_hints.forget(photo)
    return []
