"""`manage.py take_home NAME FILE.zip`: all that is kept of a person, for her."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from accounts.personal.taking_home import write_zip
from config.errors import Refused


class Command(BaseCommand):
    help = "Writes what is kept of a person: data.json and her photographs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['username']}.", returncode=2)
        try:
            with options["file"].open("xb") as file:
                write_zip(user, file)
        except (Refused, OSError) as reason:
            raise CommandError(str(reason), returncode=2) from reason
        self.stdout.write(f"{options['file']}: {options['file'].stat().st_size:,} bytes")
