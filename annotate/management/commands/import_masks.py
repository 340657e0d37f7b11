"""`manage.py import_masks FILE… --format coco`: masks made with other tools."""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotate.services.import_export import archives
from config.errors import Refused
from jobs.operations.planner_statistics import refresh_planner_statistics
from photos.masks.classes import CLASSES, DAMAGE_FROM


class Command(BaseCommand):
    help = "Imports masks for photos that are here, found by title. They wait for review."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--format", choices=archives.FORMATS, required=True)
        parser.add_argument(
            "--defect", choices=CLASSES, default="fracture", help="what a PNG shows"
        )
        parser.add_argument(
            "--threshold", type=int, default=DAMAGE_FROM, help="of 255, from which a PNG is damage"
        )
        parser.add_argument("--accepted", action="store_true", help="without another review")
        parser.add_argument(
            "--as-stored",
            action="store_true",
            help="drawn on the file before it was turned",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        refused = 0
        for file in options["files"]:
            try:
                for mask in self._masks_in(file, options):
                    self.stdout.write(f"{file}: {mask}")
            except (Refused, OSError) as reason:
                refused += 1
                self.stderr.write(f"{file}: {reason}")
        refresh_planner_statistics()
        if refused:
            raise CommandError(f"{refused} of the files were refused.", returncode=2)

    @staticmethod
    def _masks_in(file: Path, options: dict[str, Any]) -> archives.Found:
        names = ("defect", "threshold", "accepted", "as_stored")
        how = {"kind": options["format"], **{name: options[name] for name in names}}
        if file.suffix.lower() == ".zip":
            with file.open("rb") as archive:
                yield from archives.import_archive(data=archive, **how)
            return
        beside = partial(archives.in_folder, file.parent)
        data = file.read_bytes()
        yield from archives.import_masks(name=file.name, data=data, beside=beside, **how)
