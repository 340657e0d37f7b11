"""The files of one import: a ZIP, a folder, or files one by one; read singly and within a bound."""

import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

from annotate.formats.content import MAX_DOCUMENT
from annotate.services.import_export import zip_entries
from annotate.services.import_export.zip_entries import (
    BROKEN_ENTRY,
    CHUNK,
    MAX_UNPACKED_BYTES,
    ZipEntries,
)
from config.errors import Refused

JUNK = {".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"}
JUNK_FOLDERS = {"__macosx", ".spotlight-v100", ".trashes", "$recycle.bin"}


class Bundle(Protocol):
    """Names are paths with `/`, composed (NFC), without what systems leave behind."""

    names: list[str]
    asked: frozenset[str]  # files that somebody named one by one

    def read(self, name: str, limit: int = MAX_DOCUMENT) -> bytes:
        """The bytes of one file. Refused where it has more, or cannot be read."""
        ...

    def copy(self, name: str, place: Path) -> None:
        """Writes one file to `place`, piece by piece; bounded and refused likewise."""
        ...


def is_junk(name: str) -> bool:
    """What a Finder or an Explorer leaves beside people's files."""
    *folders, last = name.lower().split("/")
    return (
        last in JUNK
        or last.startswith("._")
        or not last
        or any(folder in JUNK_FOLDERS for folder in folders)
    )


class Files:
    """Files on this computer by the names that they are to have."""

    def __init__(
        self,
        paths: dict[str, Path],
        asked: frozenset[str] = frozenset(),
        beside: Path | None = None,
    ) -> None:
        self._paths = paths
        self._beside = beside.resolve() if beside else None
        self.asked = asked
        self.names = [name for name in paths if name in asked or not is_junk(name)]

    def _path(self, name: str) -> Path:
        """One of the files, or what lies in the folder of a single one; never outside of it."""
        if name in self._paths:
            return self._paths[name]
        path = (self._beside / name).resolve() if self._beside else None
        if path is None or not path.is_relative_to(str(self._beside)) or not path.is_file():
            raise Refused(f"{name} is not beside the manifest.")
        return path

    def read(self, name: str, limit: int = MAX_DOCUMENT) -> bytes:
        try:
            with self._path(name).open("rb") as file:
                return _bounded(file.read(limit + 1), name, limit)
        except OSError as error:
            raise Refused(f"{name} cannot be read: {error.strerror}.") from error

    def copy(self, name: str, place: Path) -> None:
        try:
            with self._path(name).open("rb") as file, place.open("xb") as out:
                _poured(file, out, name, MAX_DOCUMENT)
        except OSError as error:
            raise Refused(f"{name} cannot be read: {error.strerror}.") from error


class Zip:
    """Entries of a ZIP; what is read of it in all is bounded, whatever it promises."""

    def __init__(self, archive: ZipEntries) -> None:
        self._archive = archive
        self.asked: frozenset[str] = frozenset()
        self._left = MAX_UNPACKED_BYTES
        self._entries = entries(archive.archive)
        self.names = [name for name in self._entries if not is_junk(name)]

    def read(self, name: str, limit: int = MAX_DOCUMENT) -> bytes:
        entry, bound = self._entry(name), min(limit, self._left)
        data = self._archive.read(entry, bound + 1)
        self._left -= len(data)
        return _bounded(data, name, bound)

    def copy(self, name: str, place: Path) -> None:
        entry, bound = self._entry(name), min(MAX_DOCUMENT, self._left)
        try:
            with self._archive.open(entry) as file, place.open("xb") as out:
                self._left -= _poured(file, out, name, bound)
        except BROKEN_ENTRY as error:
            raise Refused(f"{name} cannot be read from this ZIP.") from error

    def _entry(self, name: str) -> zipfile.ZipInfo:
        if (entry := self._entries.get(name)) is None:
            raise Refused(f"{name} is not in this ZIP.")
        if entry.file_size > self._left:
            raise Refused(f"What this ZIP holds is larger than {MAX_UNPACKED_BYTES >> 30} GB.")
        return entry


def entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files of a ZIP by their names, composed and with `/`."""
    found = [entry for entry in archive.infolist() if not entry.is_dir()]
    return {_entry_name(entry): entry for entry in found}


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """In UTF-8 even where a Mac's ZIP does not say that it is."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        with suppress(UnicodeError):  # else it was written in the code page that it says
            name = name.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _bounded(data: bytes, name: str, limit: int) -> bytes:
    if len(data) > limit:
        raise Refused(f"{name} has more than {limit / 1e6:,.0f} MB, which is the limit.")
    return data


def _poured(source: IO[bytes], out: IO[bytes], name: str, limit: int) -> int:
    """All of a file into another; answers how many bytes."""
    size = 0
    while piece := source.read(CHUNK):
        size += len(piece)
        if size > limit:
            raise Refused(f"{name} has more than {limit / 1e6:,.0f} MB, which is the limit.")
        out.write(piece)
    return size


def of_paths(paths: Sequence[Path]) -> Files:
    """Files, and all that lies in folders, by their names below what was given."""
    found: dict[str, Path] = {}
    asked: set[str] = set()
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in (file for file in inside if file.is_file()):
            name = file.relative_to(path).as_posix() if path.is_dir() else file.name
            name = unicodedata.normalize("NFC", name)
            while name in found:  # given twice, or of one name in two folders
                name = f"./{name}"
            found[name] = file
            if not path.is_dir():
                asked.add(name)
    beside = paths[0].parent if len(paths) == 1 and paths[0].is_file() else None
    return Files(found, frozenset(asked), beside)


@contextmanager
def opened(path: Path, name: str) -> Iterator[Bundle]:
    """A ZIP by its content, any other file as itself under `name`."""
    if name.lower().endswith(".npz") or not zipfile.is_zipfile(path):
        name = unicodedata.normalize("NFC", name.replace("\\", "/"))
        yield Files({name: path}, frozenset({name}))
        return
    with path.open("rb") as file, zip_entries.opened(file) as archive:
        yield Zip(archive)
