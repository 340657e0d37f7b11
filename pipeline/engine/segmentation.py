"""Stage 1: where the picture is damaged."""

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from config.words.pairs import Said, said
from photos.masks.classes import BITS
from pipeline.engine.networks import Network
from pipeline.engine.pixels import Picture, luma, rgb
from pipeline.engine.progress import Progress, silent
from training.imaging.thresholds import by_class, cuts_of, decide, probabilities, shifted
from training.imaging.tiling import blend_bands, even_tiles
from training.imaging.tta import average_looks

TILE, OVERLAP = 1280, 128
# The mask is grown by this many px and the fill fades into the picture inside that rim.
FEATHER = 2
# One tenth of the strength slider moves every cut by this much on the logit scale.
LOGIT_PER_TENTH = 0.6
NEUTRAL = 0.5
# Above this part of the picture a person is asked to look at the mask.
MUCH = 0.1


def find_defects(
    image: Picture,
    network: Network,
    *,
    looks: bool = False,
    tile: int = TILE,
    overlap: int = OVERLAP,
    progress: Progress = silent,
) -> Iterator[NDArray[np.float32]]:
    """Calibrated probabilities h x W x 3 (fracture, scuff, hole), blended from even tiles.

    Bands of rows from the top that join to the whole picture: together they are twelve times
    the size of a grey scan, so each is used and dropped. With `looks` the mean of an
    upright and a turned look at each tile.
    """
    tiles = even_tiles(
        *image.shape[:2], tile=tile, overlap=overlap, multiple=max(16, network.run.multiple)
    )
    offsets = np.array(by_class(network.card, "logit_offset", 0.0), np.float32)
    read = rgb if int(network.card.get("arguments", {}).get("channels", 1)) == 3 else luma
    done = 0

    def one_pass(part: Picture) -> NDArray[np.float32]:
        logits = network.run(read(part))
        return probabilities(logits, offsets)

    def one_tile(part: Picture) -> NDArray[np.float32]:
        nonlocal done
        progress(done / len(tiles), said("engine.looking", tile=done + 1, tiles=len(tiles)))
        done += 1
        return average_looks(one_pass, part) if looks else one_pass(part)

    return blend_bands(one_tile, image, tiles)


def thresholds(
    card: dict[str, Any], strength: float = NEUTRAL, *, looks: bool = False
) -> list[float]:
    """The cut of each class. `strength` 0..1 says how readily a pixel counts as damaged:
    0.5 is the card's calibrated cut (higher for areas), 0 finds hardly anything,
    1 nearly everything."""
    shift = strictness(strength)
    return [shifted(cut, shift) for cut in cuts_of(card, looks)]


def strictness(strength: float) -> float:
    """Logits by which `strength` lifts every cut above the neutral one's."""
    return (NEUTRAL - strength) * 10 * LOGIT_PER_TENTH


def classify(found: NDArray[np.floating], cuts: list[float]) -> NDArray[np.uint8]:
    """Bits of `BITS` for every pixel, H x W."""
    bits = np.zeros(found.shape[:2], np.uint8)
    for k, (bit, cut) in enumerate(zip(BITS.values(), cuts, strict=True)):
        bits |= np.where(decide(found[..., k], cut), np.uint8(bit), np.uint8(0))
    return bits


def grown(bits: NDArray[np.uint8], radius: int = FEATHER) -> NDArray[np.bool_]:
    """The pixels to fill: everything marked, and `radius` px around it."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return np.asarray(cv2.dilate((bits > 0).astype(np.uint8), kernel) > 0)


def suggestion(found: NDArray[np.floating], cuts: list[float]) -> NDArray[np.uint8]:
    """One plane H x W of 0..255 for the painter's slider, whose neutral cut is `NEUTRAL`.

    Classes have cuts of their own: each is moved on the logit scale until its cut is 0.5, then
    the largest counts.
    """
    score = np.zeros(found.shape[:2], np.float32)
    for k, cut in enumerate(cuts):
        p = np.clip(found[..., k], 1e-4, 1 - 1e-4)
        odds = p / (1 - p) * np.float32((1 - cut) / max(cut, 1e-6))
        score = np.maximum(score, odds / (1 + odds))
    return np.rint(score * 255).astype(np.uint8)


def shares(bits: NDArray[np.uint8]) -> dict[str, Any]:
    """The part of the picture, 0..1, that is damaged at all and by each class."""

    def part(bit: int) -> float:
        return float(np.count_nonzero(bits & np.uint8(bit))) / bits.size

    return {"covered": part(255), "shares": {name: part(bit) for name, bit in BITS.items()}}


def warnings(covered: float) -> list[Said]:
    """What is said when so much is marked that the mask may be wrong."""
    if covered <= MUCH:
        return []
    return [said("engine.much-damage", covered=covered)]
