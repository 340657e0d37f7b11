"""What SQLite's planner knows of the tables: how many rows an index leaves.

It learns nothing by itself. PostgreSQL does, and is left alone.
"""

import sqlite3

from django.db import connection

LOOKED_AT = 1_000  # rows of each index: some milliseconds whatever the size of the library
OPTIMIZE_ALL = (3, 46)  # from this release on SQLite looks by itself which tables need it


def refresh_planner_statistics() -> None:
    """After imports and now and then: without it a page may read a table to find three rows."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={LOOKED_AT}")
        cursor.execute(
            "PRAGMA optimize=0x10002" if sqlite3.sqlite_version_info >= OPTIMIZE_ALL else "ANALYZE"
        )
