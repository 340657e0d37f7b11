"""Makes room: deletes uploads that were begun and not finished."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from pipeline.services.uploads import unfinished_uploads


class Command(BaseCommand):
    help = "Delete unfinished uploads that have been silent for some hours; finished ones stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--silent-hours", type=float, default=1.0, help="0: all of them, also those under way"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        before = unfinished_uploads.open_uploads()[1]
        dropped = unfinished_uploads.drop(timedelta(hours=max(0.0, options["silent_hours"])))
        count, size = unfinished_uploads.open_uploads()
        freed = (before - size) / 1e6
        self.stdout.write(
            f"{dropped} uploads dropped, {freed:,.0f} MB freed; "
            f"{count} go on with {size / 1e6:,.0f} MB."
        )
