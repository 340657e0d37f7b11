"""`manage.py backup FOLDER`: database and files, while the site runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.errors import Refused
from photos import backups


class Command(BaseCommand):
    help = "Copies the database of one moment and every file that it names into a new folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="must not exist, or be empty")
        parser.add_argument(
            "--like", type=Path, help="an earlier backup on the same disk: its files are linked"
        )
        parser.add_argument(
            "--without-damaged", action="store_true", help="go on without files the site lacks"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = backups.make(
                options["folder"].absolute(),
                like=options["like"],
                without_damaged=options["without_damaged"],
                say=self.stdout.write,
            )
        except (Refused, OSError) as reason:
            raise CommandError(str(reason), returncode=2) from reason
        self.stdout.write(
            f"{options['folder']}: {made.blobs} files, {made.bytes / 1e6:,.1f} MB, "
            f"and the database of {made.made_at}"
        )
        if made.left_out:
            self.stdout.write(f"{len(made.left_out)} damaged files were left out")
