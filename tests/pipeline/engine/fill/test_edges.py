"""Marks grow over rims and shadows, and not over what is whole beside them."""

import cv2
import numpy as np
import pytest

from pipeline.engine.fill.edges import MOST, grown_to_edges


def ground(seed=0, dtype=np.uint8):
    values = 120 + 3 * np.random.default_rng(seed).standard_normal((160, 160))
    return (values * (257 if dtype == np.uint16 else 1)).astype(dtype)


def crease(image, level):
    """3 px light at rows 80..82, 3 px shadow below, softened; the light alone is marked."""
    change = np.zeros(image.shape, np.float32)
    change[80:83], change[83:86] = level, -level
    change = cv2.GaussianBlur(change, (0, 0), 0.7)
    marks = np.zeros(image.shape, np.uint8)
    marks[80:83, 10:150] = 1
    scale = 257 if image.dtype == np.uint16 else 1
    return (image + scale * change).clip(0, 255 * scale).astype(image.dtype), marks


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("level", [35, 90, -90])
def test_a_mark_grows_over_its_shadow_and_stops_there(level, dtype):
    image, marks = crease(ground(dtype=dtype), level)
    grown = grown_to_edges(image, marks)[:, 30:130]
    assert grown[79:87].mean() > 0.97
    assert grown[:76].sum() == 0
    assert grown[90:].sum() == 0


def test_on_whole_ground_a_mark_grows_by_one_pixel():
    marks = np.zeros((160, 160), np.uint8)
    marks[80:83, 10:150] = 1
    grown = grown_to_edges(ground(), marks)
    assert grown[79:84, 12:148].all()
    assert not grown[:77].any()
    assert not grown[86:].any()


def test_an_objects_edge_beside_a_mark_stays():
    image = ground().astype(np.int32)
    image[84:] += 90  # it does not come back to the ground above
    marks = np.zeros((160, 160), np.uint8)
    marks[80:83, 10:150] = 1
    grown = grown_to_edges(image.clip(0, 255).astype(np.uint8), marks)
    assert not grown[86:].any()


def test_a_soft_speck_is_covered_to_its_rim():
    speck = np.zeros((160, 160), np.float32)
    cv2.circle(speck, (80, 80), 6, 90.0, -1)
    speck = cv2.GaussianBlur(speck, (0, 0), 1.5)
    image = (ground() + speck).clip(0, 255).astype(np.uint8)
    grown = grown_to_edges(image, (speck > 60).astype(np.uint8))
    assert grown[speck > 10].mean() > 0.95
    assert not grown[speck < 0.01].any()


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (7, 5)])
def test_any_size_and_any_place(shape):
    image = np.full(shape, 90, np.uint8)
    marks = np.ones(shape, np.uint8)
    assert grown_to_edges(image, marks).all()
    assert not grown_to_edges(image, marks * 0).any()


def test_no_mark_grows_further_than_stated():
    rng = np.random.default_rng(4)
    image = rng.integers(0, 256, (160, 160)).astype(np.uint8)
    marks = (rng.random((160, 160)) < 0.002).astype(np.uint8)
    marks[40:60, 40:90] = 1
    away = cv2.distanceTransform(1 - marks, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    assert away[grown_to_edges(image, marks)].max() <= MOST + 2  # the closing of its rays
