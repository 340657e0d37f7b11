"""The three stages in a row: a picture in, four results out, each as soon as it is ready."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from config.words.pairs import Said
from pipeline.engine.colorization import colourise
from pipeline.engine.colourful import why_skipped
from pipeline.engine.fill.completion import completed
from pipeline.engine.guarding import Guarding, grey_bytes, guarded
from pipeline.engine.infrared import with_dust
from pipeline.engine.inpainting import Filled, fill_marks
from pipeline.engine.networks import Network, Networks
from pipeline.engine.pixels import Picture, check
from pipeline.engine.progress import Progress, silent, within
from pipeline.engine.segmentation import (
    NEUTRAL,
    find_defects,
    shares,
    strictness,
    thresholds,
)
from pipeline.engine.tones.measuring import measured
from training.imaging.adaptive_cut import CutRule

KINDS = ("mask", "inpainted", "inpainted_colorized", "colorized")
# What the next kind is made from; of a large scan nothing else is kept.
STARTS = ("mask", "inpainted")
COLOURED = ("inpainted_colorized", "colorized")
SHARES = {"mask": (0.0, 0.4), "inpainted": (0.4, 0.8)}
SHARES |= {"inpainted_colorized": (0.8, 0.9), "colorized": (0.9, 1.0)}


@dataclass(frozen=True)
class Options:
    """What a person may choose. `strength` 0..1 as in segmentation.thresholds; `seed` of the
    grain over fills, the same for the same photo."""

    careful: bool = False
    strength: float = NEUTRAL
    fill_asked: bool = False
    """Fill what the guards would ask about."""
    colour: bool = True
    """Colour a photograph that is in colour already, too."""
    answers: Mapping[str, bool] = field(default_factory=dict)
    """To the guards' questions, by id."""
    grain: bool = True
    """Give wide fills the grain of their surroundings, by noise of this `seed`."""
    seed: int = 0


@dataclass(frozen=True)
class Earlier:
    """The same restoration before its questions were answered: nothing is looked for again,
    and only what was answered yes is filled."""

    guarding: Callable[[], Guarding]
    inpainted: Callable[[], Picture]
    report: Mapping[str, Any] = field(default_factory=dict)
    """What was said of that fill: of holes that were guessed or left it still holds."""


@dataclass(frozen=True)
class Result:
    """`pixels` of a mask are class bits (H x W uint8), of all other kinds a picture."""

    kind: str
    pixels: Picture
    report: dict[str, Any] = field(default_factory=dict)
    guarding: Guarding | None = None
    """Of a mask that a network found: without it questions cannot be answered later."""


def restore(
    image: Picture,
    networks: Networks,
    options: Options = Options(),
    *,
    painted: NDArray[np.uint8] | None = None,
    done: Mapping[str, Callable[[], Picture]] | None = None,
    earlier: Earlier | None = None,
    infrared: NDArray[Any] | None = None,
    kinds: Collection[str] = KINDS,
    progress: Progress = silent,
) -> Iterator[Result]:
    """Yields the results of `kinds` in the order of `KINDS`, leaving out those in `done`.

    `painted` are class bits a person accepted for this picture: they stand in for the network.
    `done` reads a result that an earlier attempt has finished. "inpainted" needs "mask", and
    "inpainted_colorized" needs "inpainted". A photograph in colour is not coloured unless
    `options.colour`: `skipped` says which kinds are left out.

    `image` is H x W or H x W x 3, uint8 or uint16; `painted` is H x W. So is `infrared`, of 8 or
    16 bits and dark on dust: what it shows is filled besides, and nothing is asked about it.
    """
    check(image)
    kinds = set(kinds) - set(skipped(image, options))
    known = done or {}
    made: dict[str, Picture] = {}
    for kind in (kind for kind in KINDS if kind in kinds):
        if kind in known:
            made = {kind: known[kind]()} if kind in STARTS else {}
            continue
        report = within(progress, *SHARES[kind])
        start = time.perf_counter()
        found: Guarding | None = None
        if kind == "mask" and painted is not None:
            pixels, facts = _accepted(painted, image)
        elif kind == "mask":
            finder = networks.get("segmentation")
            found = find_guarded(image, finder, options, earlier, infrared, progress=report)
            pixels, facts = found.answered(_answers(found, options))
        else:
            pixels, facts = _step(kind, image, made, networks, options, earlier, report)
        made = {kind: pixels} if kind in STARTS else {}
        facts["seconds"] = round(time.perf_counter() - start, 3)
        yield Result(kind, pixels, facts, found)
        del pixels, found


def skipped(image: Picture, options: Options) -> dict[str, Said]:
    """Kinds that make no sense of this picture, each with the reason for people.

    `image` is H x W or H x W x 3, uint8 or uint16.
    """
    reason = None if options.colour else why_skipped(image)
    return dict.fromkeys(COLOURED, reason) if reason else {}


def _answers(found: Guarding, options: Options) -> Mapping[str, bool]:
    return {**found.everything(), **options.answers} if options.fill_asked else options.answers


def _filled_on(
    earlier: Earlier, mask: Picture, network: Network, options: Options, progress: Progress
) -> tuple[Picture, dict[str, Any]]:
    """Only what was answered yes is filled, on the picture as it was filled before."""
    before = earlier.guarding().bits
    new = np.where(before == 0, mask, 0)
    filled = _filled(earlier.inpainted(), new, network, options, progress)
    here, there = int(np.count_nonzero(new)), int(np.count_nonzero(before))
    return _told(filled.after(earlier.report, here / max(1, here + there)))


def _filled(
    image: Picture, bits: Picture, network: Network, options: Options, progress: Progress
) -> Filled:
    grain = np.random.default_rng(options.seed) if options.grain else None
    return fill_marks(image, bits, network, grain=grain, progress=progress)


def _told(filled: Filled) -> tuple[Picture, dict[str, Any]]:
    return filled.image, {**filled.report(), "tones": measured(filled.image).as_json()}


def _step(
    kind: str,
    image: Picture,
    made: dict[str, Picture],
    networks: Networks,
    options: Options,
    earlier: Earlier | None,
    progress: Progress,
) -> tuple[Picture, dict[str, Any]]:
    if kind == "inpainted" and earlier is not None:
        return _filled_on(earlier, made["mask"], networks["inpainting"], options, progress)
    if kind == "inpainted":
        return _told(_filled(image, made["mask"], networks["inpainting"], options, progress))
    source = image if kind == "colorized" else made["inpainted"]
    network = networks["colorization"]
    return colourise(source, network, careful=options.careful, progress=progress), {}


def _accepted(
    painted: NDArray[np.uint8], image: Picture
) -> tuple[NDArray[np.uint8], dict[str, Any]]:
    """A person's mask; ValueError where it has another size than the picture."""
    if painted.shape != image.shape[:2]:
        raise ValueError("the painted mask has another size than the picture")
    return painted, {"painted": True, **shares(painted)}


def find_guarded(
    image: Picture,
    network: Network | None,
    options: Options,
    earlier: Earlier | None = None,
    infrared: NDArray[Any] | None = None,
    *,
    progress: Progress = silent,
) -> Guarding:
    """What the network found and the guards let through, with their questions.

    Raises ValueError where neither `earlier` nor a network is given.

    `image` is H x W or H x W x 3, uint8 or uint16; the mask of the answer is H x W class bits.
    """
    if earlier is not None:
        return earlier.guarding()
    if network is None:
        raise ValueError("neither a segmentation network nor a painted mask")
    cuts = thresholds(network.card, options.strength, looks=options.careful)
    bands = find_defects(image, network, looks=options.careful, progress=progress)
    rule, above = CutRule.of(network.card), strictness(options.strength)
    found = guarded(image, bands, cuts, rule=rule, above=above)
    bits, dust = with_dust(found.bits, infrared, grey_bytes(image))
    bits, added = completed(image, bits)
    added |= dust
    facts = {"painted": False, "thresholds": cuts, **found.report, **shares(bits), **added}
    return replace(found, bits=bits, report=facts)
