"""A component is shown whole with its surroundings, and close at its surest pixel."""

import numpy as np
import pytest

from training.imaging.component_views import FIGURES, SIDE, Viewer

LUMA, SURE, MASK = range(3)


def picture(height=300, width=400):
    return np.random.default_rng(0).integers(0, 255, (height, width)).astype(np.uint8)


def marked(rows, columns, shape=(300, 400)):
    margin = np.full(shape, -50, np.int8)
    margin[rows, columns] = 20
    return margin


def block(top, left, height, width):
    rows, columns = np.mgrid[top : top + height, left : left + width]
    return rows.ravel(), columns.ravel()


def test_the_close_view_is_the_picture_itself_round_the_surest_pixel():
    rows, columns = block(140, 180, 10, 30)
    luma, margin = picture(), marked(rows, columns)
    margin[145, 200] = 90
    close = Viewer(luma, margin).views(rows, columns)[1]
    np.testing.assert_array_equal(close[LUMA], luma[145 - 64 : 145 + 64, 200 - 64 : 200 + 64])
    assert (close[MASK] > 0).sum() == 300
    assert close[SURE, 64, 64] == int((90 + 40) * 1.6)
    assert close[SURE, 0, 0] == 0


def test_the_wide_view_holds_all_of_a_long_component():
    rows, columns = block(100, 20, 4, 350)
    wide = Viewer(picture(), marked(rows, columns)).views(rows, columns)[0]
    across = np.flatnonzero(wide[MASK].max(axis=0))
    assert 0.5 * SIDE < len(across) < 0.8 * SIDE
    assert abs(across.mean() - SIDE / 2) < 2


@pytest.mark.parametrize("corner", [(0, 0), (290, 390), (0, 390)])
def test_beyond_the_border_nothing_is_marked_and_levels_go_on(corner):
    rows, columns = block(*corner, 10, 10)
    luma = np.full((300, 400), 77, np.uint8)
    views = Viewer(luma, marked(rows, columns)).views(rows, columns)
    assert views.shape == (2, 3, SIDE, SIDE)
    assert (views[:, LUMA] == 77).all()
    assert (views[1, SURE] > 0).sum() == 100


def test_a_picture_smaller_than_a_view_is_shown():
    rows, columns = block(3, 3, 5, 5)
    luma = picture(20, 30)
    views = Viewer(luma, marked(rows, columns, luma.shape)).views(rows, columns)
    assert (views[1, MASK] > 0).sum() == 25


def test_figures_tell_size_certainty_and_the_damage_elsewhere():
    rows, columns = block(100, 20, 4, 350)
    alone = marked(rows, columns)
    worn = alone.copy()
    worn[::10, ::10] = 30
    few = Viewer(picture(), alone).figures(rows, columns)
    many = Viewer(picture(), worn).figures(rows, columns)
    assert few.shape == (FIGURES,) and np.isfinite(few).all()
    assert few[0] == pytest.approx(np.log(1400))
    assert few[3] == pytest.approx(2.0)
    assert few[6] == 0.0  # its own pixels are no evidence
    assert many[6] > 0.9
