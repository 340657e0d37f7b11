"""`manage.py add_outputs STUDY --rival NAME DIR`: pictures made elsewhere stand in a draft."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.errors import Refused
from config.words.wall import in_words
from evaluation.models import Study
from evaluation.services.rivals.adding import Card, add_outputs


class Command(BaseCommand):
    help = "Add a folder or ZIP of pictures to a draft, matched to its photos by name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", type=int, help="its number")
        parser.add_argument("folder", type=Path, help="a folder or a ZIP")
        parser.add_argument("--rival", required=True, help="its name; again: replace its pictures")
        parser.add_argument("--title", default="", help="what result pages call it; else its name")
        parser.add_argument("--maker", default="")
        parser.add_argument("--licence", default="")
        parser.add_argument("--source", default="", help="where the pictures come from")

    def handle(self, *args: Any, **options: Any) -> None:
        words = {word: options[word] for word in ("title", "maker", "licence", "source")}
        try:
            study = Study.objects.get(number=options["study"])
            card = Card(name=options["rival"], **words)
            rival = add_outputs(study=study, card=card, source=options["folder"])
        except Study.DoesNotExist as error:
            raise CommandError(f"There is no study {options['study']}.", returncode=2) from error
        except (Refused, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        for picture in rival.pictures.exclude(fitted="").select_related("photo"):
            self.stdout.write(f"{picture.file_name}: {picture.fitted}")
        for row in rival.passed_over:
            self.stderr.write(f"{row['file']}: {in_words(row['reason'])}")
        missing = [photo.title for photo in rival.missing()]
        self.stdout.write(f"{rival.title}: {rival.pictures.count()} pictures")
        if lossy := rival.pictures.filter(lossy=True).count():
            self.stdout.write(f"{lossy} came in a lossy format, whose traces an eye may find")
        if missing:
            named = ", ".join(missing[:10]) + (" and others" if len(missing) > 10 else "")
            photos = f"{len(missing)} photo{'s'[: len(missing) > 1]}"
            self.stdout.write(f"no picture of {photos}, left out of the study: {named}")
