import numpy as np
import pytest

from tests.training.probes.builders import everything, lighter_than, nothing, pictures
from training.probes.cells import Cells, worst
from training.probes.lines import CONTRASTS, KEPT, SIGNS, WIDTHS, drawn_line, run_lines


@pytest.fixture(scope="module")
def plain():
    return pictures()


@pytest.mark.parametrize(("marker", "recall"), [(everything, 1.0), (nothing, 0.0)])
def test_who_marks_all_or_nothing_has_one_or_zero_in_every_cell(marker, recall, plain):
    cells = run_lines(marker, plain, widths=(1.5, 12.0))
    found = cells.recall()
    assert len(found) == len(SIGNS) * 2 * len(CONTRASTS)
    assert set(found.values()) == {recall}


def test_who_sees_light_alone_is_found_out_by_the_worst_cell(plain):
    found = run_lines(lighter_than(165), plain, widths=(6.0,), contrasts=(90,)).recall()
    assert found["light", 6.0, 90] > 0.9
    assert worst(found) == (("dark", 6.0, 90), 0.0)
    assert 0.3 < found["crease", 6.0, 90] < 0.75


def test_a_moved_cut_moves_every_cell(plain):
    cells = run_lines(everything, plain, widths=(6.0,))
    assert set(cells.recall(19.0).values()) == {1.0}
    assert set(cells.recall(21.0).values()) == {0.0}


def test_contrast_counts_after_clipping():
    bright = pictures(20, level=228)
    assert drawn_line(bright[0], 0, "light", 6.0, 90) is None
    assert ("light", 6.0, 90) not in run_lines(everything, bright, widths=(6.0,)).recall()
    line = drawn_line(bright[0], 0, "dark", 6.0, 90)
    change = bright[0][line.core].astype(int) - line.picture[line.core]
    assert np.median(change) == pytest.approx(90, abs=4)
    assert (change >= KEPT * 0.4 * 90).all()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_line_is_as_wide_as_it_says_and_goes_from_edge_to_edge(width, plain):
    for index in range(2):  # one straight, one curved
        core = drawn_line(plain[index], index, "dark", width, 35).core
        across = core.sum(axis=0), core.sum(axis=1)
        crossed = max(across, key=lambda line: (line > 0).mean())
        assert (crossed > 0).mean() > 0.97
        assert width * 0.75 - 0.5 <= np.median(crossed[crossed > 0]) <= width * 1.6 + 0.5


def test_the_same_seed_draws_the_same_line(plain):
    one, two, other = (drawn_line(plain[2], 2, "light", 3.0, 35, seed=s) for s in (0, 0, 1))
    assert (one.picture == two.picture).all()
    assert (one.picture != other.picture).any()


def test_cells_with_fewer_than_twenty_pictures_say_nothing():
    cells = Cells()
    for _ in range(19):
        cells.add(("light", 3.0, 35), np.ones(5))
    assert cells.recall() == {}
    with pytest.raises(ValueError, match="enough"):
        worst(cells.recall())
    cells.add(("light", 3.0, 35), np.ones(5))
    assert cells.recall() == {("light", 3.0, 35): 1.0}
