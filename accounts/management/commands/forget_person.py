"""`manage.py forget_person NAME`: the account loses its name, keys and private things."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from accounts.personal.forgetting import forget_person, left_of
from config.errors import Refused


class Command(BaseCommand):
    help = "Forgets a person; what she painted, reviewed and voted stays without her name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--with-photographs", action="store_true", help="erase what she brought as a visitor"
        )
        parser.add_argument("--check", action="store_true", help="only look for what is left")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['username']}.", returncode=2)
        try:
            if not options["check"]:
                erased = forget_person(user, with_photographs=options["with_photographs"])
                self.stdout.write(f"{user} is forgotten; {erased} photographs erased")
        except Refused as reason:
            raise CommandError(str(reason), returncode=2) from reason
        if left := list(left_of(user)):
            raise CommandError(f"Still there: {'; '.join(left)}.", returncode=1)
        self.stdout.write(f"nothing says who {user} was")
