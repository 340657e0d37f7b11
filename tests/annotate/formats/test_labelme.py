import json

import numpy as np
import pytest

from annotate.formats import labelme
from annotate.formats.content import to_base64
from photos.masks.arrays import encode_png
from photos.masks.classes import FRACTURE, HOLE


def document(**shape):
    return json.dumps({"imageWidth": 20, "imageHeight": 10, "shapes": [shape]}).encode()


def boxed(points, picture):
    return document(
        shape_type="mask", label="hole", points=points, mask=to_base64(encode_png(picture))
    )


def test_the_box_includes_both_corners():
    found = labelme.read(boxed([[3, 2], [6, 4]], np.ones((3, 4))), 20, 10)
    assert (found[2:5, 3:7] == HOLE).all() and (found > 0).sum() == 12


def test_polygons_follow_pixel_centres():
    points = [[2, 1], [6, 1], [6, 4], [2, 4]]
    found = labelme.read(document(shape_type="polygon", label="fracture", points=points), 20, 10)
    assert (found[1:4, 2:6] == FRACTURE).all() and (found > 0).sum() == 12


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (boxed([[3, 2], [6, 5]], np.ones((3, 4))), "4 x 3 pixels, the photo 4 x 4"),
        (boxed([[18, 2], [21, 4]], np.ones((3, 4))), "leaves the photo"),
        (boxed([["a", 2], [6, 4]], np.ones((3, 4))), "corners"),
        (document(shape_type="point", label="hole", points=[[1, 2]]), "kind point"),
        (document(shape_type="circle", label="hole", points=[]), "two points"),
        (document(shape_type="polygon", label="hole"), "lacks 'points'"),
        (b"[]", "lacks"),
        (b"\x00", "JSON"),
    ],
)
def test_damage_is_refused_in_a_sentence(data, words):
    with pytest.raises(ValueError, match=words):
        labelme.read(data, 20, 10)
