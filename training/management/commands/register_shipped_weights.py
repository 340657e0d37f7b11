"""`manage.py register_shipped_weights`: after an upgrade, take up newer weights that ship."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from training.services import export_check, shipped_weights


class Command(BaseCommand):
    help = "Register the weights that ship; promote them only where nobody chose others."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            new, promoted = shipped_weights.register()
        except export_check.GateError as error:
            raise CommandError(str(error)) from error
        for version in new:
            self.stdout.write(f"registered {version.stage}: {version.name}")
        for row in promoted:
            self.stdout.write(f"promoted {row.stage}: {row.version.name}")
        if not new and not promoted:
            self.stdout.write("Nothing new.")
