import contextlib
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.formats import coco, cvat, label_studio, labelme, png
from photos.masks.classes import CLASSES, FRACTURE, HOLE, IGNORE, SCUFF

BITS = (FRACTURE, SCUFF, HOLE, IGNORE)
MANY = {"coco": coco, "cvat": cvat, "label_studio": label_studio}


def drawn(width, height, seed, density=0.1):
    rng = np.random.default_rng(seed)
    mask = np.zeros((height, width), np.uint8)
    for bit in BITS:
        mask[rng.random((height, width)) < density * rng.random()] |= bit
    mask[height // 3 :, : width // 2] |= SCUFF
    return mask


photos = st.builds(drawn, st.integers(1, 90), st.integers(1, 90), st.integers(0, 999))


@settings(max_examples=25, deadline=None)
@given(photos, photos)
def test_many_photos_in_one_file_come_back_bit_for_bit(first, second):
    for module in MANY.values():
        data = module.write({"a/one.jpg": first, "a/two.jpg": second})
        for name, mask in (("one.jpg", first), ("two.jpg", second)):
            back = module.read(data, name, mask.shape[1], mask.shape[0])
            assert np.array_equal(back, mask), module.__name__


@settings(max_examples=25, deadline=None)
@given(photos)
def test_labelme_comes_back_bit_for_bit(mask):
    back = labelme.read(labelme.write(mask, "one.jpg"), mask.shape[1], mask.shape[0])
    assert np.array_equal(back, mask)


@settings(max_examples=25, deadline=None)
@given(photos)
def test_pictures_come_back_bit_for_bit(mask):
    height, width = mask.shape
    assert np.array_equal(png.read_index(png.write_index(mask), width, height), mask)
    for bit in BITS:
        assert np.array_equal(png.read(png.write(mask, bit), width, height), (mask & bit) > 0)


@pytest.mark.parametrize("module", MANY.values(), ids=MANY)
def test_another_size_is_refused_with_both_sizes(module):
    data = module.write({"x.png": drawn(20, 10, 1)})
    with pytest.raises(ValueError, match="20 x 10 pixels, the photo 10 x 20"):
        module.read(data, "x.png", 10, 20)


@pytest.mark.parametrize("module", MANY.values(), ids=MANY)
def test_an_absent_photo_is_named(module):
    data = module.write({"x.png": drawn(20, 10, 1)})
    with pytest.raises(ValueError, match=r"not mention y\.png"):
        module.read(data, "y.png", 20, 10)


@pytest.mark.parametrize("module", MANY.values(), ids=MANY)
def test_unknown_classes_are_named(module):
    data = module.write({"x.png": drawn(20, 10, 1)}, labels={"mould": SCUFF})
    with pytest.raises(ValueError, match="'mould' is unknown here: one of fracture"):
        module.read(data, "x.png", 20, 10)
    assert module.read(data, "x.png", 20, 10, {"Mould": SCUFF}).any()


@pytest.mark.parametrize("module", MANY.values(), ids=MANY)
@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=120))
def test_rubbish_raises_a_sentence_only(module, data):
    with pytest.raises(ValueError):
        module.read(data, "x.png", 20, 10)


@pytest.mark.parametrize("module", MANY.values(), ids=MANY)
@settings(max_examples=60, deadline=None)
@given(
    place=st.integers(0, 400), value=st.sampled_from([b"0", b"x", b"-", b'"', b"[", b"9" * 30, b""])
)
def test_a_damaged_file_raises_a_sentence_only(module, place, value):
    whole = module.write({"x.png": drawn(20, 10, 1)})
    place %= len(whole)
    try:
        module.read(whole[:place] + value + whole[place + 1 :], "x.png", 20, 10)
    except ValueError as error:
        assert str(error)


def test_every_class_has_a_name():
    assert set(CLASSES.values()) == set(BITS)


def places(node, path=()):
    """The path of every node in a JSON document."""
    yield path
    for key, child in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(child, dict | list) and len(child) < 50:
            yield from places(child, (*path, key))
        else:
            yield (*path, key)


def with_junk(document, path, junk):
    if not path:
        return junk
    copy = document.copy()
    copy[path[0]] = with_junk(copy[path[0]], path[1:], junk)
    return copy


JUNK = (None, 1, -1, 2.5, "x", [], {}, [1], [[1, 2]], {"x": 1}, 10**40)


@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_junk_anywhere_raises_a_sentence_only(junk):
    mask = drawn(12, 8, 3)
    readers = {
        coco.write({"x.png": mask}): lambda data: coco.read(data, "x.png", 12, 8),
        label_studio.write({"x.png": mask}): lambda data: label_studio.read(data, "x.png", 12, 8),
        labelme.write(mask, "x.png"): lambda data: labelme.read(data, 12, 8),
    }
    for whole, reader in readers.items():
        document = json.loads(whole)
        for path in places(document):
            with contextlib.suppress(ValueError):
                reader(json.dumps(with_junk(document, path, junk)).encode())
