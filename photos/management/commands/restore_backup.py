"""`manage.py restore_backup FOLDER`: checks a backup and puts it in the place of this site."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.errors import Refused
from jobs.management.commands.up import hold_lock
from photos import backups


class Command(BaseCommand):
    help = "Reads every byte of a backup, then restores files and database from it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--check", action="store_true", help="only look whether it is whole")
        parser.add_argument("--overwrite", action="store_true", help="a site that has photographs")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                found = backups.verify(options["folder"])
            else:
                with hold_lock():
                    found = backups.restore(
                        options["folder"], overwrite=options["overwrite"], say=self.stdout.write
                    )
        except (Refused, OSError) as reason:
            raise CommandError(str(reason), returncode=2) from reason
        word = "is whole" if options["check"] else "is restored; start with `manage.py up`"
        self.stdout.write(f"{options['folder']} of {found.made_at} {word}")
