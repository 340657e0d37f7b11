import numpy as np
import pytest

from config.words.wall import in_words
from evaluation.statistics.voters.agreement import (
    agreement,
    fleiss_kappa,
    krippendorff_alpha,
    self_kappa,
    unit_counts,
)

from . import published


@pytest.mark.parametrize(("level", "expected"), published.KRIPPENDORFF_ANSWER.items())
def test_krippendorffs_example(level, expected):
    counts, values = unit_counts(published.krippendorff_ratings(), level=level)
    assert krippendorff_alpha(counts, values, level) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_agrees_with_evalica(level):
    evalica = pytest.importorskip("evalica")
    pandas = pytest.importorskip("pandas")
    rng = np.random.default_rng(17)
    table = rng.integers(1, 6, (4, 25)).astype(float)
    table[rng.random(table.shape) < 0.2] = np.nan
    ours = [(u, r, v) for (r, u), v in np.ndenumerate(table) if np.isfinite(v)]
    counts, values = unit_counts(ours, level=level)
    theirs = evalica.alpha(pandas.DataFrame(table), distance=level).alpha
    assert krippendorff_alpha(counts, values, level) == pytest.approx(theirs, abs=1e-9)


def test_fleiss_example():
    found = fleiss_kappa(np.array(published.FLEISS, float))
    assert found == pytest.approx(published.FLEISS_KAPPA, abs=5e-4)


def test_fleiss_is_undefined_where_units_differ_in_votes():
    assert fleiss_kappa(np.array([[2.0, 1], [1, 1]])) is None


def test_one_category_is_undefined_not_perfect():
    found = agreement([(u, r, "a") for u in range(5) for r in range(2)], np.random.default_rng(0))
    assert (found.alpha, in_words(found.reason)) == (None, "all values are one category")


def test_no_overlap_is_undefined():
    found = agreement([(u, "x", "ab"[u % 2]) for u in range(5)], np.random.default_rng(0))
    assert (found.alpha, in_words(found.reason)) == (None, "no unit has two values")


def test_a_rater_cannot_rate_a_unit_twice():
    with pytest.raises(ValueError, match="twice"):
        unit_counts([("u", "r", "1"), ("u", "r", "2")])


def test_a_word_is_no_interval():
    with pytest.raises(ValueError, match="not a number"):
        unit_counts([("u", "r", "good"), ("u", "s", "2")], level="interval")


def test_the_interval_holds_alpha():
    found = agreement(published.krippendorff_ratings(), np.random.default_rng(9))
    assert found.interval[0] < found.alpha < found.interval[1]
    assert (found.units, found.values) == (11, 40)


def test_kappa_with_oneself():
    assert self_kappa("abab", "abab") == pytest.approx(1.0)
    assert self_kappa("aabb", "abab") == pytest.approx(0.0)
    assert self_kappa("aaaa", "aaaa") is None
