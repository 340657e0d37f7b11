"""One photograph of a folder to files beside each other: whole ones only, the JSON last."""

import hashlib
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from annotate import scans
from pipeline.batch.items import BatchItem, Choices
from pipeline.imageio import encode

Facts = dict[str, Any]


def finished(item: BatchItem, choices: Choices, weights: Mapping[str, str]) -> Facts | None:
    """What an earlier call wrote, if it is of these bytes, choices and weights; else None."""
    try:
        facts: Facts = json.loads(item.result("json").read_text(encoding="utf-8"))
        used = {stage: each["sha256"] for stage, each in facts["weights"].items()}
        same = facts["settings"] == choices.said and used == weights
        there = all(item.result(ending).exists() for ending in item.endings)
        return facts if same and there and facts["sha256"] == _digest(item.photo) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def restore(item: BatchItem, networks: Mapping[str, Any], choices: Choices) -> Facts:
    """Writes the four pictures and NAME.json about them; answers what is in the JSON.

    Raises scans.RefusedScan or OSError with a reason; what was begun is removed.
    """
    try:
        return _restore(item, networks, choices)
    finally:
        sweep(item)


def sweep(item: BatchItem) -> None:
    """Removes what somebody left half written."""
    for ending in item.endings:
        item.partial(ending).unlink(missing_ok=True)


def _restore(item: BatchItem, networks: Mapping[str, Any], choices: Choices) -> Facts:
    from pipeline.engine.pipeline import Options
    from pipeline.engine.pipeline import restore as run

    start = time.perf_counter()
    with item.photo.open("rb"), scans.decoded(item.photo, within=scans.limits()) as scan:
        image = scans.read_png((scan.folder / "working.png").read_bytes())
    seconds = {"decode": round(time.perf_counter() - start, 3)}
    facts: Facts = {
        "photo": item.photo.name,
        "sha256": _digest(item.photo),
        "height": image.shape[0],
        "width": image.shape[1],
        "settings": choices.said,
        "weights": {stage: network.described() for stage, network in networks.items()},
        "seconds": seconds,
        "warnings": [],
    }
    item.folder.mkdir(parents=True, exist_ok=True)
    item.result("json").unlink(missing_ok=True)  # until the end these are not its pictures
    for result in run(image, networks, Options(mirrors=choices.mirrors, strength=choices.strength)):
        pixels = encode.mask_plane(result.pixels) if result.kind == "mask" else result.pixels
        _write(item, f"{result.kind}.png", encode.png(pixels))
        seconds[result.kind] = result.report.pop("seconds")
        facts["warnings"] += result.report.pop("warnings", [])
        facts |= result.report
    seconds["together"] = round(time.perf_counter() - start, 3)
    text = json.dumps(facts, indent=1, ensure_ascii=False) + "\n"
    _write(item, "json", text.encode())
    return facts


def _write(item: BatchItem, ending: str, data: bytes) -> None:
    partial = item.partial(ending)
    partial.write_bytes(data)
    partial.replace(item.result(ending))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
