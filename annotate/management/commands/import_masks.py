"""`manage.py import_masks FILE… --format coco`: masks made with other tools."""

import json
import zipfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotate.models import Import
from annotate.services.import_export import bundles, running
from annotate.services.import_export.options import ALL, FORMATS, NEWEST, Options, classes_of
from annotate.services.import_export.plan import (
    HERE,
    NEW,
    WORDS,
    Plan,
    PlanRefused,
    Row,
    report_for_programs,
)
from config.errors import Refused
from jobs.operations.planner_statistics import refresh_planner_statistics
from photos.masks.classes import CLASSES, DAMAGE_FROM

FLAGS = {
    "skip-unknown": "take what is understood; what is not is listed",
    "empty-is-undamaged": "a photo without shapes has no damage (else it was not annotated)",
    "any-folder": "compare names without their folders",
    "as-stored": "drawn on the file before it was turned",
    "as-starts": "drafts that painters begin with",
    "accepted": "without another review",
}


class Command(BaseCommand):
    help = "Imports masks for photos that are here, in one transaction. They wait for review."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument("--dry-run", action="store_true", help="only say what would come in")
        parser.add_argument("--json", action="store_true", help="the report as JSON")
        parser.add_argument(
            "--defect", choices=CLASSES, default="fracture", help="what a PNG shows"
        )
        parser.add_argument(
            "--threshold", type=int, default=DAMAGE_FROM, help="of 255, from which a PNG is damage"
        )
        parser.add_argument("--line-width", type=float, help="in pixels, of lines without one")
        parser.add_argument("--classes", default="", help="crack=fracture,dust=scuff")
        parser.add_argument(
            "--annotations", choices=(NEWEST, ALL), default=NEWEST, help="of a Label Studio task"
        )
        parser.add_argument("--because", default="", help="why they count as accepted")
        for name, words in FLAGS.items():
            parser.add_argument(f"--{name}", action="store_true", help=words)

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        row = Import(name=files[0].name[:300])
        try:
            how = running.may_accept(_options(options), admin=True)
            if not options["dry_run"]:
                row.options = how.as_json()
                row.save()
            plan, made = running.run_at_once(
                lambda: _opened(files), how, row, dry_run=options["dry_run"]
            )
        except PlanRefused as refused:
            _forget(row)
            plan, made = refused.plan, []
        except Refused as reason:
            _forget(row)
            self._refuse(options, str(reason))
            return
        self._tell(plan, as_json=options["json"])
        if plan.refusal:
            raise CommandError(self._refusal(plan), returncode=2)
        if not options["dry_run"]:
            refresh_planner_statistics()
            self.stderr.write(f"{len(made)} imported.")

    def _refusal(self, plan: Plan) -> str:
        for row in plan.refused:
            self.stderr.write(f"{row.file}: {row.reason}")
        if not plan.refused:
            return str(plan.refusal)
        return f"{len(plan.refused)} of the files were refused. Nothing was imported."

    def _refuse(self, options: dict[str, Any], reason: str) -> None:
        if options["json"]:
            self.stdout.write(json.dumps({"refusal": reason}, ensure_ascii=False))
        raise CommandError(reason, returncode=2)

    def _tell(self, plan: Plan, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(
                json.dumps(report_for_programs(plan.as_json()), ensure_ascii=False, indent=1)
            )
            return
        for row in plan.rows:
            self.stdout.write("\t".join(_cells(row)))
        for name in plan.aside:
            self.stdout.write(f"{name}\tno annotation")


def _cells(row: Row) -> list[str]:
    """File, outcome, photo and by what, shapes, pixels, what it replaces, what else there is."""
    shapes = ", ".join(f"{count} {name}" for name, count in row.shapes.items())
    pixels = ", ".join(f"{count} px {name}" for name, count in row.pixels.items() if count)
    left_out = " ".join(f"{count} x: {words}" for words, count in row.left_out.items())
    photo = f"{row.photo} (by {row.by})" if row.photo else "-"
    empty = "no damage" if row.outcome in (NEW, HERE) and not pixels else "-"
    words = " ".join(filter(None, map(str, [row.reason, left_out, *row.notes])))
    instead = f"before {row.replaces}" if row.replaces else "-"
    return [row.file, WORDS[row.outcome], photo, shapes or "-", pixels or empty, instead, words]


@contextmanager
def _opened(files: list[Path]) -> Iterator[bundles.Bundle]:
    missing = [file for file in files if not file.exists()]
    if missing:
        raise Refused(f"{missing[0]} does not exist.")
    if len(files) == 1 and files[0].is_file() and zipfile.is_zipfile(files[0]):
        with bundles.opened(files[0], files[0].name) as bundle:
            yield bundle
    else:
        yield bundles.of_paths(files)


def _options(said: dict[str, Any]) -> Options:
    flags = {name.replace("-", "_"): said[name.replace("-", "_")] for name in FLAGS}
    names = ("defect", "threshold", "line_width", "annotations")
    return Options(
        kind=said["format"],
        classes=classes_of(said["classes"]),
        because=said["because"] or ("imported from the shell" if said["accepted"] else ""),
        **{name: said[name] for name in names},
        **flags,
    )


def _forget(row: Import) -> None:
    if not row._state.adding:
        row.delete()
