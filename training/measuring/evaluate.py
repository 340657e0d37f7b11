"""`python -m training.measuring.evaluate STAGE --weights FILE --data DIR [--split val] [--json]`.

Every published figure of one weight file on a folder, beside what needs no learning.
segmentation reads NAME_image.* with NAME_mask.png (0 clean, 128 ignored, 255 damaged, or class
bits); with --sound or --kinds plain photos that nothing is wrong with, to count false marks or to
draw one kind of damage at a time, and with --probe the folders of probing.py. inpainting and
colorization read plain photos and make seeded holes or take the true colours.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from config.words.pairs import said
from photos.masks.classes import BITS
from training.imaging.border import without_edge_marks
from training.imaging.colour import luma as luma_of
from training.imaging.colour import rgb_to_ycbcr
from training.imaging.faces import FaceFinder, face_mask
from training.imaging.tta import LOOKS
from training.labels.source_table import canonical
from training.measuring.baselines import DETECTORS, FILLS, OPENCV
from training.measuring.benchmarks import (
    FaceMask,
    Report,
    measure_inpainting,
    measure_kinds,
    measure_segmentation,
    measure_sound,
)
from training.measuring.colour_figures import measure_colour
from training.measuring.foreign import (
    ForeignColourizer,
    ForeignDetector,
    inpainter,
    limits_of,
    opened,
)
from training.measuring.pictures import (
    BadRequest,
    find_pictures,
    held_by_digest,
    named,
    read_pair,
    read_rgb,
)
from training.measuring.probing import PARTS, Material, parts_of, run_probes
from training.measuring.report_text import as_json, as_table
from training.networks.inference import Colourizer, Detector, Inpainter
from training.networks.lpips import Lpips
from training.networks.onnx.detector import OnnxDetector
from training.probes.marker import Marker, margins

Bytes = NDArray[np.uint8]
DAMAGE = tuple(BITS)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        report = evaluate(options)
    except (BadRequest, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    print(as_json(report) if options.json else as_table(report))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.measuring.evaluate", description=__doc__
    )
    parser.add_argument("stage", choices=("segmentation", "inpainting", "colorization"))
    parser.add_argument("--weights", type=Path, help="leave out to measure the rivals alone")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--split", help="train, val or test: only files that SOURCES.tsv puts there"
    )
    parser.add_argument("--only", action="append", default=[], help="part of a path to measure")
    parser.add_argument("--exclude", action="append", default=[], help="part of one to leave out")
    parser.add_argument("--held-out", type=int, help="of these, so many by digest: see prepare")
    parser.add_argument("--sound", action="store_true", help="undamaged photos: false marks")
    parser.add_argument("--kinds", action="store_true", help="the same photos: recall by kind")
    parser.add_argument(
        "--probe",
        nargs="?",
        const=",".join(PARTS),
        metavar="PARTS",
        help=f"lines by sign, width, contrast and more: any of {','.join(PARTS)}; all if none",
    )
    parser.add_argument(
        "--adapter", help="of a published graph: one that ships, a TOML or JSON file"
    )
    parser.add_argument("--limits", help="of its process: JSON with the words of RunLimits")
    parser.add_argument("--damage", choices=("any", *DAMAGE), default="any")
    parser.add_argument(
        "--looks", action="store_true", help="two looks for masks, four views for colour"
    )
    parser.add_argument("--size", type=int, default=512, help="longest side of plain photos, px")
    parser.add_argument("--limit", type=int, help="at most so many pictures, evenly spread")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--faces", type=Path, help="YuNet's ONNX file: figures on faces as well")
    parser.add_argument(
        "--lpips", type=Path, nargs=2, metavar=("VGG", "LINEAR"), help="LPIPS of filled pictures"
    )
    parser.add_argument("--json", action="store_true")
    return parser


def evaluate(options: argparse.Namespace) -> Report:
    """Measure; raises BadRequest, ValueError or OSError with a sentence."""
    if not options.data.is_dir():
        raise BadRequest(f"{options.data} is not a folder.")
    if options.weights is not None and not options.weights.is_file():
        raise BadRequest(f"There is no weight file {options.weights}.")
    counts = (options.limit, options.held_out)
    if options.size < 16 or any(n is not None and n < 1 for n in counts):
        raise BadRequest("--size must be at least 16 and --limit and --held-out at least 1.")
    plain = options.sound or options.kinds or options.probe is not None
    if options.probe is not None and options.split is None:
        options.split = "val"
    paths = find_pictures(options.data, options.stage, options.split, plain=plain)
    paths = named(paths, options.data, options.only, options.exclude)
    if options.held_out:
        paths = held_by_digest(paths, options.held_out)
    if options.limit:
        paths = paths[:: max(1, len(paths) // options.limit)][: options.limit]
    if plain and (options.stage != "segmentation" or options.weights is None):
        raise BadRequest("--sound, --kinds and --probe go with segmentation and --weights.")
    if options.adapter and (plain or options.weights is None):
        raise BadRequest("--adapter goes with --weights, and not with --sound, --kinds or --probe.")
    undamaged = _undamaged if options.probe is None else _probed
    with ExitStack() as stack:
        limits = limits_of(options.limits) if options.limits else None
        named_adapter = (options.weights, options.adapter, options.stage, limits)
        options.theirs = stack.enter_context(opened(*named_adapter)) if options.adapter else None
        report = {
            "segmentation": undamaged if plain else _segmentation,
            "inpainting": _inpainting,
            "colorization": _colorization,
        }[options.stage](paths, options)
    folder, count = options.data.resolve().name, report.pictures
    report.notes.append(said("measured.on", folder=folder, count=count, seed=options.seed))
    if options.only:
        report.notes.append(said("measured.only", parts=options.only))
    if options.exclude:
        report.notes.append(said("measured.without", parts=options.exclude))
    return report


def _segmentation(paths: list[Path], options: argparse.Namespace) -> Report:
    pairs = [read_pair(path, options.damage) for path in paths]
    methods, thresholds = dict(DETECTORS), {}
    if options.weights:
        detector = options.theirs and ForeignDetector.of(options.theirs)
        detector = detector or Detector.load(options.weights, looks=LOOKS if options.looks else ())
        chosen = range(len(DAMAGE)) if options.damage == "any" else [DAMAGE.index(options.damage)]
        methods = {"network": lambda y: decisive(detector, y, chosen)} | methods
        thresholds["network"] = 0.5
    return measure_segmentation(pairs, methods, thresholds)


def _undamaged(paths: list[Path], options: argparse.Namespace) -> Report:
    detector = Detector.load(options.weights, looks=LOOKS if options.looks else ())

    def marked(luma: Bytes) -> NDArray[np.bool_]:
        found = decisive(detector, luma, range(len(DAMAGE))) >= 0.5
        return without_edge_marks(found.astype(np.uint8)) > 0

    methods = {"network": marked}
    photos = (read_rgb(path, options.size) for path in paths)
    if options.kinds:
        return measure_kinds(photos, methods, seed=options.seed)
    return measure_sound((np.asarray(luma_of(photo), np.uint8) for photo in photos), methods)


def _probed(paths: list[Path], options: argparse.Namespace) -> Report:
    """The probes, by ONNX Runtime on one core: some 550 megapixels are looked at."""
    looks = LOOKS if options.looks else ()
    parts = parts_of(options.probe)
    marker = marker_of(OnnxDetector.load(options.weights, looks=looks))
    split = "val" if canonical(options.split) == "validation" else options.split
    material = Material(paths, options.data, split, read_rgb, options.faces)
    return run_probes(marker, material, parts, options.seed)


def marker_of(detector: Detector) -> Marker:
    """What a probe asks of a network: damage of any class, in logits above its default cut."""
    return lambda luma: margins(decisive(detector, luma, range(len(DAMAGE))))


def decisive(detector: Detector, luma: Bytes, chosen: Sequence[int]) -> NDArray[np.floating]:
    """The strongest of the chosen classes, H x W in 0..1, of an H x W uint8 picture.

    Each is moved so that 0.5 is its own threshold on a photo that damage of all classes has moved
    the cut for.
    """
    probability = np.clip(detector(luma).astype(np.float64), 1e-12, 1 - 1e-12)
    cut = np.clip(detector.thresholds, 1e-6, 1 - 1e-6)
    above = np.log(probability / (1 - probability)) - np.log(cut / (1 - cut))
    margin = above[..., list(chosen)].max(axis=-1) + detector.rule.shift(above.max(axis=-1))
    return np.asarray(1 / (1 + np.exp(-margin)))


def _inpainting(paths: list[Path], options: argparse.Namespace) -> Report:
    methods = dict(FILLS)
    if options.weights:
        theirs = options.theirs and inpainter(options.theirs)
        methods = {"network": theirs or Inpainter.load(options.weights), **methods}
    photos = (read_rgb(path, options.size) for path in paths)
    looks = Lpips.load(*options.lpips).of if options.lpips else None
    report = measure_inpainting(
        photos, methods, seed=options.seed, faces=_faces(options), looks=looks
    )
    if "network" in report.methods:
        rival = max(report.methods[name]["psnr_holes"] for name in OPENCV)
        report.methods["network"]["margin"] = report.methods["network"]["psnr_holes"] - rival
    return report


def _colorization(paths: list[Path], options: argparse.Namespace) -> Report:
    network: Colourizer | ForeignColourizer | None = None
    if options.theirs:
        network = ForeignColourizer(options.theirs, careful=options.looks)
    elif options.weights:
        network = Colourizer.load(options.weights, careful=options.looks)
    photos = [read_rgb(path, options.size) for path in paths]
    mean = network.mean_chroma if network else None
    report = measure_colour(photos, network, mean or _mean_chroma(photos), faces=_faces(options))
    if mean is None:
        report.notes.append(said("measured.peeked"))
    return report


def _faces(options: argparse.Namespace) -> FaceMask | None:
    """Marks the faces of a photo, where somebody named a face detector."""
    if options.faces is None:
        return None
    find = FaceFinder(options.faces)
    return lambda photo: face_mask(find(photo), *photo.shape[:2])


def _mean_chroma(photos: Sequence[Bytes]) -> tuple[float, float]:
    means = [rgb_to_ycbcr(photo.astype(np.float32)).mean(axis=(0, 1)) for photo in photos]
    _, cb, cr = np.mean(means, axis=0)
    return float(cb), float(cr)


if __name__ == "__main__":
    sys.exit(main())
