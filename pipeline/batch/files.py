"""One photograph of a folder to files beside each other: whole ones only, the JSON last."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from photos.decoding import scans
from pipeline.batch.items import TONED, BatchItem, Choices
from pipeline.engine.guards.sessions import guards_named
from pipeline.engine.tones import TONES
from pipeline.imageio import encode
from pipeline.services import aliases
from pipeline.services.render_plan import FILL

Facts = dict[str, Any]


def finished(item: BatchItem, choices: Choices, weights: Mapping[str, str]) -> Facts | None:
    """What an earlier call wrote, if it is of these bytes, choices and weights; else None."""
    try:
        facts: Facts = json.loads(item.result("json").read_text(encoding="utf-8"))
        used = {stage: each["sha256"] for stage, each in facts["weights"].items()}
        same = aliases.choices(facts["settings"]) == choices.said and used == weights
        same = same and facts["guards"] == guards_named() and facts["fill"] == FILL
        same = same and facts.get("toned", {}).get("version", TONES) == TONES
        there = all(item.result(ending).exists() for ending in item.must_have(facts))
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
    from pipeline.engine.pipeline import restore as run
    from pipeline.engine.pipeline import skipped

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
        "fill": FILL,
        "weights": {stage: network.described() for stage, network in networks.items()},
        "guards": guards_named(),
        "skipped": skipped(image, _options(choices)),
        "seconds": seconds,
        "warnings": [],
    }
    item.folder.mkdir(parents=True, exist_ok=True)
    item.result("json").unlink(missing_ok=True)  # until the end these are not its pictures
    for ending in ("proposals.png", *item.toned, *(f"{kind}.png" for kind in facts["skipped"])):
        item.result(ending).unlink(missing_ok=True)  # an earlier call may have left them
    options = replace(_options(choices), seed=int(facts["sha256"][:16], 16))
    for result in run(image, networks, options):
        pixels = encode.mask_plane(result.pixels) if result.kind == "mask" else result.pixels
        _write(item, f"{result.kind}.png", encode.png(pixels))
        seconds[result.kind] = result.report.pop("seconds")
        facts["warnings"] += result.report.pop("warnings", [])
        facts |= result.report
        if result.guarding is not None:
            _write_questions(item, image, result)
        if result.kind != "mask" and choices.tones is not None:
            _write_toned(item, result, facts, choices)
    seconds["together"] = round(time.perf_counter() - start, 3)
    text = json.dumps(facts, indent=1, ensure_ascii=False) + "\n"
    _write(item, "json", text.encode())
    return facts


def _options(choices: Choices) -> Any:
    from pipeline.engine.pipeline import Options

    return Options(
        careful=choices.careful,
        strength=choices.strength,
        fill_asked=choices.ask == "fill",
        colour=choices.colourise,
        grain=choices.grain,
    )


def _write_questions(item: BatchItem, image: Any, result: Any) -> None:
    """NAME.proposals.png: the photo with what was left outlined and numbered, if anything was."""
    from pipeline.engine.guards.proposals import drawn, unpacked

    left = result.report["proposals"]
    if left:
        labels, _ = unpacked(result.guarding.asked)
        _write(item, "proposals.png", encode.png(drawn(encode.eight_bits(image), labels, left)))


def _write_toned(item: BatchItem, result: Any, facts: Facts, choices: Choices) -> None:
    """NAME.KIND.toned.png beside the untouched picture, unless its tones are fine already."""
    from pipeline.engine.tones.applying import toned
    from pipeline.engine.tones.measuring import Tones

    tones = Tones.from_json(facts["tones"])
    auto = choices.tones == "auto"
    strength = tones.auto(choices.keep_sepia) if auto else float(choices.tones or 0)
    told = facts.setdefault("toned", {"version": TONES, "strength": strength, "kinds": []})
    if strength:
        by_luma = result.kind != "inpainted" or (choices.keep_sepia and tones.grey)
        pixels = toned(result.pixels, tones, strength, by_luma=by_luma)
        _write(item, f"{result.kind}.{TONED}", encode.png(pixels))
        told["kinds"].append(result.kind)


def _write(item: BatchItem, ending: str, data: bytes) -> None:
    partial = item.partial(ending)
    partial.write_bytes(data)
    partial.replace(item.result(ending))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
