"""`manage.py add_photos PATH…`: imports files, or whole folders, into the library."""

import glob
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.errors import Refused
from jobs.operations.planner_statistics import refresh_planner_statistics
from photos import services as photos
from photos.file_names import shown
from photos.file_search import search
from photos.models import Blob, Photo


class Command(BaseCommand):
    help = "Imports photos; workers read them. Prints one line a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument(
            "--album", default="", help="instead of folders; keeps photos in one split"
        )
        parser.add_argument("--licence", default="")
        parser.add_argument("--source", default="")
        parser.add_argument("--wants-mask", action="store_true", help="ask assessors for a mask")
        parser.add_argument(
            "--no-training", action="store_true", help="these photos may not be used for training"
        )
        parser.add_argument(
            "--now", action="store_true", help="read them here, without waiting for a worker"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["paths"]:
            if not os.path.lexists(path) and not glob.has_magic(str(path)):
                raise CommandError(f"{shown(path)} does not exist.", returncode=2)
        found = search([str(path) for path in options["paths"]])
        for path, reason in found.refused:
            self.stderr.write(f"{shown(path)}: {reason}")
        refused = len(found.refused)
        for path in found.photos:
            refused += self._bring(path, path.relative_to(found.root), options)
        refresh_planner_statistics()
        if found.passed:
            count = len(found.passed)
            self.stdout.write(f"{count} file{'s' if count > 1 else ''} passed over")
        if refused:
            raise CommandError(f"{refused} of the files were refused.", returncode=2)

    def _bring(self, path: Path, place: Path, options: dict[str, Any]) -> bool:
        """Whether it was refused; what became of it is printed."""
        try:
            blob = photos.keep_original(path)
            if twin := photos.twins(blob.pk).first():
                said = f"{shown(path)}: already here as {shown(twin.title)}"
                self.stdout.write(f"{said}. {twin.reason}" if twin.reason else said)
                return twin.state == Photo.State.REFUSED
            photo = self._add(blob, path, place, options)
        except (Refused, OSError) as reason:
            self.stderr.write(f"{shown(path)}: {reason}")
            return True
        said = f"{shown(path)}: {photo.get_state_display()} {photo.reason}"
        self.stdout.write(said.rstrip())
        return photo.state == Photo.State.REFUSED

    def _add(self, blob: Blob, path: Path, place: Path, options: dict[str, Any]) -> Photo:
        """Its folder below what was asked for is its album, unless one was named."""
        folder = shown(place.parent) if len(place.parts) > 1 else ""
        photo = photos.add_photo(
            file=blob,
            title=shown(path.stem),
            original_name=shown(place)[-500:],
            album=options["album"] or folder[:120],
            licence=options["licence"],
            source=options["source"],
            wants_mask=options["wants_mask"],
            training_allowed=not options["no_training"],
        )
        return photos.read_photo(photo) if options["now"] else photo
