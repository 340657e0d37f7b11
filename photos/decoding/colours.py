"""From what a scanner wrote to what we work on: upright, sRGB or grey, 8 or 16 bits kept.

Only inside the decoder's child.
"""

import hashlib
from typing import Any

from config.words.pairs import Said, said
from photos.decoding.opening import SEVERAL, Opened, field_of
from photos.decoding.primaries import by_primaries
from photos.decoding.tiff.reading import from_lab

MOST_TOLD = 3


def copies_told(sizes: tuple[tuple[int, int], ...]) -> Said:
    """What is said of pages that were left out for their size alone."""
    named = [f"{width} x {height}" for width, height in sizes[:MOST_TOLD]]
    if more := len(sizes) - len(named):
        return said("note.many-copies", count=len(sizes), sizes=named, more=more)
    return said("note.copies", count=len(sizes), sizes=named)


def canonical(opened: Opened) -> tuple[Any, dict[str, Any]]:
    """The picture, transparent parts laid on white; and how it was done."""
    image, chosen = opened.image, opened.chosen
    transform: dict[str, Any] = {
        "orientation": field_of(image, "orientation", 1),
        "source_width": image.width,
        "source_height": image.height,
        "bands": image.bands,
        "interpretation": str(image.interpretation),
        "pages": chosen.count if chosen else 1,
        "profile": _profile_digest(image),
        "notes": [],
    }
    if opened.dpi:
        across, down = opened.dpi
        turned = transform["orientation"] > 4
        transform["dpi"] = [down, across] if turned else [across, down]
    if several := field_of(image, SEVERAL, 0):
        transform["notes"].append(said("note.main-one", count=several))
    if chosen and chosen.copies:
        transform["notes"].append(copies_told(chosen.copies))
    image = image.autorot()
    picture, cover = _divided(image, opened)
    transform["alpha"] = cover is not None
    depth = 16 if image.format in ("ushort", "short") else 8
    picture, how = _to_srgb(picture, depth)
    transform["colour"] = [how]
    if opened.gamma:
        picture = _by_gamma(picture, opened.gamma, depth)
        transform["colour"] = [said("colour.gamma", gamma=opened.gamma)]
    if opened.primaries and picture.bands == 3:
        picture = by_primaries(picture, opened.primaries, depth)
        transform["colour"].append(said("colour.primaries"))
    if cover is not None:
        picture = _on_white(picture, cover)
    if picture.bands == 2:
        picture = picture[0]
    return picture, transform


def _divided(image: Any, opened: Opened) -> tuple[Any, Any]:
    """(the channels of colour, that of transparency or None); a channel that nobody named is
    neither."""
    chosen = opened.chosen
    if chosen is None:
        has = bool(image.hasalpha())
        colours, alpha = image.bands - has, image.bands - 1 if has else None
    else:
        colours = image.bands - len(chosen.extra)
        alpha = None if chosen.alpha is None else colours + chosen.alpha - chosen.colours
    if colours == image.bands:
        return image, None
    picture = image.extract_band(0, n=colours).copy(interpretation=image.interpretation)
    return picture, None if alpha is None else image[alpha]


def _on_white(picture: Any, cover: Any) -> Any:
    white = 65535 if picture.format == "ushort" else 255
    if cover.format != picture.format:
        cover = (cover / 257).cast("uchar") if white == 255 else (cover * 257).cast("ushort")
    kind = picture.interpretation
    laid = picture.bandjoin(cover).flatten(background=white, max_alpha=white)
    return laid.cast(picture.format).copy(interpretation=kind)


def _by_gamma(picture: Any, gamma: float, depth: int) -> Any:
    """Samples as light to the power of `gamma` become sRGB's; a table of every value."""
    import numpy as np
    import pyvips

    top = 65535 if depth == 16 else 255
    light = np.linspace(0, 1, top + 1) ** (1 / gamma)
    low = light <= 0.0031308
    srgb = np.where(low, 12.92 * light, 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055)
    table = np.rint(srgb * top).astype(np.uint16 if depth == 16 else np.uint8)
    return picture.maplut(pyvips.Image.new_from_array(table[None, :])).copy(
        interpretation=picture.interpretation
    )


def _to_srgb(image: Any, depth: int) -> tuple[Any, Said]:
    import pyvips

    if image.interpretation in ("lab", "labs"):
        return from_lab(image, depth), said("colour.lab")
    grey = image.bands < 3
    cmyk = image.interpretation == "cmyk"
    has_profile = image.get_typeof("icc-profile-data") != 0
    if not has_profile and not cmyk:
        wanted = ("grey16" if grey else "rgb16") if depth == 16 else ("b-w" if grey else "srgb")
        if image.interpretation in ("srgb", "rgb16", "b-w", "grey16", "multiband", "rgb"):
            return image.copy(interpretation=wanted), said("colour.taken-as-srgb")
        return image.colourspace(wanted), said("colour.from", kind=str(image.interpretation))
    fallback = "cmyk" if cmyk else "srgb"
    try:
        out = image.icc_transform("srgb", embedded=True, input_profile=fallback, depth=depth)
    except pyvips.Error:
        if cmyk:
            out = image.icc_transform("srgb", input_profile="cmyk", depth=depth)
            return out, said("colour.damaged-cmyk")
        return image, said("colour.damaged-profile")
    name = said("colour.profile") if has_profile else said("colour.cmyk")
    return (out[0] if grey else out), name


def _profile_digest(image: Any) -> str:
    if not image.get_typeof("icc-profile-data"):
        return ""
    return hashlib.sha256(bytes(image.get("icc-profile-data"))).hexdigest()
