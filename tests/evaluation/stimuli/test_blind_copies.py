import io
import struct

import numpy as np
import pytest
from PIL import Image

from evaluation.stimuli.blind_copies import LONG_SIDE, STEP, blind, encode, frame, framed


def picture(seed=0, height=40, width=60, high=256):
    return np.random.default_rng(seed).integers(0, high, (height, width, 3), dtype=np.uint8)


def chunks(file):
    found, at = [], 8
    while at + 8 <= len(file) and (not found or found[-1] != b"IEND"):
        length, kind = struct.unpack(">I4s", file[at : at + 8])
        found.append(kind)
        at += length + 12
    return found


def test_noise_and_flat_have_one_length_and_one_header():
    flat = np.full((400, 600, 3), 90, np.uint8)
    files = [file for file, _, _ in blind({1: picture(1, 400, 600), 2: flat}).values()]
    assert len({len(file) for file in files}) == 1
    assert len(files[0]) % STEP == 0
    assert files[0][:33] == files[1][:33]


def test_only_the_bare_chunks_remain():
    for file, _, _ in blind({1: picture(1), 2: picture(2)}).values():
        assert set(chunks(file)) == {b"IHDR", b"IDAT", b"IEND"}


def test_the_pixels_survive_the_padding():
    pixels = picture(3)
    file, _, _ = blind({1: pixels})[1]
    assert (np.asarray(Image.open(io.BytesIO(file))) == pixels).all()


def test_equal_pixels_have_equal_digests():
    found = blind({1: picture(4), 2: picture(4).copy(), 3: picture(5)})
    assert found[1][1] == found[2][1] != found[3][1]


def test_other_sizes_are_refused():
    with pytest.raises(ValueError, match="different sizes"):
        blind({1: picture(), 2: picture(width=61)})


def test_grey_and_deep_pictures_become_the_same_kind():
    grey = picture()[..., 0]
    deep = grey.astype(np.uint16) * 257
    assert (framed(deep, (60, 40)) == framed(grey, (60, 40))).all()
    assert Image.open(io.BytesIO(encode(framed(deep, (60, 40))))).mode == "RGB"


def test_large_pictures_share_a_frame():
    assert frame(6000, 4000) == (LONG_SIDE, round(LONG_SIDE * 4000 / 6000))
    assert frame(600, 400) == (600, 400)


def test_a_float_picture_is_a_mistake():
    with pytest.raises(ValueError, match="8 or 16 bits"):
        framed(np.zeros((4, 4, 3)), (4, 4))
