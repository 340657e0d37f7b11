"""`manage.py export_masks FOLDER --format coco`: accepted masks for other tools."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotate.services.import_export import exports
from annotate.services.import_export.options import FORMATS


class Command(BaseCommand):
    help = "Writes the newest accepted mask of every photo into a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--format", choices=FORMATS, required=True)

        parser.add_argument("--pictures", action="store_true", help="with the photographs")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            written = exports.export_masks(
                folder=options["folder"], kind=options["format"], pictures=options["pictures"]
            )
        except OSError as reason:
            raise CommandError(str(reason), returncode=2) from reason
        for path in written:
            self.stdout.write(str(path))
