"""`manage.py erase_photo ID|LINK --because TEXT`, and `--check` to prove an earlier erasure."""

import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.errors import Refused
from evaluation.services.erasure import remains
from photos import erasure
from photos.models import Photo
from pipeline.models import Restoration


class Command(BaseCommand):
    help = "Erases a photograph everywhere and proves that nothing is left of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("photo", help="its id, or the token of a restoration's private link")
        parser.add_argument("--because", default="", help="kept with the record of the erasure")
        parser.add_argument("--check", action="store_true", help="only look for what is left")

    def handle(self, *args: Any, **options: Any) -> None:
        photo = found(options["photo"])
        try:
            if not options["check"]:
                erasure.erase_photo(photo=photo, because=options["because"])
        except Refused as reason:
            raise CommandError(str(reason), returncode=2) from reason
        for row in photo.erasures.all():
            self.stdout.write(f"{row.at:%Y-%m-%d %H:%M} erased {len(row.digests)} files")
        left = list(remains(photo))
        if left:
            raise CommandError(f"Still there: {'; '.join(left)}.", returncode=1)
        self.stdout.write(f"nothing is left of {photo.pk}")


def found(text: str) -> Photo:
    restoration = Restoration.objects.filter(token=text).select_related("photo").first()
    if restoration is not None:
        return restoration.photo
    try:
        return Photo.objects.get(pk=uuid.UUID(text))
    except (ValueError, Photo.DoesNotExist):
        raise CommandError("There is no such photograph.", returncode=2) from None
