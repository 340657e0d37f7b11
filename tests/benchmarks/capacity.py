"""A million rows on PostgreSQL: how many queries and how much database time a page or claim takes.

`python -m tests.benchmarks capacity`. Rows are made by the database itself; each act runs three times, and
the quickest counts, as on a database that is warm. HEIRLOOM_ROWS sets another number of rows.
"""

import os
import tempfile
import time
from collections.abc import Callable
from typing import Any

from tests.benchmarks import servers

ROWS = int(os.environ.get("HEIRLOOM_ROWS", "1000000"))
MOST_MS = 50.0
FILL = [
    # a tenth waits for a mask, the rest are visitors' photographs
    """INSERT INTO photos_photo (id, title, origin, state, reason, width, height, bits, is_grey,
       transform, album, source, licence, training_allowed, wants_mask, masks_wanted, salvage,
       priority, urgency, created_at{more})
       SELECT md5('p' || n)::uuid, 'Plate ' || n, CASE WHEN n % 10 = 0 THEN 'import' ELSE 'visitor' END,
       'ready', '', 1600, 1200, 8, false, '{{}}', 'album ' || n % 1000, '', '', false, n % 10 = 0, 1, false,
       n % 7, random(), now() - n * interval '1 second'{values} FROM generate_series(1, %(rows)s) n""",
    """INSERT INTO jobs_job (id, kind, queue, params, title, state, attempt, max_attempts, created_at,
       available_at, started_at, finished_at, lease_owner, progress, message, cancel_requested, error,
       request_id)
       SELECT md5('j' || n)::uuid, 'pipeline.restore', 'interactive', '{}', 'Restore a photograph',
       CASE WHEN n %% 1000 = 0 THEN 'queued' ELSE 'succeeded' END, 1, 3, now() - n * interval '1 second',
       now() - n * interval '1 second', now() - n * interval '1 second',
       CASE WHEN n %% 1000 = 0 THEN NULL ELSE now() - n * interval '1 second' + interval '4 seconds' END,
       '', 1, '', false, '', '' FROM generate_series(1, %(rows)s) n""",
]


def fill() -> None:
    """Photos and jobs; columns that other rooms have added get the empty value of their type."""
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in FILL:
            if "{more}" in statement:
                more, values = _missing(cursor, "photos_photo", statement)
                statement = statement.format(more=more, values=values).replace(" % ", " %% ")
            cursor.execute(statement, {"rows": ROWS})
        cursor.execute("ANALYZE")


def _missing(cursor: Any, table: str, statement: str) -> tuple[str, str]:
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
        " AND is_nullable = 'NO' AND column_default IS NULL",
        [table],
    )
    given = statement.partition("(")[2].partition(")")[0].replace("{more}", "")
    known = {name.strip() for name in given.split(",")}
    empty = {"boolean": "false", "jsonb": "'[]'", "integer": "0", "smallint": "0"}
    absent = [(name, kind) for name, kind in cursor.fetchall() if name not in known]
    more = "".join(f", {name}" for name, _ in absent)
    return more, "".join(f", {empty.get(kind, chr(39) * 2)}" for _, kind in absent)


def measure(name: str, act: Callable[[], Any]) -> bool:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    best, queries, slowest = 1e9, 0, ""
    for _ in range(3):
        with CaptureQueriesContext(connection) as seen:
            act()
        spent = 1000 * sum(float(query["time"]) for query in seen.captured_queries)
        if spent < best:
            worst = max(seen.captured_queries, key=lambda query: float(query["time"]))
            best, queries, slowest = spent, len(seen), f"{worst['time']} s: {worst['sql'][:110]}"
    word = "holds" if best < MOST_MS else "MISSES"
    print(f"{name:28} {queries:3} queries {best:7.1f} ms of database time  {word} {MOST_MS:.0f} ms")
    if best >= MOST_MS:
        print(f"    {slowest}")
    return best < MOST_MS


def acts() -> dict[str, Callable[[], Any]]:
    from django.contrib.auth.models import Group, User
    from django.test import Client

    from annotate import services
    from annotate.models import Assignment
    from jobs.models import Job
    from jobs.monitoring import statistics

    person = User.objects.create_user("bench")
    person.groups.set(
        Group.objects.get_or_create(name=role)[0] for role in ("assessor", "reviewer", "admin")
    )
    client, visitor = Client(), Client()
    client.force_login(person)

    def claim() -> None:
        Assignment.objects.update(state=Assignment.State.RELEASED)
        services.claim_assignment(assessor=person)

    def claim_job() -> None:
        job = Job.objects.claimable().first()
        if job is not None:
            job.claim(owner="bench")

    list(statistics.metrics())  # the first time adds up the past, once
    return {
        "home page, visitor": lambda: visitor.get("/"),
        "home page, staff": lambda: client.get("/"),
        "labelling: next photo": claim,
        "labelling: queue page": lambda: client.get("/annotate/"),
        "list of photos": lambda: client.get("/annotate/photos/"),
        "activity": lambda: client.get("/activity/"),
        "a job is claimed": claim_job,
        "sweep": lambda: Job.objects.lease_ended().count() + Job.objects.unsent().count(),
        "metrics of jobs": lambda: list(statistics.metrics()),
    }


def main() -> None:
    with servers.postgresql() as database, tempfile.TemporaryDirectory() as var:
        os.environ |= {
            "DATABASE_URL": database.address,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "HEIRLOOM_VAR": var,
            "SECRET_KEY": "a bench",
            "ALLOWED_HOSTS": "testserver",
            "LOG_LEVEL": "ERROR",
        }
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        settings.STORAGES["staticfiles"] = {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        }
        call_command("migrate", verbosity=0)
        without_jit()
        began = time.monotonic()
        fill()
        print(f"{ROWS:,} photos and {ROWS:,} jobs in {time.monotonic() - began:.0f} s; {size()}")
        held = [measure(name, act) for name, act in acts().items()]
        print(f"{sum(held)} of {len(held)} hold; load of the machine {os.getloadavg()[0]:.1f}")


def without_jit() -> None:
    """As docs/operating.md advises: compiling takes longer than any of these queries."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT format('ALTER DATABASE %I SET jit = off', current_database())")
        cursor.execute(cursor.fetchone()[0])
    connection.close()


def size() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        return f"the database has {cursor.fetchone()[0]}"


if __name__ == "__main__":
    main()
