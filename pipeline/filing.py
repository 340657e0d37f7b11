"""One photograph of a folder to files beside each other: whole ones only, the JSON last."""

import hashlib
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from annotate import scans
from pipeline import pictures
from pipeline.batches import Choices, Errand
from pipeline.plans import FILL

Facts = dict[str, Any]


def finished(errand: Errand, choices: Choices, weights: Mapping[str, str]) -> Facts | None:
    """What an earlier call wrote, if it is of these bytes, choices and weights; else None."""
    try:
        facts: Facts = json.loads(errand.result("json").read_text(encoding="utf-8"))
        used = {stage: each["sha256"] for stage, each in facts["weights"].items()}
        same = facts["settings"] == choices.said and facts["fill"] == FILL and used == weights
        there = all(errand.result(ending).exists() for ending in errand.endings)
        return facts if same and there and facts["sha256"] == _digest(errand.photo) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def restore(errand: Errand, networks: Mapping[str, Any], choices: Choices) -> Facts:
    """Writes the four pictures and NAME.json about them; answers what is in the JSON.

    Raises scans.RefusedScan or OSError with a reason; what was begun is removed.
    """
    try:
        return _restore(errand, networks, choices)
    finally:
        sweep(errand)


def sweep(errand: Errand) -> None:
    """Removes what somebody left half written."""
    for ending in errand.endings:
        errand.partial(ending).unlink(missing_ok=True)


def _restore(errand: Errand, networks: Mapping[str, Any], choices: Choices) -> Facts:
    from pipeline.engine.chain import Options
    from pipeline.engine.chain import restore as run

    start = time.perf_counter()
    with errand.photo.open("rb"), scans.decoded(errand.photo, within=scans.limits()) as scan:
        image = scans.read_png((scan.folder / "working.png").read_bytes())
    seconds = {"decode": round(time.perf_counter() - start, 3)}
    facts: Facts = {
        "photo": errand.photo.name,
        "sha256": _digest(errand.photo),
        "height": image.shape[0],
        "width": image.shape[1],
        "settings": choices.said,
        "fill": FILL,
        "weights": {stage: network.described() for stage, network in networks.items()},
        "seconds": seconds,
        "warnings": [],
    }
    errand.folder.mkdir(parents=True, exist_ok=True)
    errand.result("json").unlink(missing_ok=True)  # until the end these are not its pictures
    options = Options(**choices.said, seed=int(facts["sha256"][:16], 16))
    for result in run(image, networks, options):
        pixels = pictures.mask_plane(result.pixels) if result.kind == "mask" else result.pixels
        _write(errand, f"{result.kind}.png", pictures.png(pixels))
        seconds[result.kind] = result.report.pop("seconds")
        facts["warnings"] += result.report.pop("warnings", [])
        facts |= result.report
    seconds["together"] = round(time.perf_counter() - start, 3)
    text = json.dumps(facts, indent=1, ensure_ascii=False) + "\n"
    _write(errand, "json", text.encode())
    return facts


def _write(errand: Errand, ending: str, data: bytes) -> None:
    partial = errand.partial(ending)
    partial.write_bytes(data)
    partial.replace(errand.result(ending))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
