"""What photos does at every start: do database and files belong together?"""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min

from config.registry import start_step
from config.var_folder import ADVICE, BrokenVar
from photos import storage
from photos.models import Blob, Photo

SAMPLE = 20


@start_step
def check_that_files_and_rows_belong_together() -> None:
    """Raises BrokenVar where one of the two was lost: going on would sweep the other away."""
    if not isinstance(default_storage, FileSystemStorage):
        return
    newest = list(Blob.objects.order_by("-created_at").values_list("pk", flat=True)[:SAMPLE])
    if not newest and not Photo.objects.exists() and _are_older_than_the_tables():
        raise BrokenVar(
            f"{settings.MEDIA_ROOT} holds files that are older than the database, which knows none "
            f"of them: it was lost, or belongs to another site. {ADVICE}"
        )
    if newest and not any(default_storage.exists(storage.key_of(digest)) for digest in newest):
        raise BrokenVar(
            f"The database names files, and none of the last {len(newest)} is in "
            f"{settings.MEDIA_ROOT}. {ADVICE}"
        )


def _are_older_than_the_tables() -> bool:
    """Files of a first start that was cut off are younger, and nobody's: those are swept."""
    began = MigrationRecorder.Migration.objects.aggregate(at=Min("applied"))["at"]
    for folder in Path(settings.MEDIA_ROOT).glob("[0-9a-f][0-9a-f]"):
        for path in folder.iterdir():
            if len(path.name) == 64 and path.stat().st_mtime < began.timestamp():
                return True
    return False
