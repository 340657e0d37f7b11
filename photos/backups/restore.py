"""Looks at every byte of a backup, then puts it in the place of the site."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from config.errors import Refused
from config.var_folder import private_folder
from jobs.operations import database_dump
from photos import erasure, storage
from photos.backups.manifest import LIST, Damaged, Manifest, listed, path_of
from photos.files import sha256
from photos.models import Erasure, Photo

Say = Callable[[str], None]
BEFORE_RELEASES = (
    "This backup was made by code before release 0.1, whose tables were different: start that code "
    "on it, take originals and masks along with `export_masks --format npz`, and bring them here "
    "with `add_photos` and `import_masks`."
)


def verify(folder: Path) -> Manifest:
    """Reads everything once; raises Damaged with a sentence at what is wrong."""
    manifest = Manifest.read(folder)
    for name, digest in (
        (manifest.database, manifest.database_sha256),
        (LIST, manifest.list_sha256),
    ):
        if not (folder / name).exists():
            raise Damaged(f"{name} is missing from {folder}.")
        if sha256(folder / name) != digest:
            raise Damaged(f"{name} in {folder} is damaged: its digest differs.")
    database_dump.check(folder / manifest.database)
    wrong = [digest for digest, _ in listed(folder) if not _is_whole(path_of(folder, digest))]
    if wrong:
        raise Damaged(
            f"{len(wrong)} of {manifest.blobs} files in {folder} are missing or damaged, "
            f"the first is {wrong[0]}."
        )
    return manifest


def _is_whole(place: Path) -> bool:
    return place.exists() and sha256(place) == place.name


def restore(folder: Path, *, overwrite: bool = False, say: Say = print) -> Manifest:
    """Puts the site back as it was: files first, the database last and in one transaction.

    Photos that were erased since the backup are erased again.
    """
    manifest = verify(folder)
    _refuse_unfit(manifest)
    holds_something = _tables() and Photo.objects.exists()
    if holds_something and not overwrite:
        raise Refused("This site has photographs already; --overwrite replaces all of it.")
    say(f"{manifest.blobs} files are whole; putting them into place")
    for digest, _ in listed(folder):
        _put(path_of(folder, digest))
    erased = _erased() if holds_something else []
    database_dump.load(folder / manifest.database)
    call_command("migrate", interactive=False, verbosity=0)
    _erase_again(erased, say)
    if holds_something:
        say(f"{_forget_others({digest for digest, _ in listed(folder)})} newer files deleted")
    return manifest


def _refuse_unfit(manifest: Manifest) -> None:
    if manifest.vendor != database_dump.vendor():
        raise Refused(
            f"This backup is of {manifest.vendor}, and this site runs on {database_dump.vendor()}."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = [name for name in manifest.migrations if name not in known]
    if any(name.startswith("access.") for name in manifest.migrations):
        raise Refused(BEFORE_RELEASES)
    if unknown:
        raise Refused(f"This backup is of a newer release: {unknown[-1]} is unknown here.")


def _tables() -> bool:
    """A database that was never migrated is as empty as can be."""
    return Photo._meta.db_table in connection.introspection.table_names()


def _erased() -> list[UUID]:
    """What people wanted gone since the backup must not come back with it."""
    if Erasure._meta.db_table not in connection.introspection.table_names():
        return []
    return list(Erasure.objects.values_list("photo", flat=True))


def _erase_again(photos: list[UUID], say: Say) -> None:
    for photo in Photo.objects.filter(pk__in=photos).exclude(state=Photo.State.ERASED):
        erasure.erase_photo(photo=photo, because="erased before the backup was restored")
        say(f"photo {photo.pk} was erased since this backup; it is erased again")


def _put(source: Path) -> None:
    """One file into the storage, unless the same is there."""
    key = storage.key_of(source.name)
    if not isinstance(default_storage, FileSystemStorage):
        if not default_storage.exists(key):
            with source.open("rb") as file:
                default_storage.save(key, File(file))
        return
    place = Path(default_storage.path(key))
    if _is_whole(place):
        return
    private_folder(place.parent)
    with (
        source.open("rb") as file,
        tempfile.NamedTemporaryFile(dir=settings.MEDIA_ROOT, delete=False) as copy,
    ):
        shutil.copyfileobj(file, copy, storage.CHUNK)
    Path(copy.name).chmod(0o600)
    Path(copy.name).replace(place)


def _forget_others(kept: set[str]) -> int:
    """Files that no row names any more would never be swept."""
    gone = 0
    for prefix in default_storage.listdir("")[0]:
        if len(prefix) != 2:
            continue
        for name in default_storage.listdir(prefix)[1]:
            if name not in kept:
                default_storage.delete(f"{prefix}/{name}")
                gone += 1
    return gone
