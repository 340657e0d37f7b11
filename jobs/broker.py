"""The embedded broker: a kombu transport on one SQLite file.

A message is only a hint to look at a Job row, so there are no leases, no acknowledgement
table and no fan-out here: what a killed worker held is sent again by the sweep.
"""

import os
import sqlite3
import threading
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import virtual
from kombu.utils.json import dumps, loads

_local = threading.local()
SHORT = 0.5  # seconds

SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS message_queue ON message (queue, id);
"""
NEXT = "SELECT id FROM message WHERE queue = ? ORDER BY id LIMIT 1"


def connection_to(path: str) -> sqlite3.Connection:
    """One connection a thread and process: a fork must never share its parent's."""
    kept: dict[tuple[str, int], sqlite3.Connection] = _local.__dict__.setdefault("kept", {})
    key = (path, os.getpid())
    if key not in kept:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.executescript(SCHEMA)
        kept[key] = connection
    return kept[key]


class Channel(virtual.Channel):
    """Direct queues as rows of one table."""

    def _database(self) -> sqlite3.Connection:
        client: Any = self.connection.client
        return connection_to(client.transport_options["path"])

    def _put(self, queue: str, message: dict[str, Any], **kwargs: Any) -> None:
        self._database().execute(
            "INSERT INTO message (queue, body) VALUES (?, ?)", (queue, dumps(message))
        )

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        database = self._database()
        # A read first, so that an idle poll takes no write lock.
        if database.execute(NEXT, (queue,)).fetchone() is None:
            raise Empty
        rows = database.execute(
            f"DELETE FROM message WHERE id = ({NEXT}) RETURNING body",  # noqa: S608
            (queue,),
        ).fetchall()
        if not rows:
            raise Empty
        message: dict[str, Any] = loads(rows[0][0])
        return message

    def _size(self, queue: str) -> int:
        row = self._database().execute("SELECT COUNT(*) FROM message WHERE queue = ?", (queue,))
        return int(row.fetchone()[0])

    def _purge(self, queue: str) -> int:
        return self._database().execute("DELETE FROM message WHERE queue = ?", (queue,)).rowcount


class Transport(virtual.Transport):
    """``embedded://`` with the transport options ``path`` and ``polling_interval``."""

    Channel = Channel
    driver_type = "sqlite"
    driver_name = "embedded"
    implements = virtual.Transport.implements.extend(
        asynchronous=False, exchange_type=frozenset(["direct"])
    )

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> None:
        # Celery looks at a stop signal between two drains of 2 s each: shorter ones stop sooner.
        super().drain_events(connection, timeout=min(timeout or SHORT, SHORT))

    def driver_version(self) -> str:
        return sqlite3.sqlite_version
