"""`manage.py preview_synthesis --out SHEET.png`: look at what a network is taught."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from training.augmentation.sheets import damage_sheet
from training.measuring.pictures import BadRequest, find_pictures, read_rgb
from training.recipes import STAGES

MOST = 60  # photos read from a folder, evenly spread


class Command(BaseCommand):
    help = "Draw a contact sheet of synthetic damage, with real old photos beside it where given."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="clean photos; else free samples")
        parser.add_argument("--out", type=Path, required=True, help="PNG or JPEG to write")
        parser.add_argument("--beside", type=Path, help="real old photos, framed in black")
        parser.add_argument("--stage", choices=STAGES, default="segmentation")
        parser.add_argument("--count", type=int, default=12)
        parser.add_argument("--size", type=int, default=320, help="side of each picture, px")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--labels", action="store_true", help="each again with its classes")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["count"] <= 200 or not 32 <= options["size"] <= 2048:
            raise CommandError("--count goes from 1 to 200, --size from 32 to 2048.", returncode=2)
        try:
            photos = _read(options["folder"]) if options["folder"] else _free_samples()
            real = _read(options["beside"]) if options["beside"] else []
            chosen = {key: options[key] for key in ("stage", "size", "count", "seed", "labels")}
            sheet = damage_sheet(photos, real, **chosen)
            Image.fromarray(sheet).save(options["out"])
        except (BadRequest, ValueError, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{options['out']}: {sheet.shape[1]} x {sheet.shape[0]} px")


def _read(folder: Path) -> list[NDArray[np.uint8]]:
    if not folder.is_dir():
        raise BadRequest(f"{folder} is not a folder.")
    paths = find_pictures(folder, "inpainting", None)
    return [read_rgb(path) for path in paths[:: max(1, len(paths) // MOST)][:MOST]]


def _free_samples() -> list[NDArray[np.uint8]]:
    """Photos that scikit-image brings along."""
    return [data.astronaut(), data.coffee(), data.chelsea(), data.rocket()]
