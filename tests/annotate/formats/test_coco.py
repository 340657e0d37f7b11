import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import mask as oracle

from annotate.formats import coco
from photos.masks.arrays import run_lengths
from photos.masks.classes import FRACTURE


def plane(width, height, density, seed):
    return np.random.default_rng(seed).random((height, width)) < density


planes = st.builds(
    plane, st.integers(1, 60), st.integers(1, 60), st.floats(0, 1), st.integers(0, 99)
)


@settings(max_examples=60, deadline=None)
@given(planes)
def test_compressed_strings_are_those_of_pycocotools(drawn):
    theirs = oracle.encode(np.asfortranarray(drawn, np.uint8))["counts"].decode()
    assert coco.compress(run_lengths(drawn)) == theirs
    assert coco.expand(theirs, drawn.size) == run_lengths(drawn)


def document(segmentation, **image):
    return json.dumps(
        {
            "images": [{"id": 7, "file_name": "p.jpg", "width": 40, "height": 30} | image],
            "categories": [{"id": 2, "name": "Fracture"}],
            "annotations": [{"image_id": 7, "category_id": 2, "segmentation": segmentation}],
        }
    ).encode()


def test_plain_counts_are_column_major():
    mask = coco.read(document({"size": [30, 40], "counts": [30, 30, 1140]}), "p.jpg", 40, 30)
    assert (mask[:, 1] == FRACTURE).all() and mask.sum() == 30 * FRACTURE


def test_polygons_cover_the_pixels_whose_centres_they_hold():
    square = [[10, 5, 20, 5, 20, 9, 10, 9]]
    mask = coco.read(document(square), "p.jpg", 40, 30)
    assert (mask[5:9, 10:20] == FRACTURE).all() and (mask > 0).sum() == 40


def test_polygons_agree_with_pycocotools_inside():
    star = [[20.3, 2.1, 25.2, 12.7, 37.4, 14.2, 27.1, 20.9, 30.8, 28.3, 9.6, 22.2, 3.3, 8.1]]
    ours = coco.read(document(star), "p.jpg", 40, 30) > 0
    theirs = oracle.decode(oracle.merge(oracle.frPyObjects(star, 30, 40))) > 0
    assert (ours != theirs).mean() < 0.03


@pytest.mark.parametrize(
    ("segmentation", "words"),
    [
        ({"size": [40, 30], "counts": [1200]}, "30 x 40"),
        ({"size": [30, 40], "counts": [1199]}, "add up"),
        ({"size": [30, 40], "counts": [-1, 1201]}, "from 0 up"),
        ({"size": [30, 40], "counts": "\x7f"}, "damaged"),
        ({"size": [30, 40], "counts": "oooo"}, "cut off"),
        ({"counts": [1200]}, "lacks 'size'"),
        ([[1, 2, 3]], "pairs"),
        ([[1, 2, 3, 4]], "3 to"),
        (["x", [None]], "pairs"),
    ],
)
def test_damage_is_refused_in_a_sentence(segmentation, words):
    with pytest.raises(ValueError, match=words):
        coco.read(document(segmentation), "p.jpg", 40, 30)
