"""Files named by the SHA-256 of their bytes, over Django's default storage."""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import IntegrityError, connection, models, transaction
from django.db.models.functions import Now
from django.utils import timezone

from config.errors import Refused
from config.var_folder import private_folder
from config.web.prepared_queries import Add, Given
from photos.models import Blob

CHUNK = 1 << 20
KEPT = timedelta(days=1)


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class TooLarge(Refused):
    """More bytes than the caller allows."""


def key_of(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


def put(content: Readable | bytes | Path, media_type: str, *, limit: int | None = None) -> Blob:
    """Stores the bytes once and returns their row; the row is there before anyone refers to it."""
    if isinstance(content, Path):
        with content.open("rb") as file:
            return put(file, media_type, limit=limit)
    with arrived(content, limit=limit) as bytes_, transaction.atomic():
        return bytes_.keep(media_type)


@dataclass(frozen=True)
class Arrived:
    """Hashed bytes in a temporary file, of which no row knows yet."""

    temporary: Path
    digest: str
    size: int

    def keep(self, media_type: str) -> Blob:
        """Inside a transaction that also writes what refers to them.

        It writes the row and renames the file, so that a sweep cannot come between the two.
        """
        blob = _row(self.digest, self.size, media_type)
        _move_in(self.temporary, key_of(self.digest))
        return blob


@contextmanager
def arrived(content: Readable | bytes, *, limit: int | None = None) -> Iterator[Arrived]:
    """Writes and hashes the bytes before any transaction; what is not kept goes with the block."""
    temporary, digest, size = _write_temporary(content, limit)
    try:
        yield Arrived(temporary, digest, size)
    finally:
        temporary.unlink(missing_ok=True)


ADD_OR_RENEW = Add(
    lambda: Blob(
        digest=Given("digest", models.CharField()),
        size=Given("size", models.BigIntegerField()),
        media_type=Given("media_type", models.CharField()),
        created_at=Now(),
    ),
    renews=["created_at"],
)


def _row(digest: str, size: int, media_type: str) -> Blob:
    """One statement, whether the bytes are new or known; known ones are young again."""
    ADD_OR_RENEW(digest=digest, size=size, media_type=media_type)
    return Blob(digest=digest, size=size, media_type=media_type)


def open_blob(blob: Blob) -> BinaryIO:
    return cast(BinaryIO, default_storage.open(key_of(blob.digest), "rb"))


def read(blob: Blob) -> bytes:
    with open_blob(blob) as file:
        return file.read()


def pieces(blob: Blob) -> Iterator[bytes]:
    """The bytes one after another, for a file that need not be in memory."""
    with open_blob(blob) as file:
        yield from _chunks(file)


@contextmanager
def local_file(blob: Blob) -> Iterator[Path]:
    """A path to the bytes, for another process to open; a copy where the storage is remote."""
    if isinstance(default_storage, FileSystemStorage):
        yield Path(default_storage.path(key_of(blob.digest)))
        return
    with tempfile.NamedTemporaryFile() as copy, open_blob(blob) as file:
        shutil.copyfileobj(file, copy, CHUNK)
        copy.flush()
        yield Path(copy.name)


def is_referenced(blob: Blob) -> bool:
    """Does any row of any app refer to the blob? Asked of the models, so new ones count too."""
    relations = Blob._meta.get_fields(include_hidden=True)
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: blob}).exists()
        for relation in relations
        if isinstance(relation, models.ManyToOneRel) and relation.field.remote_field
    )


def erase(blob: Blob) -> bool:
    """Deletes the file at once when no row uses it."""
    return _delete(Blob.objects.filter(pk=blob.pk), blob)


def sweep() -> int:
    """Deletes what no row uses and is older than a day; answers how many files went."""
    _forget_unfinished()
    adopt_strays()
    old = Blob.objects.filter(created_at__lt=Now() - KEPT)
    return sum(_delete(old.filter(pk=blob.pk), blob) for blob in old.iterator())


def adopt_strays() -> int:
    """Gives every file older than a day that has no row an old one, so that the sweep sees it.

    Such a file is left where a process died, or a transaction was rolled back, after the rename
    and before the commit. The row is what a `put` of the same bytes waits for.
    """
    adopted = 0
    for prefix in default_storage.listdir("")[0]:
        names = default_storage.listdir(prefix)[1] if len(prefix) == 2 else []
        known = set(Blob.objects.filter(pk__startswith=prefix).values_list("pk", flat=True))
        strays = [name for name in names if name not in known and _is_old(f"{prefix}/{name}")]
        rows = [_stray(name) for name in strays]
        adopted += len(Blob.objects.bulk_create(rows, ignore_conflicts=True))
    return adopted


def _is_old(key: str) -> bool:
    try:
        return default_storage.get_modified_time(key) < timezone.now() - KEPT
    except FileNotFoundError:
        return False


def _stray(name: str) -> Blob:
    return Blob(digest=name, size=0, media_type="", created_at=timezone.now() - 2 * KEPT)


def _forget_unfinished() -> None:
    """What a killed process left of a file on its way in."""
    for path in _incoming().iterdir():
        if path.stat().st_mtime < time.time() - KEPT.total_seconds():
            path.unlink(missing_ok=True)


def _delete(rows: models.QuerySet[Blob], blob: Blob) -> bool:
    try:
        with transaction.atomic():
            if is_referenced(blob) or not rows._raw_delete(rows.db):
                return False
            if connection.vendor == "postgresql":
                # Now and not at the commit: somebody may have begun to refer to it meanwhile.
                connection.check_constraints()
            default_storage.delete(key_of(blob.digest))
    except IntegrityError:
        return False
    return True


def _write_temporary(content: Readable | bytes, limit: int | None) -> tuple[Path, str, int]:
    descriptor, name = tempfile.mkstemp(dir=_incoming())
    hasher, size = hashlib.sha256(), 0
    try:
        with os.fdopen(descriptor, "wb") as out:
            for chunk in _chunks(content):
                size += len(chunk)
                if limit is not None and size > limit:
                    raise TooLarge(
                        f"This file has more than {limit / 1e6:,.0f} MB, which is the limit."
                    )
                hasher.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name), hasher.hexdigest(), size


def _incoming() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "incoming"
    return private_folder(folder)


def _chunks(content: Readable | bytes) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while chunk := content.read(CHUNK):
        yield chunk


def _move_in(temporary: Path, key: str) -> None:
    if isinstance(default_storage, FileSystemStorage):
        path = Path(default_storage.path(key))
        private_folder(path.parent)
        temporary.replace(path)
    elif not default_storage.exists(key):
        with temporary.open("rb") as file:
            default_storage.save(key, File(file))
