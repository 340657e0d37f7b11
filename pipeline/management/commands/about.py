"""`manage.py about`: release, database, broker, engine and the weights in production."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from pipeline.services import about


class Command(BaseCommand):
    help = "Says which release this is, and what it runs on: copy it into a report of a fault."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for name, value in about.lines():
                self.stdout.write(f"{name:<14} {value}")
        except DatabaseError as error:
            raise CommandError(
                f"The database does not answer, or has no tables: {error}"
            ) from error
