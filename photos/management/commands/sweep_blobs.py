"""`manage.py sweep_blobs`: deletes files that no row has used for a day."""

from typing import Any

from django.core.management.base import BaseCommand

from photos import storage


class Command(BaseCommand):
    help = "Deletes stored files older than a day that no row refers to."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{storage.sweep()} files deleted")
