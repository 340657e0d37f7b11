"""`manage.py import_model FILE.onnx …`: a network that others published becomes a version."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.errors import Refused
from training.foreign import adapters
from training.models import Stage
from training.services.foreign import foreign_versions


class Command(BaseCommand):
    help = "Examine, try and register an ONNX graph; it runs in a process of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--stage", required=True, choices=Stage.values)
        parser.add_argument("--adapter", default="", help=", ".join(adapters.names()))
        parser.add_argument("--adapter-file", type=Path, help="a TOML file of your own")
        parser.add_argument("--licence", required=True, help="SPDX identifier, such as Apache-2.0")
        parser.add_argument("--source", required=True, help="address it comes from")
        parser.add_argument("--title", required=True, help="what pages call it")
        parser.add_argument("--maker", default="")
        parser.add_argument("--no-commercial", action="store_true", help="the licence forbids it")

    def handle(self, *args: Any, **options: Any) -> None:
        card = foreign_versions.Card(
            title=options["title"],
            licence=options["licence"],
            source=options["source"],
            maker=options["maker"],
            noncommercial=options["no_commercial"],
        )
        try:
            own = options["adapter_file"]
            adapter = foreign_versions.adapter_of(
                options["stage"],
                name=options["adapter"],
                text=own.read_text() if own else "",
            )
            version = foreign_versions.import_model(
                path=options["file"], adapter=adapter, card=card
            )
        except (Refused, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error), returncode=2) from error
        gate = version.gate
        self.stdout.write(
            f"{version.pk} {version.stage}: {version.name}, {gate['seconds_per_megapixel']} s a"
            f" megapixel, {gate['memory_megabytes']} MB, SHA-256 {version.weights_sha256}"
        )
