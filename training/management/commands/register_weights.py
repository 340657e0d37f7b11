"""`manage.py register_weights FILE…`: take weight files with their cards into the site."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.errors import Refused
from training import services


class Command(BaseCommand):
    help = "Register safetensors files; their exports are checked in the background."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--name", default="", help="what pages call it; else from the card")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["files"]:
            try:
                version = services.register_weights(path=path, name=options["name"])
            except (Refused, OSError) as error:
                raise CommandError(str(error), returncode=2) from error
            self.stdout.write(f"{version.pk} {version.stage}: {version.name}")
