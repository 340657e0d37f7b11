import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import mask as coco
from scipy.ndimage import distance_transform_edt

from photos.masks import arrays, classes, components, metrics, tiles

BITS = (classes.FRACTURE, classes.SCUFF, classes.HOLE, classes.IGNORE)


def random_mask(width, height, seed, density=0.02):
    rng = np.random.default_rng(seed)
    mask = np.zeros((height, width), np.uint8)
    for bit in BITS:
        mask[rng.random((height, width)) < density] |= bit
    return mask


photos = st.tuples(st.integers(1, 600), st.integers(1, 600), st.integers(0, 99))


@settings(max_examples=20, deadline=None)
@given(photos)
def test_tiles_travel_bit_for_bit(photo):
    width, height, seed = photo
    mask = random_mask(width, height, seed)
    body = tiles.encode_tiles(tiles.split_tiles(mask))
    found = tiles.read_packed(body, width=width, height=height)
    assert np.array_equal(tiles.assemble(found, width=width, height=height), mask)


def test_the_bytes_are_those_of_the_written_format():
    tile = np.zeros((256, 256), np.uint8)
    tile[0, 0] = classes.FRACTURE
    tile[1, 7] = classes.IGNORE
    body = tiles.encode_tiles({(2, 1): tile})
    raw = zlib.decompress(body[8:], -15)
    assert body[:8] == b"HMT1" + struct.pack("<I", 1)
    assert raw[:5] == struct.pack("<HHB", 2, 1, 129)
    assert raw[5] == 0x80 and raw[5 + 8192 + 32] == 0x01
    assert len(raw) == 5 + 2 * 8192


def framed(raw, count=1):
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"HMT1" + struct.pack("<I", count) + deflate.compress(raw) + deflate.flush()


EMPTY_TILE = struct.pack("<HHB", 0, 0, 0)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "HMT1"),
        (b"HMT2" + b"\0" * 8, "HMT1"),
        (b"HMT1" + struct.pack("<I", 1) + b"\xff\xff\xff", "damaged"),
        (framed(EMPTY_TILE)[:-1], "cut off"),
        (framed(EMPTY_TILE) + b"x", "after its end"),
        (framed(EMPTY_TILE * 9, 9), "9 tiles"),
        (framed(EMPTY_TILE * 2, 1), "longer"),
        (framed(EMPTY_TILE * 2, 2), "twice"),
        (framed(struct.pack("<HHB", 2, 0, 0)), "outside"),
        (framed(struct.pack("<HHB", 0, 0, 8)), "do not exist"),
        (framed(struct.pack("<HHB", 0, 0, 1) + b"\0" * 100), "inside a tile"),
        (framed(b"\0" * 3), "inside a tile"),
        (framed(b"\0" * 10_000_000), "larger"),
    ],
)
def test_anything_else_is_refused_in_a_sentence(body, words):
    with pytest.raises(ValueError, match=words):
        tiles.read_packed(body, width=300, height=300)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_rubbish_never_raises_anything_else(data):
    with pytest.raises(ValueError):
        tiles.read_packed(b"HMT1" + data, width=300, height=300)


def test_the_digest_is_of_the_raw_bytes():
    mask = random_mask(40, 30, 6)
    assert arrays.digest(mask) == arrays.digest(np.asfortranarray(mask))
    assert arrays.digest(mask) != arrays.digest(mask.T)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.floats(0, 1), st.integers(0, 99))
def test_run_lengths_are_cocos(width, height, density, seed):
    plane = np.random.default_rng(seed).random((height, width)) < density
    counts = arrays.run_lengths(plane)
    theirs = coco.frPyObjects({"size": [height, width], "counts": counts}, height, width)
    assert np.array_equal(coco.decode(theirs) != 0, plane)
    assert np.array_equal(arrays.from_run_lengths(counts, width=width, height=height), plane)


def test_run_lengths_of_another_size_are_refused():
    with pytest.raises(ValueError, match="add up"):
        arrays.from_run_lengths([5, 6], width=3, height=4)


def line(offset, thick=1):
    plane = np.zeros((60, 60), np.uint8)
    plane[20 + offset : 20 + offset + thick, 5:55] = classes.FRACTURE
    return plane


@pytest.mark.parametrize(("offset", "score"), [(0, 1), (2, 1), (3, 0)])
def test_two_pixels_are_tolerated(offset, score):
    assert metrics.tolerant_f1(line(offset), line(0)) == score


def test_tolerance_is_euclidean():
    rng = np.random.default_rng(8)
    p, t = rng.random((2, 80, 80)) < 0.01
    precision = (distance_transform_edt(~t)[p] <= 2).mean()
    recall = (distance_transform_edt(~p)[t] <= 2).mean()
    expected = 2 * precision * recall / (precision + recall)
    assert metrics.tolerant_f1(p, t) == pytest.approx(expected)


@pytest.mark.parametrize("figure", [metrics.tolerant_f1, metrics.cl_dice])
def test_empty_masks(figure):
    empty = np.zeros((60, 60), np.uint8)
    assert figure(empty, empty) == 1
    assert figure(line(0), empty) == 0
    assert figure(empty, line(0)) == 0


def test_centre_lines_forgive_width():
    fat, thin = line(-2, thick=5), line(0)
    assert metrics.cl_dice(fat, thin) > 0.95
    assert metrics.agreement(fat, thin).dice < 0.5


def test_component_recall_counts_halves_met():
    truth = line(0) | line(20)
    found = line(0)
    found[40, 5:25] = classes.FRACTURE
    assert metrics.component_recall(found, truth) == 0.5
    assert np.isnan(metrics.component_recall(found, truth, sizes=(100, 200)))


def test_ignored_pixels_count_nowhere():
    truth, wrong = line(0), line(30)
    wrong |= np.uint8(classes.IGNORE)
    both_ignored = metrics.agreement(wrong, truth)
    assert both_ignored.dice == 1 and both_ignored.tolerant_f1 == 1


def test_components_join_across_corners():
    assert components.components(np.eye(6))[0] == 1
