"""`manage.py make_token USERNAME --name backup --scopes "restorations:read"`: printed once."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand

from accounts import scopes, services
from accounts.api.serializers import DEFAULT
from accounts.models import YEAR


class Command(BaseCommand):
    help = "Makes an API token for an account and prints it, this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="by command", help="what will use it")
        parser.add_argument("--scopes", default=DEFAULT, help=f"of {' '.join(scopes.SCOPES)}")
        parser.add_argument("--days", type=int, default=YEAR, help="until it ends; without, a year")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = User.objects.get(username=options["username"])
            wanted = scopes.parse(options["scopes"])
            row = services.make_token(
                user=user, name=options["name"], scopes=wanted, days=options["days"]
            )
        except User.DoesNotExist:
            self.stop(f"There is no account {options['username']}.")
        except (ValueError, services.TooMany) as reason:
            self.stop(str(reason))
        else:
            self.stdout.write(row[1])

    def stop(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)
