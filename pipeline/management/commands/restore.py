"""`manage.py restore PHOTO... --out DIR`: the three results as files, without a database row."""

import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError

from annotate import scans
from pipeline import pictures

SHIPPED = settings.BASE_DIR / "training" / "weights"


class Command(BaseCommand):
    help = (
        "Restores photographs: NAME.inpainted.png, .inpainted_colorized, .colorized, .mask, .json"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO")
        parser.add_argument("--out", type=Path, required=True, help="folder for the results")
        parser.add_argument("--mirrors", action="store_true", help="four looks: slower, steadier")
        parser.add_argument("--strength", type=float, default=0.5, help="0..1, 0.5 as calibrated")
        parser.add_argument("--engine", choices=["auto", "onnx", "torch"], default="auto")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 <= options["strength"] <= 1:
            self.stop("--strength must be between 0 and 1.")
        options["out"].mkdir(parents=True, exist_ok=True)
        networks = self.networks(options["engine"])
        done = [self.one(photo, networks, options) for photo in options["photos"]]
        if not all(done):
            sys.exit(2)

    def one(self, photo: Path, networks: dict[str, Any], options: dict[str, Any]) -> bool:
        """Restores one photo; a bad file is one sentence and no reason to stop the others."""
        try:
            restore(photo, networks, options)
        except (scans.RefusedScan, OSError) as reason:
            said = reason.strerror if isinstance(reason, OSError) else str(reason)
            self.stderr.write(f"{photo}: {said}")
            return False
        self.stdout.write(f"{photo}: done")
        return True

    def networks(self, engine: str) -> dict[str, Any]:
        try:
            return {stage: opened(stage, engine) for stage in _stages()}
        except FileNotFoundError as missing:
            self.stop(f"There are no weights: {missing.filename} is missing.")
            raise

    def stop(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)


def _stages() -> tuple[str, ...]:
    from pipeline.engine.networks import STAGES

    return STAGES


def opened(stage: str, engine: str) -> Any:
    """What the site has in production where there is one, else the shipped weights."""
    from pipeline.engine.networks import open_network
    from pipeline.opening import EXPORTS, open_version

    version = in_production(stage)
    if version is not None:
        return open_version(version, engine=engine)
    path = SHIPPED / f"{stage}.safetensors"
    path.stat()  # FileNotFoundError names the file
    return open_network(
        path, name=stage, engine=engine, threads=settings.TORCH_THREADS, exports=EXPORTS
    )


def in_production(stage: str) -> Any:
    """The promoted version; None on a fresh clone, whose database has no tables yet."""
    from training.models import Promotion

    try:
        current = Promotion.objects.current(stage)
    except DatabaseError:
        return None
    return current.version if current else None


def restore(photo: Path, networks: dict[str, Any], options: dict[str, Any]) -> None:
    """Writes the four pictures of one photo and NAME.json about them."""
    from pipeline.engine.chain import Options
    from pipeline.engine.chain import restore as run

    start = time.perf_counter()
    with photo.open("rb"), scans.decoded(photo, within=scans.limits()) as scan:
        image = scans.read_png((scan.folder / "working.png").read_bytes())
    seconds = {"decode": round(time.perf_counter() - start, 3)}
    chosen = Options(mirrors=options["mirrors"], strength=options["strength"])
    facts: dict[str, Any] = {
        "photo": photo.name,
        "height": image.shape[0],
        "width": image.shape[1],
        "settings": {"mirrors": chosen.mirrors, "strength": chosen.strength},
        "weights": {stage: network.described() for stage, network in networks.items()},
        "seconds": seconds,
        "warnings": [],
    }
    for result in run(image, networks, chosen):
        pixels = pictures.mask_plane(result.pixels) if result.kind == "mask" else result.pixels
        name = options["out"] / f"{photo.stem}.{result.kind}.png"
        name.write_bytes(pictures.png(pixels))
        seconds[result.kind] = result.report.pop("seconds")
        facts["warnings"] += result.report.pop("warnings", [])
        facts |= result.report
    text = json.dumps(facts, indent=1, ensure_ascii=False)
    (options["out"] / f"{photo.stem}.json").write_text(text + "\n", encoding="utf-8")
