"""The folder of database, files, runs and logs: private, and what is said when it is broken.

Modes are set where a file of the site is made, never by a umask of every command: what `restore`,
`backup` and exports write elsewhere keeps the caller's own.
"""

import errno
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

FOLDER, FILE = 0o700, 0o600
SERVERS_UMASK = 0o077  # of `manage.py up` and all that it starts, which write into var/ alone
DAMAGED = ("malformed", "not a database", "file is encrypted", "disk i/o error", "corrupt")
UNWRITABLE = ("readonly database", "unable to open database file", "attempt to write a readonly")
ADVICE = (
    "Stop Heirloom, keep the folder aside, and put back the last backup with "
    "`manage.py restore_backup FOLDER --overwrite`."
)


class BrokenVar(Exception):
    """The folder cannot be used as it is; the message is a sentence for the operator."""


def not_adrift(path: Path) -> Path:
    """The path. Raises BrokenVar for a link that leads nowhere: an empty site would begin there."""
    if path.is_symlink() and not path.exists():
        target = path.readlink()
        raise BrokenVar(f"{path} leads to {target}, which is not there: a disk may be missing.")
    return path


def private_folder(path: Path) -> Path:
    """Makes the folder, or takes away what others may do in it; somebody else's stays as it is."""
    path.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    _tighten(path, FOLDER)
    return path


def private_file(path: Path) -> Path:
    """Makes the file empty, or takes away what others may do with it."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE))
    _tighten(path, FILE)
    return path


def _tighten(path: Path, mode: int) -> None:
    with suppress(OSError):  # not ours to change: a volume of somebody else
        if stat.S_IMODE(path.stat().st_mode) & ~mode:
            path.chmod(stat.S_IMODE(path.stat().st_mode) & mode)


def tighten(folder: Path) -> None:
    """What releases before left open to others; files under their hash were made private always."""
    for path in _loose(folder):
        _tighten(path, FOLDER if path.is_dir() else FILE)


def _loose(folder: Path) -> Iterator[Path]:
    yield from folder.glob("media/*/")
    for path in folder.iterdir():
        if not path.is_symlink():
            yield path
            if path.name in ("runs", "log", "exports") and path.is_dir():
                yield from (each for each in path.rglob("*") if not each.is_symlink())


def check_database(path: Path) -> None:
    """Raises BrokenVar for a database file that SQLite cannot read; reads all pages of it."""
    if not path.exists() or not path.stat().st_size:
        return
    try:
        with sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=20) as line:
            found = line.execute("PRAGMA quick_check(1)").fetchone()
        line.close()
    except sqlite3.DatabaseError as error:
        if (sentence := trouble(error)) is None:
            raise
        raise BrokenVar(sentence) from error
    if found and found[0] != "ok":
        raise BrokenVar(f"The database is damaged ({found[0].strip().splitlines()[-1]}). {ADVICE}")


def check_rights(folder: Path) -> None:
    """Raises BrokenVar for what this account, or a disk that is read-only, does not let change.

    SQLite opens such a database without a word, and every page would fail later.
    """
    names = (".", "heirloom.sqlite3", "media", "runs", "log", "exports")
    for path in (folder / name for name in names):
        if path.exists() and not os.access(path, os.W_OK, effective_ids=True):
            raise BrokenVar(f"{path} cannot be written. {_rights(folder)} {ADVICE}")


def trouble(error: BaseException, folder: Path | None = None) -> str | None:
    """The sentence for an error that means a broken var/; None for any other."""
    if isinstance(error, BrokenVar):
        return str(error)
    said = str(error).lower()
    if _is_of_a_database(error):
        if any(word in said for word in DAMAGED):
            return f"The database is damaged ({error}). {ADVICE}"
        if any(word in said for word in UNWRITABLE):
            return f"The database cannot be written ({error}). {_rights(folder)} {ADVICE}"
    if isinstance(error, OSError) and folder is not None and _lies_in(error, folder):
        return f"{folder} cannot be used: {error.strerror}. {_rights(folder)} {ADVICE}"
    return None


def _is_of_a_database(error: BaseException) -> bool:
    return any(kind.__name__ == "DatabaseError" for kind in type(error).__mro__)


def _lies_in(error: OSError, folder: Path) -> bool:
    kinds = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR)
    if error.errno not in (*kinds, errno.EIO) or not error.filename:
        return False
    path = Path(str(error.filename))
    return path == folder or folder in path.parents or path in folder.parents


def _rights(folder: Path | None) -> str:
    place = folder if folder is not None else "The folder"
    return f"{place} must be a folder that this account may write, on a disk that is not read-only."
