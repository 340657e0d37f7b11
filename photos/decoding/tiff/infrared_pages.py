"""The infrared of a scan, out of a further channel or page; only inside the decoder's child."""

from pathlib import Path
from typing import Any

from config.words.pairs import said
from photos.decoding.asked import Step
from photos.decoding.formats import Refusal
from photos.decoding.opening import Opened
from photos.decoding.scanner.infrared import DUST, NOTES, OTHER, PICTURE, judged
from photos.decoding.tiff import reading as tiff_reading
from photos.decoding.tiff.directories import Directory
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
    _refuse_infrared(path, chosen)
    plane, named = _plane(path, chosen)
    if plane is None:
        return False
    if chosen.unknown is None:  # as the page itself is judged, however the picture is cut
        luma, seen = _light(path, chosen.directory), _small(plane)
    else:
        luma, seen = _luma(folder / "working.png"), _small(moved(plane))
    found = judged(luma, seen, named=named)
    if found == DUST:
        plane = moved(_plane(path, chosen)[0])
        plane.pngsave(str(folder / "infrared.png"), compression=3, keep="none")
    if found != OTHER and chosen.infrared_number:
        transform["infrared_page"] = chosen.infrared_number
    if found == PICTURE or (
        found == OTHER and chosen.infrared is None
    ):  # another page is another photograph
        transform["notes"].append(NOTES[found])
    return found == DUST


def _refuse_infrared(path: Path, chosen: tiff_reading.Chosen) -> None:
    """Both pages as they lie in the file: one that was turned or cut has another size."""
    if chosen.behind is None:
        return
    named = is_named_infrared(chosen.directory)
    plane = _small(tiff_reading.load(path, chosen.directory).autorot()[0])
    if judged(_light(path, chosen.behind), plane, named=named) != OTHER:
        number = chosen.behind.page + 1
        raise Refusal(said("scan.infrared-page", number=number))


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


def _light(path: Path, page: Directory) -> Any:
    """A colour page as the file has it, in brightness alone."""
    image = tiff_reading.load(path, page).autorot()
    return _small(image.extract_band(0, n=3).colourspace("b-w")[0])


def _luma(working: Path) -> Any:
    import pyvips

    image = pyvips.Image.new_from_file(str(working), access="sequential")
    return _small(image if image.bands == 1 else image.colourspace("b-w")[0])


def _small(image: Any) -> Any:
    scale = min(1.0, SIDE / max(image.width, image.height))
    small = image if scale == 1 else image.resize(scale, kernel="linear")
    return small.numpy().reshape(small.height, small.width)
