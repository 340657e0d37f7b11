"""The whole database as one file, taken while the site runs, and back.

SQLite by its own backup API; PostgreSQL by pg_dump and pg_restore, which see one moment and
write one transaction.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from config.errors import Refused

NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
PAGES = 4096  # copied at a time, so that a writer waits no longer than that takes
Rows = list[tuple[Any, ...]]


def vendor() -> str:
    if connection.vendor not in NAMES:
        raise Refused(f"Backups know SQLite and PostgreSQL, not {connection.vendor}.")
    return str(connection.vendor)


def dump(to: Path, query: str) -> Rows:
    """Writes the database as it is at one moment; answers a query about the same moment."""
    if vendor() == "sqlite":
        _copy(str(connection.settings_dict["NAME"]), str(to), pages=PAGES)
        with closing(sqlite3.connect(to)) as copy:
            return list(copy.execute(query))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (moment,) = cursor.fetchone()
        cursor.execute(query)
        rows = list(cursor.fetchall())
        flags = ["--format=custom", "--no-owner", f"--snapshot={moment}", f"--file={to}"]
        _postgresql("pg_dump", *flags, _name())
        return rows


def load(source: Path) -> None:
    """Puts a dump in the place of the database, all or nothing."""
    connection.close()
    if vendor() == "sqlite":
        place = Path(connection.settings_dict["NAME"])
        place.parent.mkdir(parents=True, exist_ok=True)
        _copy(str(source), str(place), pages=-1)
    else:
        flags = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
        _postgresql("pg_restore", *flags, f"--dbname={_name()}", str(source))


def check(source: Path) -> None:
    """Refuses a dump that the database's own programs cannot read."""
    if source.name == NAMES["sqlite"]:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as found:
            try:
                told = found.execute("PRAGMA quick_check").fetchone()[0]
            except sqlite3.DatabaseError as error:
                told = str(error)
        if told != "ok":
            raise Refused(f"The database in this backup is damaged: {told}.")
    elif shutil.which("pg_restore"):
        _postgresql("pg_restore", "--list", str(source))


def _copy(source: str, to: str, *, pages: int) -> None:
    """Page by page; what is written meanwhile is copied again, so the copy is of one moment."""
    with (
        closing(sqlite3.connect(source, timeout=60)) as origin,
        closing(sqlite3.connect(to, timeout=60)) as copy,
    ):
        origin.backup(copy, pages=pages, sleep=0.01)


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _postgresql(program: str, *arguments: str) -> None:
    """Runs one of PostgreSQL's programs; the password travels in the environment alone."""
    found = shutil.which(program)
    if found is None:
        raise Refused(f"{program} is not installed; it comes with PostgreSQL's client programs.")
    of: dict[str, Any] = connection.settings_dict
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    given = {variable: str(of[name]) for name, variable in names.items() if of.get(name)}
    done = subprocess.run(
        [found, *arguments],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise Refused(f"{program} failed: {last}")
