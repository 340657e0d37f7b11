"""`python -m tests.harm.filling [--data FOLDER]`: what filling does to holes, rims and grain.

Without a folder of held-out photographs (its SOURCES.tsv names their split) the packaged ones
are taken, some of which taught the shipped network: its figures flatter then.
"""

import argparse
import zlib
from pathlib import Path

import cv2
import numpy as np
from skimage.restoration import inpaint_biharmonic

from pipeline.engine.fill.closing import closed
from pipeline.engine.fill.grain import gradient_energy
from pipeline.engine.inpainting import fill_defects, fill_marks
from pipeline.engine.networks import open_network
from pipeline.engine.pixels import luma
from tests.harm import holes
from training.imaging.baselines import navier_stokes, telea

WEIGHTS = Path(__file__).parents[2] / "training" / "weights" / "inpainting.safetensors"
WIDTHS = (2, 5, 10, 20, 40)
LEVELS = (35, 90)
LARGE = (70, 140, 260)


def seeded(*names):
    return np.random.default_rng(zlib.crc32("/".join(map(str, names)).encode()))


def classical(image, hole):
    """The fills that learn nothing, as they are published."""
    byte = hole.astype(np.uint8)
    smooth = inpaint_biharmonic(image, hole, channel_axis=2, split_into_regions=True)
    smooth = np.rint(np.clip(smooth, 0, 1) * 255)  # to 8 bits, as the others and ours are
    return [telea(image, byte), navier_stokes(image, byte), smooth]


def psnr(made, truth, hole):
    error = np.mean((made.astype(float)[hole] - truth.astype(float)[hole]) ** 2)
    return 10 * np.log10(255**2 / max(error, 1e-9))


def margins(photos, network, kind, width):
    """dB by which the product's fill leads the best classical one on the same holes; grain off.

    Each method's mean over the photographs is taken first: the best is one method, not a choice
    by photograph.
    """
    ours, theirs = [], []
    for index, photo in enumerate(photos):
        hole = holes.many(kind, photo.shape[:2], width, seeded(kind.__name__, width, index))
        damaged = np.where(hole[..., None], 0, photo).astype(np.uint8)
        ours.append(psnr(fill_defects(damaged, hole, network).image, photo, hole))
        theirs.append([psnr(made, photo, hole) for made in classical(damaged, hole)])
    return np.mean(ours) - np.mean(theirs, axis=0).max()


def hole_table(groups, network):
    print(
        "\nhole PSNR over the best of Telea, Navier-Stokes and biharmonic, dB (target 0, from 10 px 0.5)"
    )
    print(f"{'':20}" + "".join(f"{width:>4} px " for width in WIDTHS))
    for name, photos in groups.items():
        for kind in (holes.line, holes.blob):
            cells = [margins(photos, network, kind, width) for width in WIDTHS]
            print(f"{name + ', ' + kind.__name__:20}" + "".join(f"{cell:+7.2f}" for cell in cells))


def drawn(photo, kind, level, rng):
    """(damaged photo, what is damaged, what a finder marks of it): light in front of its shadow."""
    if kind == "crease":
        light, dark = holes.crease(photo.shape[:2], rng)
        change, mark = level * (light - dark), light > 0.5
    else:
        spot = holes.specks(photo.shape[:2], rng)
        change, mark = level * spot, spot > 0.5
    damaged = np.clip(photo + change[..., None], 0, 255).astype(np.uint8)
    return damaged, np.abs(change) > 1, mark


def beside(made, truth, damage):
    """Mean difference 1 to 8 px around the damage, and on it; levels."""
    away = cv2.distanceTransform((~damage).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    error = np.abs(made.astype(float) - truth).mean(axis=2)
    return error[(away >= 1) & (away <= 8)].mean(), error[damage].mean()


def rim_table(groups, network):
    print(
        "\nmean difference to the truth, levels: 1 to 8 px beside drawn damage (target 3) | on it"
    )
    print(f"{'':32}{'as damaged':>16}{'marks + 2 px':>16}{'the product':>16}")
    for name, photos in groups.items():
        for kind in ("crease", "speck"):
            for level in LEVELS:
                rows = [rims(photo, network, kind, level, k) for k, photo in enumerate(photos)]
                cells = np.mean(rows, axis=0)
                text = "".join(f"{a:9.2f} |{b:5.1f}" for a, b in cells)
                print(f"{name + ', ' + kind + f', {level} levels':32}{text}")


def rims(photo, network, kind, level, index):
    damaged, damage, mark = drawn(photo, kind, level, seeded(kind, level, index))
    plain = cv2.dilate(mark.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    fixed = fill_defects(damaged, plain, network)
    grown = fill_marks(damaged, mark, network)
    return [beside(each, photo, damage) for each in (damaged, fixed.image, grown.image)]


def large_table(groups, network):
    print(
        "\nlarge holes: inner half against the ring 8 to 24 px outside, levels (target 8 at most)"
    )
    for size in LARGE:
        found = [one_large(photo, network, size, k) for k, photo in enumerate(groups["scenes"])]
        worst, mean = np.abs(found).max(axis=0), np.abs(found).mean(axis=0)
        for name, a, b in zip(
            ("all of it marked", "its rim alone marked"), mean, worst, strict=True
        ):
            print(f"{size:5} px, {name:22}: mean {a:5.1f}, worst {b:5.1f} of {len(found)}")


def one_large(photo, network, size, index):
    """A disc of paper white at the calmest of 20 places: all of it marked, then its rim alone."""
    photo = cv2.resize(photo, (2 * holes.SIDE, 2 * holes.SIDE), interpolation=cv2.INTER_CUBIC)
    rows, columns = np.mgrid[: photo.shape[0], : photo.shape[1]]
    rng, plane, away, calmest = seeded("large", size, index), luma(photo) * 255, None, np.inf
    for centre in rng.uniform(0.3, 0.7, (20, 2)) * photo.shape[:2]:
        here = np.hypot(rows - centre[0], columns - centre[1]) - size / 2
        spread = plane[(here > 8) & (here < 24)].std()
        if spread < calmest:
            away, calmest = here, spread
    damaged = np.where((away < 0)[..., None], 255, photo).astype(np.uint8)
    ring = (away > -6) & (away < 2)
    both = (away < 2, ring | closed(damaged, ring))
    made = [luma(fill_defects(damaged, mask, network).image) * 255 for mask in both]
    inner, outside = away < -size / 4, (away > 8) & (away < 24)
    return [each[inner].mean() - each[outside].mean() for each in made]


def grain_table(groups, network):
    print("\ngradient energy of fills over that of their surroundings (target 0.85 to 1.15)")
    for name, photos in groups.items():
        for sigma in (3, 6):
            rows = [one_grain(photo, network, sigma, k) for k, photo in enumerate(photos)]
            off, on = np.mean(rows, axis=0)
            print(f"{name + f', grain of {sigma} levels':32} off {off:5.2f}   on {on:5.2f}")


def one_grain(photo, network, sigma, index):
    rng = seeded("grain", sigma, index)
    noise = cv2.GaussianBlur(rng.standard_normal(photo.shape[:2]), (0, 0), 0.6)
    grainy = np.clip(photo + (sigma / noise.std() * noise)[..., None], 0, 255).astype(np.uint8)
    hole = holes.many(holes.blob, photo.shape[:2], 24, rng, share=0.03)
    made = [
        fill_defects(grainy, hole, network, grain=generator).image
        for generator in (None, np.random.default_rng(index))
    ]
    return [kept(luma(each) * 255, hole) for each in made]


def kept(plane, hole):
    """Median over the filled pixels: their surroundings' energy within 24 px, and their own."""
    inside = gradient_energy(plane, hole)[hole]
    around = gradient_energy(plane, ~hole)[hole]
    return np.median(inside / np.maximum(around, 0.1))


TABLES = {"holes": hole_table, "rims": rim_table, "large": large_table, "grain": grain_table}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", nargs="*", choices=[*TABLES, []], help="all, if none is named")
    parser.add_argument("--data", type=Path, help="a folder of held-out photographs")
    parser.add_argument("--most", type=int, default=12, help="photographs of each kind")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--exports", type=Path, help="folder for the weights' ONNX file")
    given = parser.parse_args()
    groups = holes.held_out(given.data, most=given.most) if given.data else holes.packaged()
    network = open_network(given.weights, exports=given.exports or Path("var/exports"))
    print(", ".join(f"{len(photos)} {name}" for name, photos in groups.items()))
    for name in given.tables or TABLES:
        TABLES[name](groups, network)


if __name__ == "__main__":
    main()
