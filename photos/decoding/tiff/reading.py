"""Which picture of a TIFF is read, and what its channels mean; only inside the decoder's child."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.words.pairs import said
from photos.decoding.formats import Refusal, Unsupported
from photos.decoding.tiff.directories import (
    BITS,
    COMPRESSION,
    EXTRA_SAMPLES,
    PHOTOMETRIC,
    SAMPLE_FORMAT,
    Directory,
    read_directories,
)
from photos.decoding.tiff.photographs import infrared_page, photographs, taken_for_copies

CIELAB, ICCLAB, CMYK = 8, 9, 5
MEANINGS = {0: 1, 1: 1, 2: 3, 3: 1, CMYK: 4, 6: 3, CIELAB: 3, ICCLAB: 3}  # channels of colour
UNREAD = {50000: "ZSTD", 34925: "LZMA", 34661: "JBIG", 34887: "LERC", 50002: "JPEG XL"}
MOST_EXTRA = 2
SAMPLES = {2: "signed numbers", 3: "floating point", 5: "complex numbers", 6: "complex numbers"}


@dataclass(frozen=True)
class Chosen:
    """The picture of a file that is one photograph."""

    directory: Directory
    count: int
    """Photographs in the file."""
    colours: int
    """Channels of colour, in front of all others."""
    extra: tuple[int, ...] = ()
    """What each further channel is: 0 unknown, 1 and 2 transparency."""
    infrared: Directory | None = None
    """The page behind it, where that may be its infrared."""
    behind: Directory | None = None
    """The colour page before it, where this one may be its infrared."""
    infrared_number: int = 0
    """Of that page among the file's photographs, from 1; 0 where it is none of them."""
    copies: tuple[tuple[int, int], ...] = ()
    """(width, height) of pages taken for reduced copies by their size alone; told once a file."""

    @property
    def alpha(self) -> int | None:
        """The channel of transparency."""
        found = [k for k, kind in enumerate(self.extra) if kind in (1, 2)]
        return self.colours + found[0] if found else None

    @property
    def unknown(self) -> int | None:
        """The channel that nobody named: infrared, perhaps."""
        found = [k for k, kind in enumerate(self.extra) if kind == 0]
        return self.colours + found[0] if found else None


def choose(path: Path, page: int, most: int) -> Chosen | None:
    """The photograph of that number, from 1. None where the directories cannot be read: the
    decoder says what is wrong. Raises Refusal and Unsupported with the reason.
    """
    directories = read_directories(path)
    if any(each.is_raw for each in directories):
        raise Unsupported(said("scan.raw"))
    full = photographs(directories)
    if not full:
        return None
    if len(full) > most:
        raise Refusal(said("scan.photographs", count=len(full), limit=most))
    if page > len(full):
        raise Refusal(said("scan.no-such-photograph", count=len(full), number=page))
    one = full[page - 1]
    check(one)
    colours = MEANINGS[one.one(PHOTOMETRIC)]
    before = next((each for each in full if infrared_page(each, directories) is one), None)
    after = infrared_page(one, directories)
    return Chosen(
        one,
        len(full),
        colours,
        _extra(one, colours),
        after,
        before,
        full.index(after) + 1 if after in full else 0,
        tuple(each.size for each in taken_for_copies(directories)) if page == 1 else (),
    )


def check(one: Directory) -> None:
    """Refuses what would be read wrong, by name: the file is sound."""
    packed = UNREAD.get(one.one(COMPRESSION, 1))
    if packed:
        raise Unsupported(said("scan.compression", kind=packed))
    is_lab = one.one(PHOTOMETRIC, 1) == CIELAB  # whose a and b have signs
    strange = SAMPLES.get(one.one(SAMPLE_FORMAT, 1))
    if strange and not (is_lab and one.one(SAMPLE_FORMAT) == 2):
        raise Unsupported(said("scan.samples", name="TIFF", kind=strange))
    bits = one.one(BITS, 1)
    if bits not in (1, 2, 4, 8, 16):
        raise Unsupported(said("scan.bits", bits=bits))
    meaning = one.one(PHOTOMETRIC, 1)
    lab = meaning in (CIELAB, ICCLAB) and (one.samples != 3 or meaning == ICCLAB or bits < 8)
    if meaning not in MEANINGS or lab:
        raise Unsupported(said("scan.photometric", kind=meaning))
    if one.samples - MEANINGS[meaning] > MOST_EXTRA:
        raise Unsupported(said("scan.channels", name="TIFF", count=one.samples, limit=4))


def _extra(one: Directory, colours: int) -> tuple[int, ...]:
    """Of each channel beyond the colours; one that the file does not mention is unknown."""
    told = [int(each) for each in one.tags.get(EXTRA_SAMPLES, ())]
    count = max(0, one.samples - colours)
    return tuple((told[k] if k < len(told) else 0) for k in range(count))


def load(path: Path, one: Directory, **options: Any) -> Any:
    """That picture, not decoded yet; Lab in numbers that mean L, a and b."""
    import pyvips

    if one.one(PHOTOMETRIC) == CIELAB and one.one(BITS, 1) == 8:
        return _lab_of_bytes(path, one)
    chosen = {"page": one.page, "subifd": one.sub, **options}
    return pyvips.Image.tiffload(str(path), **chosen)


def _lab_of_bytes(path: Path, one: Directory) -> Any:
    """libvips takes 8-bit Lab for a packed form of its own and stumbles; Pillow reads it."""
    import numpy as np
    import pyvips
    from PIL import Image

    if one.sub >= 0:
        raise Unsupported(said("scan.lab-aside"))
    Image.MAX_IMAGE_PIXELS = None  # the size was looked at in the directory
    try:
        with Image.open(path, formats=["TIFF"]) as picture:
            picture.seek(one.page)
            pixels = np.asarray(picture)
    except (OSError, ValueError, SyntaxError, EOFError, TypeError) as error:
        raise Refusal(said("scan.damaged", name="TIFF")) from error
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:
        raise Unsupported(said("scan.lab-layout"))
    image = pyvips.Image.new_from_array(np.ascontiguousarray(pixels))
    lightness = image[0] * (100 / 255)
    signed = [(image[k] > 127).ifthenelse(image[k].cast("short") - 256, image[k]) for k in (1, 2)]
    return lightness.bandjoin(signed).cast("float").copy(interpretation="lab")


def from_lab(image: Any, depth: int) -> Any:
    """D50 Lab, as TIFF has it, to sRGB of that depth."""
    lab = image.colourspace("lab") if image.interpretation != "lab" else image
    return lab.icc_export(output_profile="srgb", pcs="lab", depth=depth)
