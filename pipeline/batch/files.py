"""One photograph of a folder to files beside each other: whole ones only, the JSON last."""

import json
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from config.words.said import said
from config.words.wall import for_programs, in_words
from photos.decoding import scans
from photos.file_names import shown
from photos.files import sha256
from photos.models import seed_of
from pipeline.batch.items import ENDINGS, FORMS, TONED_ENDINGS, BatchItem, Choices
from pipeline.batch.naming import source_of
from pipeline.batch.written import Written
from pipeline.engine.guards.sessions import guards_named
from pipeline.engine.tones import TONES
from pipeline.imageio import encode
from pipeline.imageio.layers import Layers
from pipeline.imageio.marks import Marks, of_transform
from pipeline.imageio.xmp import provenance
from pipeline.services import aliases
from pipeline.services.render_plan import COLOUR, FILL, PARTS

Facts = dict[str, Any]
AS_ALWAYS = Written()
CHANGED = said("batch.changed")


def finished(
    item: BatchItem, choices: Choices, weights: Mapping[str, str], written: Written = AS_ALWAYS
) -> Facts | None:
    """What an earlier call wrote, if it is of these bytes, choices and weights; else None."""
    try:
        facts: Facts = json.loads(item.result("json").read_text(encoding="utf-8"))
        used = {stage: each["sha256"] for stage, each in facts["weights"].items()}
        same = aliases.choices(facts["settings"]) == choices.said and used == weights
        same = same and facts["guards"] == guards_named()
        same = same and (facts["fill"], facts["colour"]) == (FILL, COLOUR)
        same = same and facts.get("toned", {}).get("version", TONES) == TONES
        same = same and facts.get("written", {}) == written.said
        same = same and facts.get("page", 1) == item.page
        there = all(item.result(ending).exists() for ending in written.must_have(facts))
        return facts if same and there and facts["sha256"] == sha256(item.photo) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def restore(
    item: BatchItem,
    networks: Mapping[str, Any],
    choices: Choices,
    written: Written = AS_ALWAYS,
) -> Facts:
    """Writes the pictures and NAME.json about them; answers what is in the JSON.

    Raises scans.RefusedScan or OSError with a reason; what was begun is removed.
    """
    try:
        return _restore(item, networks, choices, written)
    finally:
        sweep(item)


def sweep(item: BatchItem) -> None:
    """Removes what somebody left half written; never in the way of the next photo."""
    for ending in ENDINGS:
        with suppress(OSError):
            item.partial(ending).unlink(missing_ok=True)


def _restore(
    item: BatchItem, networks: Mapping[str, Any], choices: Choices, written: Written
) -> Facts:
    from pipeline.engine.pipeline import restore as run

    start = time.perf_counter()
    digest = sha256(item.photo)
    within = scans.limits(page=item.page, words=written.keep_metadata, **choices.reading)
    with scans.decoded(item.photo, within=within) as scan:
        if scan.facts["sha256"] != digest:
            raise scans.RefusedScan(CHANGED)
        image = scans.read_png((scan.folder / "working.png").read_bytes())
        transform = scan.facts["transform"]
        infrared = scans.read_png(scan.infrared.read_bytes()) if scan.infrared else None
    seconds = {"decode": round(time.perf_counter() - start, 3)}
    options = replace(_options(choices), seed=seed_of(digest, item.page))
    facts = _about(item, digest, image, networks, choices, written)
    facts |= {"seconds": seconds, "warnings": list(transform.get("notes", []))}
    facts |= {"dpi": transform["dpi"]} if "dpi" in transform else {}
    _clear(item, facts)
    layers = Layers(image, marks=of_transform(transform))
    kinds = written.made(tones=choices.tones is not None)
    for result in run(image, networks, options, infrared=infrared, kinds=kinds):
        marks = _marks(result.kind, facts, transform, written)
        _write_picture(item, written, result, marks)
        seconds[result.kind] = result.report.pop("seconds")
        facts["warnings"] += result.report.pop("warnings", [])
        facts |= result.report
        if written.layers:
            layers.add(result.kind, result.pixels)
        if result.guarding is not None:
            _write_questions(item, image, result)
        if choices.tones is not None and written.toned_forms(result.kind):
            _write_toned(item, written, result, facts, choices, marks)
    if written.layers:
        for ending, data in layers.files():
            _write(item, ending, data)
    seconds["together"] = round(time.perf_counter() - start, 3)
    text = json.dumps(_in_words(facts), indent=1, ensure_ascii=False) + "\n"
    _write(item, "json", text.encode())
    return facts


def _in_words(facts: Facts) -> Facts:
    """For people and programs: what is said in words, and beside it as codes."""
    skipped: Facts = facts["skipped"]
    words: Facts = for_programs({**facts, "skipped": {}})
    words["skipped"] = {kind: in_words(why) for kind, why in skipped.items()}
    return {**words, "skipped_said": skipped} if skipped else words


def _about(
    item: BatchItem,
    digest: str,
    image: Any,
    networks: Mapping[str, Any],
    choices: Choices,
    written: Written,
) -> Facts:
    """What is known before anything is made."""
    from pipeline.engine.pipeline import skipped

    page = {"page": item.page} if item.page > 1 else {}
    return {
        "photo": shown(item.photo.name),
        "source": source_of((item.photo, item.page)),
        **page,
        "sha256": digest,
        "height": image.shape[0],
        "width": image.shape[1],
        "settings": choices.said,
        **({"written": written.said} if written.said else {}),
        "fill": FILL,
        "colour": COLOUR,
        "weights": {stage: network.described() for stage, network in networks.items()},
        "guards": guards_named(),
        "skipped": skipped(image, _options(choices)),
    }


def _clear(item: BatchItem, facts: Facts) -> None:
    """Until the end what lies there is not this photo's; what it will not have goes."""
    item.folder.mkdir(parents=True, exist_ok=True)
    item.result("json").unlink(missing_ok=True)
    left = [f"{kind}.{form}" for kind in facts["skipped"] for form in FORMS]
    for ending in ("proposals.png", *TONED_ENDINGS, *left):
        item.result(ending).unlink(missing_ok=True)


def _marks(kind: str, facts: Facts, transform: Facts, written: Written) -> Marks:
    """Resolution and provenance; of the original's own words what was asked for."""
    weights = [(stage, facts["weights"][stage]["sha256"]) for stage in PARTS[kind]]
    kept = transform.get("told", {}) if written.keep_metadata else {}
    return of_transform(transform, provenance(kind, weights, kept))


def _write_picture(item: BatchItem, written: Written, result: Any, marks: Marks) -> None:
    is_mask = result.kind == "mask"
    pixels = encode.mask_plane(result.pixels) if is_mask else result.pixels
    _write_forms(item, written.forms(result.kind), pixels, written.jpeg, marks)


def _write_forms(
    item: BatchItem, endings: Iterable[str], pixels: Any, quality: int, marks: Marks
) -> None:
    for ending in endings:
        form = ending.rpartition(".")[2]
        if form == "tif":
            _write(item, ending, encode.tiff16(pixels, marks))
        else:
            lossy = form == "jpg"
            data = encode.jpeg(pixels, quality, marks) if lossy else encode.png(pixels, marks)
            _write(item, ending, data)


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


def _write_toned(
    item: BatchItem,
    written: Written,
    result: Any,
    facts: Facts,
    choices: Choices,
    marks: Marks,
) -> None:
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
        _write_forms(item, written.toned_forms(result.kind), pixels, written.jpeg, marks)
        told["kinds"].append(result.kind)


def _write(item: BatchItem, ending: str, data: bytes) -> None:
    partial = item.partial(ending)
    partial.write_bytes(data)
    partial.replace(item.result(ending))
