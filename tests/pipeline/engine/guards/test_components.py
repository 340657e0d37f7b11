"""The figures of marks, and that small ones can be left out at once."""

from dataclasses import astuple

import numpy as np
import pytest

from pipeline.engine.guards.components import Component, components
from pipeline.engine.guards.rims import _quantile


def marks(seed=3):
    rng = np.random.default_rng(seed)
    return (rng.random((80, 90)) < 0.12).astype(np.uint8), rng.integers(
        -40, 40, (80, 90), dtype=np.int8
    )


def by_eigenvectors(mark):
    """Length and width along the axes of the pixels' covariance, as numpy finds them."""
    points = np.stack([mark.columns, mark.rows]).astype(float)
    _, axes = np.linalg.eigh(np.cov(points))
    away = points - points.mean(axis=1)[:, None]
    return np.ptp(axes[:, 1] @ away) + 1, np.ptp(axes[:, 0] @ away) + 1


def test_length_and_width_lie_along_the_axes_of_the_covariance():
    checked = 0
    for mark in components(*marks()):
        spread = (
            np.linalg.eigvalsh(np.cov(np.stack([mark.columns, mark.rows])))
            if mark.area > 1
            else [0, 0]
        )
        if spread[1] - spread[0] > 1e-9:  # a round mark has no direction
            assert (mark.shape.length, mark.shape.width) == pytest.approx(by_eigenvectors(mark))
            checked += 1
    assert checked > 50


def test_one_pixel_is_one_long_and_one_wide():
    plane = np.zeros((5, 5), np.uint8)
    plane[2, 3] = 1
    (mark,) = components(plane, plane.astype(np.int8))
    assert (mark.shape.x, mark.shape.y, mark.shape.length, mark.shape.width) == (3, 2, 1, 1)


def test_small_marks_are_left_out_at_once():
    plane, margin = marks()
    wanted = [mark for mark in components(plane, margin) if mark.area >= 4]
    found = list(components(plane, margin, least=4))
    assert [mark.rows.tolist() for mark in found] == [mark.rows.tolist() for mark in wanted]
    assert list(components(plane, margin, least=plane.size)) == []


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_quantiles_are_numpys(share):
    for count in (1, 2, 7, 100):
        values = np.sort(np.random.default_rng(count).random(count))
        assert _quantile(values, share) == pytest.approx(np.quantile(values, share))


def test_marks_measured_at_once_have_the_figures_of_each_alone():
    rng = np.random.default_rng(8)
    plane = rng.random((90, 120)) < 0.35
    margin = rng.integers(-90, 90, plane.shape).astype(np.int8)
    for mark in components(plane, margin):
        alone = Component(mark.rows, mark.columns, mark.margins)
        assert mark.box == alone.box
        assert mark.certainty == pytest.approx(alone.certainty)
        assert astuple(mark.shape)[:4] == pytest.approx(astuple(alone.shape)[:4], abs=1e-6)


def test_components_of_a_part_lie_where_they_are_in_the_picture():
    plane = np.zeros((60, 80), bool)
    plane[20:24, 30:50] = True
    margin = np.full(plane.shape, 7, np.int8)
    (whole,), (part,) = (
        list(components(plane, margin)),
        list(components(plane[10:, 25:], margin, corner=(10, 25))),
    )
    assert part.box == whole.box == (20, 30, 24, 50)
