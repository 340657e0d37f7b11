"""The photographs among files, folders and patterns, and a word on everything that is none.

What a file is its first bytes say, as on the site. Nothing is waited for: only plain files are
opened. Pure but for reading the disk.
"""

import glob
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.words.wall import in_words
from photos.decoding.formats import ENDINGS, HEAD, Refusal, Unsupported, kind_of

NO_FILES = {
    stat.S_IFIFO: "This is a pipe, not a file.",
    stat.S_IFSOCK: "This is a socket, not a file.",
    stat.S_IFCHR: "This is a device, not a file.",
    stat.S_IFBLK: "This is a device, not a file.",
}
LOOP = "This link leads nowhere."
LINKED = "This is a link to a folder; name the folder itself."
HIDDEN = "This file is hidden."
RESULTS = "This is the folder of the results."
Told = tuple[Path, str]


@dataclass
class Search:
    """What was found: each file in one of three lists, each once, in this order."""

    root: Path
    """The folder that holds all that was asked for; places below it are told from it."""
    photos: list[Path] = field(default_factory=list)
    refused: list[Told] = field(default_factory=list)
    passed: list[Told] = field(default_factory=list)


def search(given: Sequence[str], leave_out: Path | None = None) -> Search:
    """Looks at what a person named; of `leave_out` and what lies below it nothing is taken.

    Paths are absolute from here on, whatever folder the call came from. A file that is no
    photograph is refused if it was named, or if it calls itself one; others are passed over.
    """
    out = leave_out.resolve() if leave_out else None
    wanted = [text for text in given if out is None or not _is(text, out)]
    found = Search(_common([_root(text) for text in wanted]))
    if out and len(wanted) < len(given):  # a shell's own pattern names it, once it is there
        found.passed.append((out, RESULTS))
    seen: set[Path] = set()
    for text in wanted:
        for path, named in _expanded(text, out, found):
            if path not in seen:
                seen.add(path)
                _sort(path, found, named=named)
    return found


def _is(text: str, folder: Path) -> bool:
    path = Path(text)
    return path.is_dir() and path.resolve() == folder


def _root(text: str) -> Path:
    """The folder of an argument, told by its words alone: it stays when files come and go."""
    path = Path(text)
    if path.is_dir():
        return path.resolve()
    if not path.exists() and glob.has_magic(text):
        parts = path.parts
        plain = next(k for k, part in enumerate(parts) if glob.has_magic(part))
        return Path(*parts[:plain]).resolve()
    return path.parent.resolve()


def _common(roots: Sequence[Path]) -> Path:
    return Path(os.path.commonpath(roots)) if roots else Path.cwd()


def _expanded(text: str, out: Path | None, found: Search) -> Iterator[tuple[Path, bool]]:
    """(file, whether it was named itself) for one argument."""
    path = Path(text)
    if path.is_dir():
        yield from ((each, False) for each in _below(path.resolve(), out, found))
    elif not os.path.lexists(path) and glob.has_magic(text):
        yield from _matching(text, out, found)
    else:
        yield _absolute(path), True


def _matching(text: str, out: Path | None, found: Search) -> Iterator[tuple[Path, bool]]:
    names = sorted(glob.glob(text, recursive=True))  # noqa: PTH207 - one of names that are bytes
    if not names:
        found.refused.append((Path(text), "Nothing matches this pattern."))
    for name in names:
        path = _absolute(Path(name))
        if path.is_dir() and not path.is_symlink():
            yield from ((each, False) for each in _below(path, out, found))
        elif out is None or out not in path.parents:
            yield path, False


def _absolute(path: Path) -> Path:
    """Its folder without links; the file's own name is kept, link or not."""
    return path.parent.resolve() / path.name if path.name not in ("", "..") else path.resolve()


def _below(folder: Path, out: Path | None, found: Search) -> Iterator[Path]:
    """Every file below a folder, by name; links to folders are told, not followed."""
    if out and (folder == out or out in folder.parents):  # a pattern met it
        return

    def unreadable(error: OSError) -> None:
        where = Path(error.filename or folder)
        found.refused.append((where, f"This folder cannot be read: {error.strerror}."))

    for place, folders, files in os.walk(folder, onerror=unreadable):
        here = Path(place)
        for name in [name for name in folders if (here / name).is_symlink()]:
            found.passed.append((here / name, LINKED))
        folders[:] = sorted(name for name in folders if here / name != out)
        yield from (here / name for name in sorted(files))


def _sort(path: Path, found: Search, *, named: bool) -> None:
    """Into the list it belongs to."""
    if path.name.startswith(".") and not named:
        if not path.name.endswith(".partial"):  # our own, half written
            found.passed.append((path, HIDDEN))
        return
    try:
        kind_of(_head(path))
    except Unsupported as reason:
        found.refused.append((path, in_words(reason.args[0])))
    except Refusal as reason:
        expected = named or path.suffix.lower() in ENDINGS
        (found.refused if expected else found.passed).append((path, in_words(reason.args[0])))
    except OSError as reason:
        found.refused.append((path, reason.strerror or str(reason)))
    else:
        found.photos.append(path)


def _head(path: Path) -> bytes:
    """The first bytes of a plain file; Refusal for what would be waited for."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if path.is_symlink():
            raise Refusal(LOOP) from None
        raise
    if not stat.S_ISREG(mode):
        raise Refusal(NO_FILES.get(stat.S_IFMT(mode), "This is not a file."))
    with path.open("rb") as file:
        return file.read(HEAD)
