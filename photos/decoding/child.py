"""Decodes one untrusted scan in a process of its own: `python -m photos.decoding.child IN OUTDIR`.

Reads limits as JSON from standard input, writes the derived files and `facts.json` into
OUTDIR. A refusal is one sentence on standard output and exit status 3. No Django here.
"""

import hashlib
import json
import resource
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from photos.decoding.formats import HEAD, NAMES, Refusal, Unsupported, kind_of
from photos.decoding.pillow_reading import FORMATS, open_by_pillow

REFUSED = 3
PREVIEW, THUMBNAIL = 1600, 320
# The tracer's cost map takes about 42 bytes a pixel at once (measured); for larger photos the
# painter makes its own, tile by tile.
COST_MEGAPIXELS = 24
# Larger photos also come as tiles: no tab should hold all their pixels at once.
TILED_MEGAPIXELS = 40
TILE = 512
LOADERS = ("Jpeg", "Png", "Tiff", "Webp", "Heif")
# What pillow-heif turns libheif's complaints into.
HEIC_ERRORS = (ValueError, OSError, RuntimeError, EOFError, SyntaxError)
TOO_MUCH_MEMORY = "Reading this image takes more memory than one scan is given."


@dataclass(frozen=True)
class Limits:
    megapixels: float = 250
    side: int = 60_000
    bands: int = 4
    pages: int = 100
    heic: bool = True
    salvage: bool = False  # read what is there of a file that ends too early
    memory: int = 2 << 30
    cpu_seconds: int = 120
    file_bytes: int = 4 << 30


def check_header(image: Any, kind: str, limits: Limits) -> None:
    """Looks at the header alone; not one pixel is decoded before this has passed."""
    name = NAMES[kind]
    check_size(name, image.width, image.height, image.bands, limits)
    pages = _field(image, "n-pages", 1)
    if pages > 1 and kind in ("webp", "png"):
        raise Refusal(f"This {name} is an animation of {pages} pictures, not a photograph.")
    if image.format not in ("uchar", "ushort"):
        raise Unsupported(
            f"This {name} stores its samples as {image.format}; 8 and 16 bit integers are read."
        )


def check_size(name: str, width: int, height: int, bands: int, limits: Limits) -> None:
    """Refuses more than is decoded here."""
    if max(width, height) > limits.side:
        raise Refusal(
            f"This {name} is {width:,} x {height:,} pixels; the limit is {limits.side:,} a side."
        )
    megapixels = width * height / 1e6
    if megapixels > limits.megapixels:
        raise Refusal(
            f"This {name} has {megapixels:,.0f} megapixels; the limit is {limits.megapixels:g}."
        )
    if bands > limits.bands:
        raise Unsupported(f"This {name} has {bands} channels; the limit is {limits.bands}.")


def open_scan(path: Path, kind: str, limits: Limits) -> Any:
    """The image with its header checked; pixels follow when they are asked for."""
    import pyvips

    if kind == "heic":
        return _open_heic(path, limits)
    if kind in FORMATS:
        check = partial(check_size, NAMES[kind], limits=limits)
        return open_by_pillow(path, kind, check, salvage=limits.salvage)
    options: dict[str, Any] = {"fail_on": "none" if limits.salvage else "error"}
    image = pyvips.Image.new_from_file(str(path), **options)
    check_header(image, kind, limits)
    # A turned picture is read from bottom or side: that needs random access.
    if _field(image, "orientation", 1) == 1:
        image = pyvips.Image.new_from_file(str(path), access="sequential", **options)
    return image


def canonical(image: Any) -> tuple[Any, dict[str, Any]]:
    """Oriented, sRGB or grey, 8 or 16 bits kept, alpha laid on white; and how it was done."""
    transform: dict[str, Any] = {
        "orientation": _field(image, "orientation", 1),
        "source_width": image.width,
        "source_height": image.height,
        "bands": image.bands,
        "interpretation": str(image.interpretation),
        "pages": _field(image, "n-pages", 1),
        "profile": _profile_digest(image),
        "alpha": bool(image.hasalpha()),
    }
    image = image.autorot()
    depth = 16 if image.format == "ushort" else 8
    if image.hasalpha():
        white = 65535 if depth == 16 else 255
        image = image.flatten(background=white, max_alpha=white).cast(image.format)
    image, transform["colour"] = _to_srgb(image, depth)
    if image.bands == 2:
        image = image[0]
    return image, transform


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

    pyvips.operation_block_set("VipsForeignLoad", True)
    for loader in LOADERS:
        pyvips.operation_block_set(f"VipsForeignLoad{loader}", False)
    pyvips.cache_set_max(0)
    with source.open("rb") as file:
        kind = kind_of(file.read(HEAD))
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    try:
        image, transform = canonical(open_scan(source, kind, limits))
        transform |= {"format": NAMES[kind], "salvaged": limits.salvage}
        facts = write_all(image, folder, transform)
        return facts | {"sha256": digest}
    except pyvips.Error as error:
        ends = _ends_early(source, kind)
        lines = (line.strip() for line in str(error).splitlines())
        # Our own paths are nobody's business.
        said = [line for line in lines if str(source) not in line and str(folder) not in line]
        raise Refusal(_reason(NAMES[kind], said, ends_early=ends)) from error


def _open_heic(path: Path, limits: Limits) -> Any:
    """HEIC through pillow-heif, whose size is known before a pixel is decoded."""
    import numpy as np
    import pyvips

    if not limits.heic:
        raise Refusal("HEIC images are switched off here; save the photo as JPEG or PNG.")
    import pillow_heif

    try:
        heif = pillow_heif.open_heif(path, convert_hdr_to_8bit=False)
        header = pyvips.Image.black(1, 1, bands=len(heif.mode.split(";")[0])).copy()
        megapixels = heif.size[0] * heif.size[1] / 1e6
        if megapixels > limits.megapixels or max(heif.size) > limits.side:
            raise Refusal(
                f"This HEIC has {megapixels:,.0f} megapixels; the limit is {limits.megapixels:g}."
            )
        image = pyvips.Image.new_from_array(np.ascontiguousarray(np.asarray(heif)))
    except IndexError as error:
        raise Refusal("This HEIC is damaged: it holds no picture.") from error
    except HEIC_ERRORS as error:
        raise Refusal(f"This HEIC cannot be read: {str(error)[:120].rstrip('.')}.") from error
    deep = image.format == "ushort"
    kinds = {1: "grey16" if deep else "b-w"}
    image = image.copy(interpretation=kinds.get(header.bands, "rgb16" if deep else "srgb"))
    profile = heif.info.get("icc_profile")
    if profile:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    return image


def _to_srgb(image: Any, depth: int) -> tuple[Any, str]:
    import pyvips

    grey = image.bands < 3
    cmyk = image.interpretation == "cmyk"
    has_profile = image.get_typeof("icc-profile-data") != 0
    if not has_profile and not cmyk:
        wanted = ("grey16" if grey else "rgb16") if depth == 16 else ("b-w" if grey else "srgb")
        if image.interpretation in ("srgb", "rgb16", "b-w", "grey16", "multiband", "rgb"):
            return image.copy(interpretation=wanted), "taken as sRGB"
        return image.colourspace(wanted), f"from {image.interpretation}"
    fallback = "cmyk" if cmyk else "srgb"
    try:
        out = image.icc_transform("srgb", embedded=True, input_profile=fallback, depth=depth)
    except pyvips.Error:
        if cmyk:
            out = image.icc_transform("srgb", input_profile="cmyk", depth=depth)
            return out, "from CMYK, its own profile is damaged"
        return image, "its profile is damaged and was ignored"
    name = "by its profile" if has_profile else "by the built-in CMYK profile"
    return (out[0] if grey else out), name


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


def _profile_digest(image: Any) -> str:
    if not image.get_typeof("icc-profile-data"):
        return ""
    return hashlib.sha256(bytes(image.get("icc-profile-data"))).hexdigest()


def _field(image: Any, name: str, default: int) -> int:
    return int(image.get(name)) if image.get_typeof(name) else default


def _ends_early(source: Path, kind: str) -> bool:
    """A JPEG or PNG without its end mark."""
    mark = {"jpeg": b"\xff\xd9", "png": b"IEND"}.get(kind)
    with source.open("rb") as file:
        file.seek(max(0, source.stat().st_size - 1024))
        return mark is not None and mark not in file.read()


def _reason(name: str, lines: list[str], *, ends_early: bool) -> str:
    """libvips' own words turned into a sentence."""
    low = "\n".join(lines).lower()
    if "memory" in low:
        return TOO_MUCH_MEMORY
    if ends_early or "premature" in low or "truncated" in low:
        return f"This {name} ends too early: the file is truncated."
    detail = next((line for line in lines if line and not line.startswith("unable to")), "")
    return f"This {name} is damaged" + (f" ({detail[:120]})." if detail else ".")


def confine(limits: Limits) -> None:
    """What this process may use from here on."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_bytes, limits.file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    limits = Limits(**json.loads(sys.stdin.read() or "{}"))
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    confine(limits)
    try:
        facts = decode(source, folder, limits)
    except Refusal as reason:
        sys.stdout.write(str(reason))
        return REFUSED
    except MemoryError:
        sys.stdout.write(TOO_MUCH_MEMORY)
        return REFUSED
    (folder / "facts.json").write_text(json.dumps(facts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
