"""Every page and list of a big library on SQLite: processor time, bytes and queries of each.

Builds the rows of `building`, then asks for every address of the site that takes GET, one that
takes an id with ids of rows that are there, and lists with their filters, their last page and the
most rows that the API gives. `BIG_LIBRARY=folder` keeps what was built for the next time.
"""

import os
import tempfile
from pathlib import Path

HOLD_MS = 300


def main() -> None:
    with tempfile.TemporaryDirectory() as passing:
        folder = Path(os.environ.get("BIG_LIBRARY") or passing)
        os.environ.update(
            HEIRLOOM_VAR=str(folder), DJANGO_SETTINGS_MODULE="config.settings", DATABASE_URL="",
            LOG_LEVEL="ERROR", DEMO="0",
        )  # fmt: skip
        import django

        django.setup()
        from django.core.management import call_command

        from jobs.operations.first_run import collect_static
        from jobs.operations.planner_statistics import refresh_planner_statistics
        from tests.benchmarks.big_library import building, pages

        built = (folder / "heirloom.sqlite3").stat().st_size > 0
        call_command("migrate", verbosity=0)
        collect_static(lambda text: None)
        if not built:
            building.build()
            refresh_planner_statistics()
        found = [pages.measured(address) for address in pages.addresses()]
        for page in sorted(found, key=lambda page: -page.milliseconds):
            print(page.line(HOLD_MS))
        slow = [page for page in found if page.milliseconds > HOLD_MS]
        broken = [page for page in found if page.status >= 500]
        print(
            f"{len(found)} addresses, {len(slow)} above {HOLD_MS} ms of processor time, "
            f"{len(broken)} that failed"
        )
