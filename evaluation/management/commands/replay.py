"""Recomputes a study's decision from its export: MATCH, or the first difference."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluation.statistics.replay import BadExport, differences


class Command(BaseCommand):
    help = "Check the chain of an exported study and recompute every number of its decision."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("export", type=Path, help="the zip that a study's page exports")

    def handle(self, *args: Any, **wanted: Any) -> None:
        try:
            found = differences(wanted["export"])
        except BadExport as error:
            raise CommandError(str(error), returncode=2) from error
        if found:
            raise CommandError(f"DIFFERENT: {found[0]}", returncode=1)
        self.stdout.write("MATCH")
