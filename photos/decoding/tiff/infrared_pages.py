"""The infrared of a scan, out of a further channel or page; only inside the decoder's child."""

from pathlib import Path
from typing import Any

from photos.decoding.asked import Step
from photos.decoding.formats import NO_PHOTOGRAPH, Refusal
from photos.decoding.opening import Opened
from photos.decoding.scanner.infrared import DUST, OTHER, PICTURE, SENTENCES, judged
from photos.decoding.tiff import reading as tiff_reading
from photos.decoding.tiff.photographs import is_named_infrared

SIDE = 1000  # px: what is compared


def write_infrared(
    path: Path, opened: Opened, folder: Path, transform: dict[str, Any], moved: Step
) -> bool:
    """Writes infrared.png where the scan has one that sees dust, `moved` as the picture was, and
    says in the notes what else was found. Raises Refusal where this page is itself the infrared
    of the one before it.
    """
    chosen = opened.chosen
    if chosen is None:
        return False
    _refuse_infrared(path, chosen, folder)
    plane, named = _plane(path, chosen)
    if plane is None:
        return False
    plane = moved(plane)
    found = judged(_luma(folder / "working.png"), _small(plane), named=named)
    if found == DUST:
        plane = moved(_plane(path, chosen)[0])
        plane.pngsave(str(folder / "infrared.png"), compression=3, keep="none")
    if found != OTHER and chosen.infrared_number:
        transform["infrared_page"] = chosen.infrared_number
    if found == PICTURE or (
        found == OTHER and chosen.infrared is None
    ):  # another page is another photograph
        transform["notes"].append(SENTENCES[found])
    return found == DUST


def _refuse_infrared(path: Path, chosen: tiff_reading.Chosen, folder: Path) -> None:
    if chosen.behind is None:
        return
    named = is_named_infrared(chosen.directory)
    light = tiff_reading.load(path, chosen.behind, access="sequential").autorot()
    luma = _small(light.extract_band(0, n=3).colourspace("b-w")[0])
    if judged(luma, _luma(folder / "working.png"), named=named) != OTHER:
        number = chosen.behind.page + 1
        raise Refusal(f"{NO_PHOTOGRAPH} it is the infrared of page {number}.")


def _plane(path: Path, chosen: tiff_reading.Chosen) -> tuple[Any, bool]:
    """(one upright band or None, whether the file calls it infrared)."""
    if chosen.unknown is not None:
        image = tiff_reading.load(path, chosen.directory).autorot()
        at = image.bands - len(chosen.extra) + chosen.unknown - chosen.colours
        kind = "grey16" if image.format == "ushort" else "b-w"
        return image[at].copy(interpretation=kind), False
    if chosen.infrared is not None:
        image = tiff_reading.load(path, chosen.infrared).autorot()
        return image[0], is_named_infrared(chosen.infrared)
    return None, False


def _luma(working: Path) -> Any:
    import pyvips

    image = pyvips.Image.new_from_file(str(working), access="sequential")
    return _small(image if image.bands == 1 else image.colourspace("b-w")[0])


def _small(image: Any) -> Any:
    scale = min(1.0, SIDE / max(image.width, image.height))
    small = image if scale == 1 else image.resize(scale, kernel="linear")
    return small.numpy().reshape(small.height, small.width)
