"""Writes a backup while the site runs."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config.errors import Refused
from jobs.operations import database_dump
from photos import storage
from photos.backups.manifest import LIST, Damaged, Manifest, path_of
from photos.files import sha256
from photos.models import Blob

TRIES = 5  # dumps until one names no file that was erased before it could be copied
QUERY = "SELECT digest, size FROM photos_blob"
Say = Callable[[str], None]


def make(
    folder: Path, *, like: Path | None = None, without_damaged: bool = False, say: Say = print
) -> Manifest:
    """The files first, then the database of one moment, then the few files that came between.

    `like`: an earlier backup on the same disk, whose files are linked instead of copied.
    What the database no longer names, an erased photo above all, is not kept.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty: a backup gets a folder of its own.")
    partial = folder.with_name(f"{folder.name}.partial")
    partial.mkdir(parents=True, exist_ok=True)
    _copy_missing(partial, Blob.objects.values_list("digest", "size").iterator(), like)
    say("files copied; now the database")
    dump = partial / database_dump.NAMES[database_dump.vendor()]
    rows, bad = _one_moment(partial, dump, like)
    if bad and not without_damaged:
        raise Damaged(
            f"{len(bad)} of the site's own files are missing or damaged, the first is {min(bad)}. "
            f"What was copied waits in {partial}; --without-damaged goes on without them."
        )
    kept = {digest: size for digest, size in rows.items() if digest not in bad}
    _forget_others(partial, kept)
    manifest = _describe(partial, dump, kept, bad)
    manifest.write(partial)
    os.sync()  # a backup that a power cut takes back is none
    if folder.exists():
        folder.rmdir()
    partial.rename(folder)
    return manifest


def _one_moment(partial: Path, dump: Path, like: Path | None) -> tuple[dict[str, int], set[str]]:
    """The dump's own list of files, and those that cannot be had."""
    for _ in range(TRIES):
        dump.unlink(missing_ok=True)
        rows = {str(digest): int(size) for digest, size in database_dump.dump(dump, QUERY)}
        bad = _copy_missing(partial, rows.items(), like)
        if Blob.objects.filter(pk__in=list(bad)[:1000]).count() == min(len(bad), 1000):
            break  # else some were erased since the dump: another one does not name them
    return rows, bad


def _copy_missing(partial: Path, rows: Iterable[tuple[str, int]], like: Path | None) -> set[str]:
    """Brings what is not there yet; answers with what is missing or not what its name says."""
    bad = set()
    for digest, size in rows:
        place = path_of(partial, digest)
        if place.exists() and place.stat().st_size == size:
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if not (_link(like, digest, size, place) or _copy(digest, place)):
            bad.add(digest)
    return bad


def _link(like: Path | None, digest: str, size: int, place: Path) -> bool:
    """Files never change, so an earlier backup and this one may share them."""
    earlier = path_of(like, digest) if like else None
    if earlier is None or not earlier.exists() or earlier.stat().st_size != size:
        return False
    try:
        os.link(earlier, place)
    except OSError:  # another disk
        shutil.copyfile(earlier, place)
    return True


def _copy(digest: str, place: Path) -> bool:
    """Under a temporary name until the digest is known to be right."""
    temporary = place.with_suffix(".partial")
    hasher = hashlib.sha256()
    try:
        with storage.open_blob(Blob(digest=digest)) as source, temporary.open("wb") as out:
            while chunk := source.read(storage.CHUNK):
                hasher.update(chunk)
                out.write(chunk)
    except FileNotFoundError:
        return False
    if hasher.hexdigest() != digest:
        temporary.unlink()
        return False
    temporary.rename(place)
    return True


def _forget_others(partial: Path, kept: Mapping[str, int]) -> None:
    for place in (partial / "blobs").glob("*/*"):
        if place.name not in kept:
            place.unlink()


def _describe(partial: Path, dump: Path, kept: Mapping[str, int], bad: set[str]) -> Manifest:
    lines = (f"{digest}\t{size}\n" for digest, size in sorted(kept.items()))
    (partial / LIST).write_text("".join(lines))
    applied = MigrationRecorder(connection).applied_migrations()
    return Manifest(
        made_at=timezone.now().isoformat(timespec="seconds"),
        vendor=database_dump.vendor(),
        database=dump.name,
        database_sha256=sha256(dump),
        list_sha256=sha256(partial / LIST),
        blobs=len(kept),
        bytes=sum(kept.values()),
        migrations=sorted(f"{app}.{name}" for app, name in applied),
        left_out=sorted(bad),
    )
