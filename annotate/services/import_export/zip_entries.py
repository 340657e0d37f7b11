"""Entries of a ZIP that a stranger packed, one at a time and bounded before anything is unpacked.

The archive stays on the disk. What could cost much is refused by what the archive says of itself,
to which the reading then holds it: how many entries, how large each and all of them, how packed.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from config.errors import Refused

MAX_ENTRIES = 20_000
MAX_UNPACKED_BYTES = 4 << 30
MAX_ENTRY_BYTES = 1 << 28
MAX_READ = 4 << 20  # bytes at once; the list of entries is read at once, and 20,000 fit in
CHUNK = 1 << 20
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # LZMA takes the memory that the ZIP names
UNREADABLE = (zipfile.BadZipFile, zlib.error, ValueError, OverflowError)
BROKEN_ENTRY = (KeyError, RuntimeError, NotImplementedError, OSError, EOFError, *UNREADABLE)


class ZipEntries:
    """Names of an archive, and the bytes of each when they are asked for."""

    def __init__(self, archive: zipfile.ZipFile, most: int) -> None:
        self.archive = archive
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES:
            raise Refused(f"This ZIP holds more than {MAX_ENTRIES:,} files.")
        if sum(entry.file_size for entry in entries) > most:
            raise Refused(f"What this ZIP holds is larger than {most >> 30} GB.")
        self.names = [entry.filename for entry in entries if not entry.is_dir()]

    def read(self, entry: zipfile.ZipInfo | str, most: int = MAX_ENTRY_BYTES) -> bytes:
        """At most `most` bytes, and never more than the entry's size in the list of entries."""
        name = entry if isinstance(entry, str) else entry.filename
        try:
            entry = self.archive.getinfo(name) if isinstance(entry, str) else entry
            if entry.file_size > MAX_ENTRY_BYTES:
                raise Refused(f"{name} is larger than {MAX_ENTRY_BYTES >> 20} MB unpacked.")
            with self.open(entry) as source:
                return b"".join(_pieces(source, most))
        except BROKEN_ENTRY as error:
            raise Refused(f"{name} cannot be read from this ZIP.") from error

    def open(self, entry: zipfile.ZipInfo) -> IO[bytes]:
        """The entry as a stream; whoever reads it sets the bound."""
        if entry.compress_type not in METHODS:
            raise Refused(
                f"{entry.filename} is packed in a way that is not read here: use Deflate."
            )
        return self.archive.open(entry)


def _pieces(source: IO[bytes], most: int) -> Iterator[bytes]:
    while most > 0 and (piece := source.read(min(CHUNK, most))):
        most -= len(piece)
        yield piece


@contextmanager
def opened(data: bytes | BinaryIO, most: int = MAX_UNPACKED_BYTES) -> Iterator[ZipEntries]:
    """Of bytes, or of a file that can be sought in: it is not read whole."""
    file = io.BytesIO(data) if isinstance(data, bytes) else data
    try:
        archive = zipfile.ZipFile(_Piecemeal(file))
    except (*UNREADABLE, NotImplementedError) as error:
        raise Refused("This ZIP cannot be read.") from error
    with archive:
        yield ZipEntries(archive, most)


class _Piecemeal:
    """A file of which nobody reads much at once.

    A list of a million entries takes a gigabyte once it is parsed, and `zipfile` reads it with one
    call before anybody can count: this is where it is stopped.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if size > MAX_READ:
            raise Refused(f"This ZIP holds more than {MAX_ENTRIES:,} files.")
        return self._file.read(MAX_READ if size < 0 else size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        """Whoever opened the file closes it."""
