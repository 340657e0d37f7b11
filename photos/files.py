"""A file's SHA-256, and files that are written whole or not at all. Pure: science uses it too."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def sha256(path: Path) -> str:
    """Hexadecimal digest of a file's bytes. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def replacing(path: Path, *, mark: str = "") -> Iterator[Path]:
    """A place to write beside `path`, which is put into its place when all went well.

    Whoever reads sees the old file or the new one, never half of one. `mark` tells the places of
    two writers apart that may write the same file at once.
    """
    aside = path.with_name(f"{path.name}{mark}.part")
    try:
        yield aside
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    aside.replace(path)


def write_whole(path: Path, content: bytes) -> None:
    """The content as a file, on the disk before it takes the old one's place."""
    with replacing(path) as aside, aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
