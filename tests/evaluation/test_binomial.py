"""The binomial questions against scipy.stats, which the site itself does not load."""

import pytest
from scipy.stats import binom, binomtest

from evaluation.statistics.binomial import at_most, p_value_of_a_half, wilson

COUNTS = [(hits, shown) for shown in (1, 2, 5, 10, 31, 400) for hits in {0, 1, shown // 2, shown}]


@pytest.mark.parametrize(("hits", "shown"), COUNTS)
def test_each_answer_is_that_of_scipy(hits, shown):
    whole = binomtest(hits, shown, 0.5)
    assert p_value_of_a_half(hits, shown) == pytest.approx(whole.pvalue, rel=1e-9)
    assert at_most(hits, shown, 0.95) == pytest.approx(binom.cdf(hits, shown, 0.95), rel=1e-9)
    for confidence in (0.95, 0.99):
        theirs = whole.proportion_ci(confidence, method="wilson")
        assert wilson(hits, shown, confidence) == pytest.approx(tuple(theirs), rel=1e-9)


@pytest.mark.parametrize(("hits", "shown"), [(3, 2), (-1, 2)])
def test_what_is_no_count_is_refused(hits, shown):
    for ask in (p_value_of_a_half, wilson, lambda *counts: at_most(*counts, 0.5)):
        with pytest.raises(ValueError, match="is no count"):
            ask(hits, shown)


def test_nothing_tried():
    assert p_value_of_a_half(0, 0) == 1.0
    with pytest.raises(ValueError, match="at least one try"):
        wilson(0, 0)
