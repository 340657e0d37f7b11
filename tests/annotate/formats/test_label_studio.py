import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from annotate.formats import label_studio
from annotate.formats.content import to_base64
from photos.masks.arrays import encode_png
from photos.masks.classes import SCUFF


def reference(bits_of):
    """The documented stream, written out bit by bit, as the tool's own kit does."""
    bits = f"{bits_of['total']:032b}" + f"{7:05b}" + "".join(f"{n - 1:04b}" for n in (3, 4, 8, 16))
    for run, size, length, values in bits_of["tokens"]:
        index = (3, 4, 8, 16).index(size)
        bits += f"{run}{index:02b}{length - 1:0{size}b}" + "".join(f"{v:08b}" for v in values)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))


def test_runs_are_written_as_documented():
    plane = np.zeros((1, 7), bool)
    plane[0, 2:5] = True
    tokens = [(1, 3, 8, [0]), (1, 4, 12, [255]), (1, 3, 8, [0])]
    assert label_studio.encode(plane) == reference({"total": 28, "tokens": tokens})


def test_literal_bytes_and_partial_alpha_are_read():
    rgba = [9, 9, 9, 255, 9, 9, 9, 100, 0, 0, 0, 128]
    stream = reference({"total": 12, "tokens": [(0, 4, 12, rgba)]})
    assert label_studio.decode(stream, 3, 1).tolist() == [[255, 100, 128]]


def test_runs_longer_than_the_longest_size_are_divided():
    plane = np.ones((200, 300), bool)
    assert (label_studio.decode(label_studio.encode(plane), 300, 200) == 255).all()


def task(value, width=6, height=4):
    result = {"original_width": width, "original_height": height, "value": value}
    data = {"image": "/data/upload/3/1f2e3d4c-p.jpg"}
    return json.dumps([{"data": data, "annotations": [{"result": [result]}]}]).encode()


def test_bitmasks_are_read_and_uploads_recognised():
    plane = np.zeros((4, 6))
    plane[1:3, 2:5] = 1
    url = "data:image/png;base64," + to_base64(encode_png(plane))
    mask = label_studio.read(task({"imageDataURL": url, "bitmasklabels": ["scuff"]}), "p.jpg", 6, 4)
    assert np.array_equal(mask, plane * SCUFF)


@pytest.mark.parametrize(
    ("rle", "words"),
    [
        ([0, 0, 0, 99, 0, 0], "24 pixels|holds 24"),
        ([0, 0, 0, 96], "cut off"),
        ([300], "bytes"),
        (["a"], "whole numbers"),
        (list(reference({"total": 96, "tokens": [(1, 8, 97, [255])]})), "longer"),
    ],
)
def test_damaged_brushes_are_refused(rle, words):
    with pytest.raises(ValueError, match=words):
        label_studio.read(task({"rle": rle, "brushlabels": ["hole"]}), "p.jpg", 6, 4)


def test_a_bitmask_is_transparent_where_nothing_is_painted():
    plane = np.zeros((4, 6), np.uint8)
    plane[1:3, 2:5] = SCUFF
    (task,) = json.loads(label_studio.write({"p.jpg": plane}, bitmask=True))
    (result,) = task["annotations"][0]["result"]
    assert (result["type"], result["value"]["bitmasklabels"]) == ("bitmasklabels", ["scuff"])
    data = base64.b64decode(result["value"]["imageDataURL"].partition(",")[2])
    alpha = np.array(Image.open(io.BytesIO(data)).convert("RGBA"))[..., 3]
    assert np.array_equal(alpha, np.where(plane, 255, 0))


@pytest.mark.parametrize("value", [0, SCUFF])
def test_a_bitmask_comes_back_even_when_it_is_all_or_nothing(value):
    mask = np.full((4, 6), value, np.uint8)
    data = label_studio.write({"p.jpg": mask}, bitmask=True)
    assert np.array_equal(label_studio.read(data, "p.jpg", 6, 4), mask)
