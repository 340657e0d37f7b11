"""The photo on which a newcomer learns to paint: a packaged photograph with drawn damage, whose
true mask is therefore known. Every site has it, with demo content or without."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photos import services as photos
from photos import storage
from photos.decoding import scans
from photos.masks.tiles import encode_tiles, split_tiles
from photos.models import Origin, Photo
from training.augmentation.ageing import Look, scan
from training.augmentation.areas import dust, hole
from training.augmentation.layers import compose, label
from training.augmentation.lines import fracture
from training.augmentation.media_presets import PRINT
from training.demo import FOLDER, credits_by_file

Bytes = NDArray[np.uint8]
NAME = "school.jpg"  # a sound print: no damage but what is drawn
PART = (0, 16, 480, 240)  # px of the photograph, without the words beneath
SIZE = (1024, 478)
AMPLITUDE = (50.0, 75.0)
# Draws that make a good first lesson: cracks, specks and a hole.
CRACKS, SPECKS, HOLE, SCAN = (4, 56), 156, 35, 7


def install() -> None:
    """At every start; once the photo is there this is one look into the database."""
    if not Photo.objects.filter(origin=Origin.PRACTICE).exists():
        add_photo()


def add_photo() -> Photo:
    told = credits_by_file()[NAME]
    picture, classes = draw()
    tiles = encode_tiles(split_tiles(classes))
    return photos.add_photo(
        file=scans.write_png(picture),
        title="Practice",
        origin=Origin.PRACTICE,
        source=f"{told['source']}; the damage is drawn",
        licence=told["licence"],
        true_mask=storage.put(tiles, "application/octet-stream"),
    )


def draw() -> tuple[Bytes, Bytes]:
    """(grey damaged picture, true class bits), both 478 x 1024; always the same."""
    with Image.open(FOLDER / NAME) as picture:
        clean = picture.convert("L").resize(SIZE, Image.Resampling.LANCZOS, PART)
    plane = np.asarray(clean, np.float32)
    layers = [
        layer
        for kind, seeds in ((fracture, CRACKS), (dust, (SPECKS,)), (hole, (HOLE,)))
        for seed in seeds
        for layer in kind(
            np.random.default_rng([1839, seed]), plane.shape, faint=0, amplitude=AMPLITUDE
        )
    ]
    damaged = compose(plane, layers)
    rng = np.random.default_rng([1839, SCAN])
    look = Look.draw(rng, PRINT, 0.2)
    classes = label(plane, damaged, layers, noise=look.grain)
    return scan(damaged, look, rng), classes
