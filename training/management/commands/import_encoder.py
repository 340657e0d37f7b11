"""`manage.py import_encoder FILE | --download NAME`: weights that encoders may start from."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.errors import Refused
from training.cli import encoder_import


class Command(BaseCommand):
    help = "Check a published weight file, record its SHA-256 and keep it for recipes to name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        given = parser.add_mutually_exclusive_group(required=True)
        given.add_argument("file", nargs="?", type=Path, help=".pth or .safetensors")
        given.add_argument("--download", metavar="NAME", help=", ".join(encoder_import.OFFICIAL))

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.ENCODERS_ROOT
        try:
            if options["download"]:
                found = encoder_import.download(options["download"], folder)
            else:
                found = encoder_import.import_file(options["file"], folder)
        except (Refused, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{found.kind}: {found.path}\nSHA-256 {found.sha256}, {found.source}")
        use = "--features" if found.kind.startswith("vgg") else "--encoder"
        command = "measuring.ablations" if found.kind.startswith("vgg") else "cli.prepare"
        self.stdout.write(f"Use it with: python -m training.{command} ... {use} {found.path}")
