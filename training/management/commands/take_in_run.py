"""`manage.py take_in_run FOLDER…`: runs that were made in a shell, with curves and weights."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.errors import Refused
from training.services import taking_in


class Command(BaseCommand):
    help = "Take run folders of training.cli.prepare into the site: curves, samples, weights."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folders", nargs="+", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in options["folders"]:
            try:
                run = taking_in.take_in(folder)
            except (Refused, OSError) as error:
                raise CommandError(str(error), returncode=2) from error
            self.stdout.write(f"{run.pk} {run.stage}: {run.recipe_name}")
