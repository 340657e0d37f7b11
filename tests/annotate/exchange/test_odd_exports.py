"""Files as broken tools and hurried hands make them: right, or refused in a sentence, never less."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from tests.annotate.builders import ready_photo
from tests.annotate.exchange.test_cases import report

pytestmark = pytest.mark.django_db
SQUARE = [[1, 1, 9, 1, 9, 9, 1, 9]]
CORNERS = [[1, 1], [50, 50], [2, 90]]
IMAGE = {"id": 1, "file_name": "p1.jpg", "width": 40, "height": 30}
BAR = np.zeros((30, 40), np.uint8)
BAR[5:10, 5:20] = 255


def of_coco(images=(IMAGE,), categories=({"id": 1, "name": "fracture"},), **shape):
    row = {"id": 1, "image_id": 1, "category_id": 1, "segmentation": SQUARE, **shape}
    return json.dumps({"images": images, "annotations": [row], "categories": categories}).encode()


def of_label_studio(*values, kind="polygonlabels"):
    facts = {"type": kind, "original_width": 40, "original_height": 30}
    results = [{**facts, "value": value} for value in values]
    task = {"data": {"image": "p1.jpg"}, "annotations": [{"id": 1, "result": results}]}
    return json.dumps([task]).encode()


def of_cvat(shape, size='width="40" height="30"'):
    return f'<annotations><image name="p1.jpg" {size}>{shape}</image></annotations>'.encode()


def of_labelme(shapes, **more):
    facts = {"imagePath": "p1.jpg", "imageWidth": 40, "imageHeight": 30, "imageData": None}
    return json.dumps({"shapes": shapes, **facts, **more}).encode()


def polygon(points, kind="polygon"):
    return {"label": "fracture", "points": points, "shape_type": kind}


def png(pixels, **how):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", **how)
    return out.getvalue()


def two_frames():
    return png(BAR, save_all=True, append_images=[Image.fromarray(255 - BAR)])


RIGHT = [
    ("coco", of_coco(image_id="1"), 64),
    ("coco", of_coco(image_id=1.0, category_id="1"), 64),
    ("coco", of_coco(images=[IMAGE | {"width": "40", "height": "30"}]), 64),
    ("coco", of_coco().decode().encode("utf-16"), 64),
    ("labelme", of_labelme([polygon([[1, 1], [9, 1], [9, 9]])], imagePath="..\\pics\\p1.jpg"), 36),
    ("labelme", of_labelme([polygon([[1, 1], [9, 1], [9, 9]])], imagePath=""), 36),
    ("png", png(np.dstack([BAR * 0] * 3 + [BAR])), 75),
]
WRONG = [
    ("coco", of_coco(image_id=7), "image_id '7' is the id of no image"),
    ("coco", of_coco(images=[IMAGE, IMAGE | {"file_name": "p2.jpg"}]), "Two images"),
    ("coco", of_coco(categories=[{"id": 1, "name": "hole"}, {"id": 1, "name": "scuff"}]), "Two cat"),
    ("coco", of_coco(segmentation=[[1e300, 1, 9, 1, 9, 9]]), "far outside the photo"),
    ("coco", of_coco(segmentation=[[float("nan"), 1, 9, 1, 9, 9]]), "x, y pairs"),
    ("coco", of_coco(segmentation=[], bbox=[30, 20, -10, -5]), "negative width"),
    ("coco", of_coco(segmentation=[], keypoints=[1, 2, 2]), "neither a segmentation nor a box"),
    ("coco", of_coco(segmentation={"size": [30, 40], "counts": [-5, 1205]}), "from 0 up"),
    ("coco", of_coco(segmentation=[[100, 60, 110, 60, 110, 69]]), "covers no pixel"),
    ("coco", of_coco(categories=[{"id": 1, "name": None}]), "class 'None' is unknown"),
    ("label-studio", of_label_studio({"points": CORNERS, "polygonlabels": []}), "has no class"),
    ("label-studio", of_label_studio({"points": CORNERS}, kind="polygon"), "has no class"),
    ("label-studio", of_label_studio({"choices": ["bad"]}), "no shapes"),
    ("label-studio", of_label_studio({"format": "rle", "rle": [0, 0, 1], "brushlabels": ["hole"]}),
     "cut off"),
    ("cvat", of_cvat('<polygon label="hole" points="1,1;9,1;9,9"/>', ""), "whole number 'width'"),
    ("cvat", of_cvat('<box label="hole" xtl="0" ytl="0" xbr="inf" ybr="5"/>'), "of numbers"),
    ("cvat", of_cvat('<skeleton label="hole"/>'), "no mask"),
    ("cvat", of_cvat('<mask label="hole" rle="0, 99999999999" left="0" top="0" width="40"'
                     ' height="30"/>'), "do not add up"),
    ("labelme", of_labelme([polygon([[1, None], [9, 1], [9, 9]])]), "x, y pairs"),
    ("labelme", of_labelme([polygon([[1, 1]], "circle")]), "two points"),
    ("labelme", of_labelme(None), "list at 'shapes'"),
    ("png", png(BAR)[:60], "not a readable"),
    ("png", two_frames(), "several pictures"),
]  # fmt: skip
NAMES = {"cvat": "x.xml", "labelme": "p1.json", "png": "p1.png"}


def looked_through(kind, data, folder, capsys):
    ready_photo(40, 30, title="p1")
    file = folder / NAMES.get(kind, "x.json")
    file.write_bytes(data)
    return report(capsys, file, format=kind)


@pytest.mark.parametrize(("kind", "data", "pixels"), RIGHT)
def test_it_is_read_as_it_is_meant(kind, data, pixels, tmp_path, capsys):
    said = looked_through(kind, data, tmp_path, capsys)
    assert said["refusal"] == "" and said["rows"][0]["pixels"]["fracture"] == pixels


@pytest.mark.parametrize(("kind", "data", "reason"), WRONG)
def test_it_is_refused_with_file_and_reason(kind, data, reason, tmp_path, capsys):
    said = looked_through(kind, data, tmp_path, capsys)["refusal"]
    assert reason in said and NAMES.get(kind, "x.json") in said
