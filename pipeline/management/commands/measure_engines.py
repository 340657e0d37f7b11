"""`manage.py measure_engines`: ONNX Runtime or torch, whichever is faster on this host."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pipeline.services.rendering import runtime_selection
from pipeline.services.rendering.engine_timing import on_activity
from training.models import Promotion, Stage


class Command(BaseCommand):
    help = "Times every engine on what is in production; the fastest exact one runs here."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true", help="also what was measured before")

    def handle(self, *args: Any, **options: Any) -> None:
        versions = runtime_selection.unmeasured()
        if options["again"]:
            current = (Promotion.objects.current(stage) for stage in Stage.values)
            promoted = [row.version for row in current if row and row.version.weights]
            versions = [version for version in promoted if not version.is_imported]
        if not versions:
            self.stdout.write("Everything in production was measured on this host before.")
            return
        for told in on_activity(versions):
            self.stdout.write(str(told))
