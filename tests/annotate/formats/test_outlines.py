"""Lines, boxes and ellipses, and what each tool calls them."""

import io
import json
import math
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from annotate.formats import coco, cvat, label_studio, labelme, outlines, png
from annotate.formats.label_studio.tasks import name_of
from annotate.formats.reading import How
from config.words.said import said
from photos.masks.classes import FRACTURE, HOLE, SCUFF


def within(points, half, width, height):
    """By the distance of every pixel's centre to every piece."""
    y, x = np.mgrid[0:height, 0:width] + 0.5
    found = np.zeros((height, width), bool)
    for (x1, y1), (x2, y2) in pairwise(points):
        length = (x2 - x1) ** 2 + (y2 - y1) ** 2
        at = np.clip(((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / max(length, 1e-9), 0, 1)
        found |= np.hypot(x - x1 - at * (x2 - x1), y - y1 - at * (y2 - y1)) <= half
    return found


@pytest.mark.parametrize("wide", [1, 2, 3.5, 9])
def test_a_line_is_what_lies_within_half_its_width(wide):
    points = [(3.2, 4.1), (30.7, 12.9), (31, 26.3), (8.4, 27.7)]
    found = outlines.line(points, wide, 40, 30)
    wanted = within(points, wide / 2, 40, 30)
    assert wanted.any() and (found ^ wanted).sum() <= 2  # centres right on the edge


def test_a_turned_box_and_ellipse_follow_pixel_centres():
    y, x = np.mgrid[0:30, 0:40] + 0.5
    angle = math.radians(25)
    u = (x - 20) * math.cos(angle) + (y - 15) * math.sin(angle)
    v = (y - 15) * math.cos(angle) - (x - 20) * math.sin(angle)
    box = outlines.box((14, 11), (12, 8), 40, 30, 25)
    assert np.array_equal(box, (abs(u) <= 6) & (abs(v) <= 4))
    assert np.array_equal(
        outlines.ellipse((20, 15), (6, 4), 40, 30, 25), u**2 / 36 + v**2 / 16 <= 1
    )


@pytest.mark.parametrize(
    ("points", "wide", "words"),
    [
        ([(1, 1)], 3, "2 to"),
        ([(1, 1), (2, 2)], 0, "wide"),
        ([(1, "x"), (2, 2)], 3, "numbers"),
        ([(1, float("nan")), (2, 2)], 3, "numbers"),
        ([(0, 0), (40, 30)] * 5000, 3, "to and fro"),
    ],
)
def test_lines_that_are_none(points, wide, words):
    with pytest.raises(ValueError, match=words):
        outlines.line(points, wide, 40, 30)


def in_cvat(shapes):
    return cvat.parse(
        f'<annotations><image name="a/p.jpg" width="40" height="30">{shapes}</image></annotations>'
        .encode()
    )  # fmt: skip


def test_cvat_shapes_are_drawn_and_a_line_wants_a_width():
    root = in_cvat(
        '<box label="hole" xtl="1" ytl="2" xbr="5" ybr="6"/>'
        '<ellipse label="scuff" cx="20" cy="15" rx="4" ry="3" rotation="25.00"/>'
        '<polyline label="fracture" points="1,20;30,20"/><points label="hole" points="1,2"/>'
    )
    found = cvat.look(root, "a/p.jpg", 40, 30, How(line_width=2))
    assert dict(found.taken) == {"hole": 1, "scuff": 1, "fracture": 1}
    assert ((found.mask & HOLE) > 0).sum() == 16
    assert ((found.mask & FRACTURE) > 0).sum() == 2 * (29 + 2)  # round ends
    assert list(found.left_out) == [said("shape.no-mask", kind="points", label="hole")]
    without = cvat.look(root, "a/p.jpg", 40, 30, How())
    assert "how many pixels wide" in " ".join(map(str, without.left_out))


def test_cvat_video_is_refused_by_name():
    with pytest.raises(ValueError, match="video"):
        list(cvat.split(cvat.parse(b'<annotations><track id="0" label="hole"/></annotations>')))


def test_a_coco_annotation_without_segmentation_is_its_box():
    document = {
        "images": [{"id": 1, "file_name": "C:\\scans\\p.jpg", "width": 40, "height": 30}],
        "categories": [{"id": 1, "name": "hole"}],
        "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1, 2, 4, 4], "segmentation": []}],
    }  # fmt: skip
    found = coco.look(document, "p.jpg", 40, 30, How())
    assert (found.mask == HOLE).sum() == 16 and "filled boxes" in str(found.notes[0])


def test_labelme_boxes_circles_and_lines():
    def shape(kind, *points):
        return {"shape_type": kind, "label": "hole", "points": [list(point) for point in points]}

    document = {
        "imageWidth": 40,
        "imageHeight": 30,
        "shapes": [
            shape("rectangle", (5, 6), (1, 2)),
            shape("circle", (20, 15), (23, 15)),
            shape("linestrip", (1, 25), (30, 25)),
        ],
    }
    found = labelme.look(document, 40, 30, How(line_width=2))
    assert found.taken["hole"] == 3 and (found.mask[2:6, 1:5] == HOLE).all()


def task(value, **more):
    result = {"value": value, "original_width": 40, "original_height": 30}
    return [{"data": {"image": "p.jpg"}, "annotations": [{"result": [result]}], **more}]


def test_label_studio_outlines_are_in_hundredths():
    corner = {"x": 25, "y": 50, "width": 10, "height": 20, "rotation": 0}
    box = task(corner | {"rectanglelabels": ["hole"]})
    found = label_studio.look(box, "p.jpg", 40, 30, How()).mask
    assert (found[15:21, 10:14] == HOLE).all() and (found > 0).sum() == 24
    points = [[25, 50], [35, 50], [35, 70], [25, 70]]
    same = label_studio.look(
        task({"points": points, "polygonlabels": ["hole"]}), "p.jpg", 40, 30, How()
    )
    assert np.array_equal(same.mask, found)
    turned = corner | {"rotation": 90, "rectanglelabels": ["hole"]}
    found = label_studio.look(task(turned), "p.jpg", 40, 30, How()).mask
    assert (found[15:19, 4:10] == HOLE).all() and (found > 0).sum() == 24


def test_choices_beside_a_brush_are_no_shapes_and_key_points_are_left_out():
    found = label_studio.look(task({"choices": ["good"]}), "p.jpg", 40, 30, How())
    assert found.nothing
    found = label_studio.look(
        task({"x": 1, "y": 2, "width": 1, "keypointlabels": ["hole"]}), "p.jpg", 40, 30, How()
    )
    assert list(found.left_out) == [said("shape.no-mask", kind="keypointlabels", label="hole")]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"image": "/data/local-files/?d=scans/p1.jpg"}, "scans/p1.jpg"),
        ({"image": "/data/upload/1/ab12cd34-p1.jpg", "caption": "a wedding", "box": "7"}, "p1.jpg"),
        ({"scan": "https://example.org/a/T%C3%A4%20%231.tif?x=1", "n": 4}, "a/Tä #1.tif"),
        ({"caption": "a.b", "photo": "one"}, "one"),
        ({"img": "D:\\scans\\p1.jpg"}, "D:/scans/p1.jpg"),
    ],
)
def test_the_picture_of_a_task_is_found_among_its_columns(data, name):
    assert name_of({"data": data}) == name


def test_columns_that_leave_a_choice_are_refused_by_name():
    with pytest.raises(ValueError, match="'a', 'b'"):
        name_of({"data": {"a": "p1.jpg", "b": "p2.jpg"}})


PLANE = np.zeros((6, 9), bool)
PLANE[1:3, 2:7] = True


def saved(image, **options):
    out = io.BytesIO()
    image.save(out, "PNG", **options)
    return out.getvalue()


def coloured():
    image = Image.new("RGB", (9, 6))
    image.paste((255, 0, 0), mask=Image.fromarray(PLANE))
    return image


def white_first():
    image = Image.fromarray(np.where(PLANE, np.uint8(0), np.uint8(1)))
    image.putpalette([255, 255, 255, 0, 0, 0])
    return image


ODD = {
    "levels 0 and 1": saved(Image.fromarray(PLANE.astype(np.uint8))),
    "16 bits, 0 and 1": saved(Image.fromarray(PLANE.astype(np.uint16))),
    "16 bits, 0 and 255": saved(Image.fromarray(PLANE * np.uint16(255))),
    "16 bits, 0 and 65535": saved(Image.fromarray(PLANE * np.uint16(65535))),
    "palette, white first": saved(white_first()),
    "red on black": saved(coloured()),
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
def test_masks_as_other_tools_write_them(data):
    assert np.array_equal(png.look(data, SCUFF, 9, 6, How()).mask, PLANE * np.uint8(SCUFF))


def test_a_picture_that_shows_something_and_marks_nothing_is_refused():
    faint = saved(Image.fromarray(PLANE * np.uint8(100)))
    with pytest.raises(
        ValueError, match=r"brightest level is 100 of 255, and damage begins at 128"
    ):
        png.look(faint, SCUFF, 9, 6, How())
    assert png.look(saved(Image.new("L", (9, 6))), SCUFF, 9, 6, How()).undamaged


def test_our_pictures_carry_the_number_of_their_photo():
    data = png.with_photo_id(png.write(PLANE.astype(np.uint8), 1), "0b5c")
    assert png.photo_id(data) == "0b5c" and np.array_equal(png.read(data, 9, 6), PLANE)
    assert (
        png.photo_id(b"no picture") == "" and json.dumps(png.photo_id(ODD["red on black"])) == '""'
    )
