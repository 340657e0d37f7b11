"""Decodes one untrusted scan in a process of its own: `python -m photos.decoding.child IN OUTDIR`.

Writes the derived files and `facts.json`, as `photos.decoding.confined` has it. No Django here.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from config.words.pairs import Said, said
from photos.decoding import jpeg_damage
from photos.decoding.asked import arranged, proposal
from photos.decoding.colours import canonical
from photos.decoding.confined import TOO_MUCH_MEMORY, answer
from photos.decoding.formats import HEAD, NAMES, Refusal, Unsupported, kind_of
from photos.decoding.opening import Limits, open_scan
from photos.decoding.tiff.infrared_pages import write_infrared
from photos.decoding.told import told
from photos.files import sha256

PREVIEW, THUMBNAIL = 1600, 320
# The tracer's cost map takes about 42 bytes a pixel at once (measured); for larger photos the
# painter makes its own, tile by tile.
COST_MEGAPIXELS = 24
# Larger photos also come as tiles: no tab should hold all their pixels at once.
TILED_MEGAPIXELS = 40
TILE = 512
LOADERS = ("Jpeg", "Png", "Tiff", "Webp", "Heif")


def write_all(image: Any, folder: Path, transform: dict[str, Any]) -> dict[str, Any]:
    """Writes working image, preview, thumbnail and cost map; answers the facts."""
    import pyvips

    working = folder / "working.png"
    image.pngsave(str(working), compression=3, filter="sub", keep="none")
    source = pyvips.Image.new_from_file(str(working))
    to_eight_bits(source).jpegsave(
        str(folder / "display.jpg"), Q=92, keep="none", subsample_mode="off"
    )
    preview = _reduced(source, PREVIEW)
    preview.jpegsave(str(folder / "preview.jpg"), Q=88, keep="none", optimize_coding=True)
    _reduced(preview, THUMBNAIL).jpegsave(str(folder / "thumbnail.jpg"), Q=82, keep="none")
    has_cost = source.width * source.height <= COST_MEGAPIXELS * 1e6
    if has_cost:
        _write_cost(source, folder / "cost.png")
    has_tiles = source.width * source.height > TILED_MEGAPIXELS * 1e6
    if has_tiles:
        _write_tiles(source, folder / "tiles.zip")
    return {
        "width": source.width,
        "height": source.height,
        "bits": 16 if source.format == "ushort" else 8,
        "is_grey": _is_grey(preview),
        "has_cost": has_cost,
        "has_tiles": has_tiles,
        "transform": transform,
    }


def to_eight_bits(image: Any) -> Any:
    """16 bit to 8 by 257, rounded: 65535 is 255 and no value is clipped."""
    if image.format != "ushort":
        return image
    kind = "srgb" if image.bands > 2 else "b-w"
    return (image / 257).rint().cast("uchar").copy(interpretation=kind)


def decode(source: Path, folder: Path, limits: Limits) -> dict[str, Any]:
    """The whole way from a stranger's file to our own; raises Refusal."""
    import pyvips

    allow_loaders()
    with source.open("rb") as file:
        kind = kind_of(file.read(HEAD))
    digest = sha256(source)
    try:
        facts = _written(source, kind, folder, limits)
    except pyvips.Error as error:
        ends = _ends_early(source, kind)
        lines = (line.strip() for line in str(error).splitlines())
        # Our own paths are nobody's business.
        heard = [line for line in lines if str(source) not in line and str(folder) not in line]
        raise Refusal(_reason(NAMES[kind], heard, ends_early=ends)) from error
    return facts | {"sha256": digest}


def allow_loaders() -> None:
    """libvips opens these kinds and no other from here on."""
    import pyvips

    pyvips.operation_block_set("VipsForeignLoad", True)
    for loader in LOADERS:
        pyvips.operation_block_set(f"VipsForeignLoad{loader}", False)
    pyvips.cache_set_max(0)


def _written(source: Path, kind: str, folder: Path, limits: Limits) -> dict[str, Any]:
    """The derived files, and the facts about them. Where somebody asked for what is there, a
    whole file is read as ever, and of another it is said.
    """
    import pyvips

    if not limits.salvage:
        return _whole(source, kind, folder, limits)
    try:
        return _whole(source, kind, folder, replace(limits, salvage=False))
    except Unsupported:
        raise
    except (pyvips.Error, Refusal):
        facts = _once(source, kind, folder, limits)
    facts["transform"]["notes"].append(jpeg_damage.SALVAGED)
    return facts


def _whole(source: Path, kind: str, folder: Path, limits: Limits) -> dict[str, Any]:
    if kind != "jpeg":
        return _once(source, kind, folder, limits)

    def once(path: Path, fail_on: str) -> dict[str, Any]:
        return _once(path, kind, folder, limits, fail_on)

    facts, notes = jpeg_damage.decoded(source, folder, once)
    facts["transform"]["notes"] += notes
    return facts


def _once(
    path: Path, kind: str, folder: Path, limits: Limits, fail_on: str = "error"
) -> dict[str, Any]:
    opened = open_scan(path, kind, limits, fail_on)
    image, transform = canonical(opened)
    if limits.words:
        directory = opened.chosen.directory if opened.chosen else None
        transform["told"] = told(opened.image, directory)
    image, moved = arranged(
        image, limits, transform, lambda: canonical(open_scan(path, kind, limits, fail_on))[0]
    )
    transform |= {"format": NAMES[kind], "salvaged": limits.salvage}
    facts = write_all(image, folder, transform)
    _propose(folder, transform)
    facts["has_infrared"] = write_infrared(path, opened, folder, transform, moved)
    return facts


def _propose(folder: Path, transform: dict[str, Any]) -> None:
    """Says where the print lies, of a scan that keeps its geometry; nothing is cut for that."""
    import pyvips

    if "cropped" in transform:
        return
    frame = proposal(pyvips.Image.new_from_file(str(folder / "preview.jpg")))
    transform |= {"print": frame.said()} if frame else {}


def _write_cost(source: Any, path: Path) -> None:
    import pyvips

    from photos.decoding.ridges import cost_map

    grey = to_eight_bits(source)
    if grey.bands > 1:
        grey = grey.colourspace("b-w")[0]
    cost = cost_map(grey.numpy().reshape(grey.height, grey.width))  # one pixel is no array
    pyvips.Image.new_from_array(cost).pngsave(str(path), compression=6, keep="none")


def _write_tiles(source: Any, path: Path) -> None:
    """Halvings cut into tiles, `<level>/<x>_<y>.jpg` below one folder of a zip that stores;
    level 0 is the smallest and fits one tile."""
    to_eight_bits(source).dzsave(
        str(path),
        tile_size=TILE,
        overlap=0,
        depth="onetile",
        suffix=".jpg[Q=90,keep=none]",
        container="zip",
        compression=0,
    )


def _reduced(image: Any, side: int) -> Any:
    scale = min(1.0, side / max(image.width, image.height))
    image = to_eight_bits(image)
    return image if scale == 1.0 else image.resize(scale, kernel="lanczos3")


def _is_grey(preview: Any) -> bool:
    """No colour beyond what JPEG leaves behind; a sepia print is not grey."""
    if preview.bands < 3:
        return True
    return all(bool((preview[i] - preview[1]).abs().max() <= 4) for i in (0, 2))


def _ends_early(source: Path, kind: str) -> bool:
    """A JPEG or PNG without its end mark."""
    mark = {"jpeg": b"\xff\xd9", "png": b"IEND"}.get(kind)
    with source.open("rb") as file:
        file.seek(max(0, source.stat().st_size - 1024))
        return mark is not None and mark not in file.read()


def _reason(name: str, lines: list[str], *, ends_early: bool) -> Said:
    """libvips' own words turned into ours."""
    low = "\n".join(lines).lower()
    if "memory" in low:
        return TOO_MUCH_MEMORY
    if ends_early or "premature" in low or "truncated" in low:
        return said("scan.truncated", name=name)
    if "not configured" in low or "unsupported" in low or "not supported" in low:
        return said("scan.other-kind", name=name)
    detail = next((line for line in lines if line and not line.startswith("unable to")), "")
    if not detail:
        return said("scan.damaged", name=name)
    return said("scan.damaged-so", name=name, detail=detail[:120])


def read(source: Path, folder: Path, limits: Limits) -> None:
    (folder / "facts.json").write_text(json.dumps(decode(source, folder, limits)))


if __name__ == "__main__":
    sys.exit(answer(read, Refusal))
