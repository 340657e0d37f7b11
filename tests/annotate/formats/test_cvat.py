import pytest

from annotate.formats import cvat
from photos.masks.classes import FRACTURE, HOLE


def document(shape, extra=""):
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{extra}<annotations><version>1.1</version>'
        f'<image id="0" name="album/p.jpg" width="20" height="10">{shape}</image></annotations>'
    ).encode()


def mask(rle, **box):
    box = {"left": 3, "top": 2, "width": 4, "height": 2} | box
    text = " ".join(f'{key}="{value}"' for key, value in box.items())
    return document(f'<mask label="hole" rle="{rle}" {text}/>')


def test_run_lengths_are_row_major_within_the_box():
    found = cvat.read(mask("1, 2, 3, 2"), "p.jpg", 20, 10)
    assert (found[2] > 0).nonzero()[0].tolist() == [4, 5]
    assert (found[3] > 0).nonzero()[0].tolist() == [5, 6]
    assert found.max() == HOLE


def test_polygons_follow_pixel_centres():
    shape = '<polygon label="fracture" points="2,1;6,1;6,4;2,4"/><tag label="x"/>'
    found = cvat.read(document(shape), "p.jpg", 20, 10)
    assert (found[1:4, 2:6] == FRACTURE).all() and (found > 0).sum() == 12


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (mask("1, 2"), "add up"),
        (mask("1, 2, 3, 2", left=17), "leaves the photo"),
        (mask("1, 2, 3, -2"), "from 0 up"),
        (mask("1, 2, 3, 99999999999999"), "from 0 up"),
        (mask("8", width="wide"), "whole number 'width'"),
        (document('<polygon label="hole" points="1,2;x,3;4,5"/>'), "pairs"),
        (document("", '<!DOCTYPE a [<!ENTITY b "c">]>'), "entities"),
        (b"\xff\xfe<\0", "UTF-8"),
        (b"<annotations>", "XML"),
    ],
)
def test_damage_is_refused_in_a_sentence(data, words):
    with pytest.raises(ValueError, match=words):
        cvat.read(data, "p.jpg", 20, 10)
